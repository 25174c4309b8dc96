;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata store'.
;;; Code:

(define-module (strata scripts store)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata progress)
  #:use-module (strata store)
  #:use-module (strata store-options)
  #:use-module (strata text)
  #:export (strata-store))

(define (show-help)
  (display (G_ "Usage: strata store query QUESTION [OPTION]... ITEM...
  or:  strata store add --store-root=DIR [OPTION]... NAME FILE
  or:  strata store verify [OPTION]...
Query a store, add an item to it, or verify its items.\n"))
  (display (G_ "
'query' answers QUESTION about ITEMs, which are paths in the store, symlinks to
such, or names of items, such as 'hello' or 'hello@2.10':\n"))
  (display (G_ "
  references             the items that ITEMs refer to"))
  (display (G_ "
  referrers              the items that refer to ITEMs"))
  (display (G_ "
  requisites             the closure of ITEMs, references first"))
  (display (G_ "
  size                   the sizes of the closure of ITEMs, in MiB\n"))
  (display (G_ "
'add' copies FILE, a file or folder, into the store below DIR as an item called
NAME, finds its references, registers it, and prints its path.\n"))
  (display (G_ "
'verify' computes the hash of every item anew and tells what is wrong.\n"))
  (show-store-options-help)
  (newline)
  (display (G_ "
Only for 'query':"))
  (show-reference-graph-help)
  (display (G_ "
  -b, --bytes            show sizes in bytes\n"))
  (display (G_ "
Only for 'verify':"))
  (show-jobs-help)
  (newline)
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %common-options
  (cons (help-option show-help) %store-options))

(define %query-options
  (cons* reference-graph-option
         (flag-option '(#\b "bytes") 'bytes)
         %common-options))

(define %verify-options
  (cons jobs-option %common-options))

(define (display-lines lines)
  "Write LINES to standard output."
  (for-each (lambda (line)
              (display line)
              (newline))
            lines))


;;; Queries.

(define (sorted-union lists)
  "Return the strings in LISTS, each once, bytewise sorted."
  (fold-right (lambda (path result)
                (if (and (pair? result) (string=? path (car result)))
                    result
                    (cons path result)))
              '()
              (sort (concatenate lists) string<?)))

(define (display-references store paths options)
  "Write what the items PATHS of STORE refer to."
  (display-lines
   (sorted-union (map (lambda (path)
                        (store-item-references (store-item store path)))
                      paths))))

(define (display-referrers store paths options)
  "Write what refers to the items PATHS of STORE."
  (display-lines
   (sorted-union (map (lambda (path)
                        (store-referrers store path))
                      paths))))

(define (display-requisites store paths options)
  "Write the closure of PATHS in STORE."
  (display-lines (store-closure store paths)))

(define (size-row total self share path)
  "Return a line of the table of sizes; all are strings."
  (string-append (string-pad total 14) (string-pad self 14)
                 (string-pad share 8) "  " path))

(define (percent part whole)
  "Return how much of WHOLE is PART, rounded to one digit after the point."
  (if (zero? whole)
      ""
      (string-append
       (tenths->string (quotient (+ (* 1000 part) (quotient whole 2)) whole))
       "%")))

(define (display-sizes store paths options)
  "Write the sizes of the closure of PATHS in STORE: of each item's closure, the
largest first, of the item alone, and its share of all."
  (define bytes?
    (option-value options 'bytes))
  (define show-size
    (if bytes? number->string bytes->mebibytes))

  (let* ((closure (store-closure store paths))
         (sizes   (make-hash-table)))
    (define (size path)
      (hash-ref sizes path))
    (define (sum paths)
      (apply + (map size paths)))

    (for-each (lambda (path)
                (hash-set! sizes path
                           (store-item-nar-size (store-item store path))))
              closure)
    (let ((all    (sum closure))
          (totals (map (lambda (path)
                         (cons (sum (store-closure store (list path))) path))
                       closure)))
      (display-lines
       `(,(size-row (G_ "total") (G_ "self") "" (G_ "item"))
         ,@(map (match-lambda
                  ((total . path)
                   (size-row (show-size total) (show-size (size path))
                             (percent (size path) all) path)))
                (stable-sort totals
                             (lambda (one other)
                               (> (car one) (car other)))))
         ,(string-append (G_ "total: ") (show-size all)
                         (if bytes? "" " MiB")))))))

(define %questions
  `(("references" . ,display-references)
    ("referrers" . ,display-referrers)
    ("requisites" . ,display-requisites)
    ("size" . ,display-sizes)))

(define (query arguments)
  "Do what ARGUMENTS, those of 'strata store query', say."
  (let ((options (parse-options arguments %query-options)))
    (match (option-operands options)
      (()
       (usage-error (G_ "missing question")))
      ((question . items)
       (let ((display-answer (assoc-ref %questions question)))
         (unless display-answer
           (usage-error (format #f (G_ "unknown question '~a'")
                                (printable question))
                        (known-are (map car %questions))))
         (when (null? items)
           (usage-error (G_ "missing item")))
         (let ((store (options->store options)))
           (display-answer store
                           (map (lambda (item)
                                  (resolve-item store item))
                                items)
                           options)))))))


;;; What is done with a store.

(define (add arguments)
  "Do what ARGUMENTS, those of 'strata store add', say."
  (let* ((options (parse-options arguments %common-options))
         (root    (option-value options 'store-root)))
    (match (option-operands options)
      ((name source)
       (unless root
         (usage-error (G_ "option '--store-root' is missing")
                      (G_ "items are added to a store below a folder of your \
own, never to the system's")))
       (display-lines
        (list (call-with-progress 1
                (lambda (progress)
                  (add-to-store name source
                                #:root root
                                #:directory (option-value options 'store)
                                #:database (option-value options 'database)
                                #:progress progress))))))
      ((or () (_))
       (usage-error (G_ "missing name or file")))
      ((_ _ extra . _)
       (refuse-operand extra)))))

(define (verify arguments)
  "Do what ARGUMENTS, those of 'strata store verify', say."
  (let ((options (parse-options arguments %verify-options)))
    (match (option-operands options)
      (()
       (let ((problems (call-with-progress 1
                         (lambda (progress)
                           (verify-store (options->store options)
                                         #:jobs (option-value options 'jobs 0)
                                         #:progress progress)))))
         (for-each (match-lambda
                     ((path . problem)
                      (show-error (string-append path ": " problem))))
                   problems)
         (unless (null? problems)
           (exit 1))))
      ((extra . _)
       (refuse-operand extra)))))

(define %actions
  `(("query" . ,query) ("add" . ,add) ("verify" . ,verify)))

(define (strata-store arguments)
  "Do what the command line ARGUMENTS, those of 'strata store', say."
  (run-action arguments %actions show-help))
