;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Command lines: options before, between and after operands; '--' ends them.
;;; Code:

(define-module (strata options)
  #:use-module (ice-9 exceptions)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-37)
  #:use-module (strata errors)
  #:use-module (strata messages)
  #:use-module (strata text)
  #:export (flag-option
            value-option
            file-option
            help-option
            refused-option
            parse-options
            option-value
            option-values
            option-arguments
            option-operands
            refuse-operand
            run-action
            string->whole-number
            string->size
            nearest
            nearest-hint))

(define (option-text name)
  "Return the option NAME as users write it."
  (printable (if (char? name)
                 (string #\- name)
                 (string-append "--" name))))

(define (flag-option names key)
  "Return an option without a value; where it is given, KEY is #t."
  (option names #f #f
          (lambda (option name value result)
            (acons key #t result))))

(define (parse-value name parse text)
  "Return TEXT, the value of the option NAME, as PARSE understands it."
  (guard (condition ((strata-error? condition)
                     (usage-error
                      (string-append (option-text name) ": "
                                     (strata-error-message condition))
                      (strata-error-hint condition))))
    (parse text)))

(define* (value-option names key #:optional (parse identity))
  "Return an option with a value, which is parsed by PARSE and kept under KEY."
  ;; To SRFI-37 the value is optional, so that its lack is reported here.
  (option names #f #t
          (lambda (option name value result)
            (unless value
              (usage-error (format #f (G_ "option '~a' needs a value")
                                   (option-text name))))
            (acons key (parse-value name parse value) result))))

(define (check-file-name text)
  "Return TEXT; raise an error if it can name no file."
  (when (string-null? text)
    (raise-strata-error (G_ "'' is the name of no file")))
  text)

(define (file-option names key)
  "Return an option whose value, kept under KEY, names a file or folder.  One
that is empty, as an unset variable of a shell leaves it, is refused: for many
options it would mean that they were not given."
  (value-option names key check-file-name))

(define (help-option show-help)
  "Return the option that calls SHOW-HELP and ends the program."
  (option '(#\h "help") #f #f
          (lambda _
            (show-help)
            (exit 0))))

(define (refused-option names hint)
  "Return an option of Guix that Strata cannot do, and will not: HINT says what
to do."
  (option names #f #t
          (lambda (option name . _)
            (usage-error (format #f (G_ "option '~a' needs Guix")
                                 (option-text name))
                         hint))))


;;; Names that are nearly right.

(define (edit-distance from to)
  "Return how many characters must be put in, left out or changed to make the
string TO of FROM (Levenshtein's distance, one row of the table at a time)."
  (define (next-row character row)
    (let loop ((left   (+ 1 (car row)))
               (row    row)
               (others (string->list to))
               (result '()))
      (match others
        (()
         (reverse (cons left result)))
        ((other . others)
         (loop (min (+ 1 left)
                    (+ 1 (cadr row))
                    (+ (car row) (if (char=? character other) 0 1)))
               (cdr row)
               others
               (cons left result))))))

  (last (fold next-row
              (iota (+ 1 (string-length to)))
              (string->list from))))

;; The work grows with the length of what the user wrote.
(define longest-name 40)

(define (nearest name names)
  "Return the one of NAMES that is most like NAME, or #f if none is."
  (define (better candidate best)
    (let ((distance (edit-distance name candidate)))
      (if (< distance (car best))
          (cons distance candidate)
          best)))

  (define limit
    (min 3 (quotient (string-length name) 2)))

  (and (< (string-length name) longest-name)
       (match (fold better (cons (+ 1 limit) #f) names)
         ((_ . candidate) candidate))))

(define (nearest-hint name names)
  "Return a hint to the one of NAMES that is most like NAME, or #f."
  (and=> (nearest name names)
         (lambda (candidate)
           (format #f (G_ "did you mean '~a'?") candidate))))


;;; Parsing.

(define (long-names options)
  "Return the long names of OPTIONS."
  (filter string? (append-map option-names options)))

(define (takes-value? name options)
  "Return true if the long option NAME is one of OPTIONS and has a value, #f if
it has none or is unknown."
  (any (lambda (option)
         (and (member name (option-names option))
              (option-optional-arg? option)))
       options))

(define (attach-values arguments options)
  "Return ARGUMENTS with '--NAME VALUE' written as '--NAME=VALUE', the one form
that SRFI-37 knows.  Refuse values for OPTIONS that have none."
  (match arguments
    (() '())
    (("--" . _) arguments)
    ((argument . rest)
     (let* ((equals (string-index argument #\=))
            (long?  (string-prefix? "--" argument))
            (name   (and long? (substring argument 2 (or equals
                                                         (string-length
                                                          argument))))))
       (cond ((and long? equals
                   (not (takes-value? name options))
                   (member name (long-names options)))
              (usage-error (format #f (G_ "option '~a' has no value")
                                   (option-text name))))
             ((and long? (not equals) (pair? rest)
                   (takes-value? name options))
              (cons (string-append argument "=" (car rest))
                    (attach-values (cdr rest) options)))
             (else
              (cons argument (attach-values rest options))))))))

(define (parse-options arguments options)
  "Return what OPTIONS make of ARGUMENTS, a list of strings, for 'option-value'
and its like."
  (define (unknown-option option name value result)
    (let ((name (if (string? name)
                    (first (string-split name #\=))
                    name)))
      (usage-error (format #f (G_ "unknown option '~a'") (option-text name))
                   (and (string? name)
                        (nearest-hint (string-append "--" name)
                                      (map (lambda (name)
                                             (string-append "--" name))
                                           (long-names options)))))))

  (reverse (args-fold (attach-values arguments options)
                      options
                      unknown-option
                      (lambda (operand result)
                        (acons 'operand operand result))
                      '())))

(define (option-values result key)
  "Return the values of KEY in RESULT, in the order in which they were given."
  (filter-map (match-lambda
                ((name . value)
                 (and (eq? name key) value)))
              result))

(define* (option-value result key #:optional default)
  "Return the value of KEY in RESULT that was given last, or DEFAULT."
  (match (option-values result key)
    (() default)
    (values (last values))))

(define (option-operands result)
  "Return the operands in RESULT."
  (option-values result 'operand))

(define (refuse-operand operand)
  "Stop because OPERAND is one too many."
  (usage-error (format #f (G_ "extra operand '~a'") (printable operand))))

(define (option-arguments result keys)
  "Return the values of those of KEYS that are in RESULT, as keyword arguments
of the same names."
  (append-map (lambda (key)
                (match (option-values result key)
                  (() '())
                  (values (list (symbol->keyword key) (last values)))))
              keys))

(define (string->whole-number least most)
  "Return a procedure that turns a string into a number from LEAST to MOST."
  (lambda (text)
    (let ((number (and (string-every (string->char-set "0123456789") text)
                       (string->number text 10))))
      (unless (and number (<= least number most))
        (raise-strata-error
         (format #f (G_ "'~a' is not a whole number from ~a to ~a")
                 (printable text) least most)))
      number)))

;; As Guix writes them.
(define %size-units
  `(("" . 1)
    ("K" . ,(expt 2 10)) ("KiB" . ,(expt 2 10)) ("kB" . ,(expt 10 3))
    ("M" . ,(expt 2 20)) ("MiB" . ,(expt 2 20)) ("MB" . ,(expt 10 6))
    ("G" . ,(expt 2 30)) ("GiB" . ,(expt 2 30)) ("GB" . ,(expt 10 9))
    ("T" . ,(expt 2 40)) ("TiB" . ,(expt 2 40)) ("TB" . ,(expt 10 12))))

(define (string->size most)
  "Return a procedure that turns a string such as \"500M\" or \"1.5GiB\" into a
number of bytes, MOST at most."
  (lambda (text)
    (let* ((end    (or (string-skip text (string->char-set "0123456789."))
                       (string-length text)))
           (number (string->number (string-append "#e" (substring text 0 end))
                                   10))
           (unit   (assoc-ref %size-units (substring text end)))
           (bytes  (and number unit (round (* number unit)))))
      (unless (and bytes (<= bytes most))
        (raise-strata-error
         (format #f (G_ "'~a' is not a size such as 500M or 1.5GiB")
                 (printable text))))
      bytes)))


;;; Actions.

(define (run-action arguments actions show-help)
  "Call the one of ACTIONS, an alist of names and procedures, that the first of
ARGUMENTS names, with the rest of them.  SHOW-HELP is for who asks."
  (match arguments
    (()
     (usage-error (G_ "missing action") (known-are (map car actions))))
    (((or "-h" "--help") . _)
     (show-help))
    ((name . arguments)
     (match (assoc-ref actions name)
       (#f
        (usage-error (format #f (G_ "unknown action '~a'") (printable name))
                     (known-are (map car actions))))
       (action
        (action arguments))))))
