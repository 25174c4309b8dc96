;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Search paths: variables such as PATH whose values are folders or files of a
;;; profile.  A manifest has them as Guix writes them, lists
;;;
;;;   (VARIABLE (FILE ...) SEPARATOR TYPE PATTERN)
;;;
;;; SEPARATOR is #f for a variable with just one value; TYPE is 'directory or
;;; 'regular; PATTERN is #f or a regexp for names somewhere below FILE.
;;; Manifests come from outside: what has another form is left out.
;;; Code:

(define-module (strata search-paths)
  #:use-module (ice-9 match)
  #:use-module (ice-9 regex)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:export (fields->search-path
            search-path-variable
            evaluate-search-paths))

(define-immutable-record-type <search-path>
  (make-search-path variable files separator type pattern)
  search-path?
  (variable  search-path-variable)
  (files     search-path-files)         ;relative to the profile
  (separator search-path-separator)     ;string | #f
  (type      search-path-type)          ;'directory | 'regular
  (pattern   search-path-pattern))      ;string | #f

;; Bounds for what a pattern makes us do.
(define longest-pattern 200)            ;characters
(define deepest-search 8)               ;folders
(define most-entries 10000)             ;that are looked at

(define (variable-name? value)
  "Return true if VALUE can be the name of a variable."
  (and (string? value)
       (string-match "^[a-zA-Z_][a-zA-Z0-9_]*$" value)))

(define (relative-file? value)
  "Return true if VALUE is the name of a file in a folder, and below it."
  (and (string? value)
       (not (string-index value #\nul))
       (not (member ".." (string-split value #\/)))))

(define (pattern? value)
  "Return true if VALUE is a regexp that is quickly matched: one without counts
and references to what was matched before."
  (and (string? value)
       (<= (string-length value) longest-pattern)
       (not (string-index value #\{))
       (not (string-match "\\\\[0-9]" value))
       (false-if-exception (make-regexp value))
       #t))

(define (fields->search-path fields)
  "Return the search path that FIELDS, as in a manifest, describe; #f if they are
none."
  (match fields
    (((? variable-name? variable) ((? relative-file? files) ...)
      (and (or #f (? string?)) separator)
      (and (or 'directory 'regular) type)
      (and (or #f (? pattern?)) pattern))
     (make-search-path variable files separator type pattern))
    (_ #f)))

(define (find-below folder pattern type kind entries)
  "Return the names below FOLDER, itself included, that are of TYPE and whose
last component PATTERN matches, sorted.  KIND and ENTRIES are as for
'evaluate-search-paths'."
  (define matching (make-regexp pattern))
  (define left most-entries)

  (let loop ((path folder) (depth 0))
    (let ((found (kind path)))
      (set! left (- left 1))
      (append (if (and (eq? found type)
                       (regexp-exec matching (basename path)))
                  (list path)
                  '())
              (if (and (eq? found 'directory) (< depth deepest-search))
                  (append-map (lambda (name)
                                (if (positive? left)
                                    (loop (string-append path "/" name)
                                          (+ depth 1))
                                    '()))
                              (entries path))
                  '())))))

(define (search-path-values search-path profile kind entries)
  "Return the files of PROFILE that SEARCH-PATH finds."
  (define type (search-path-type search-path))

  (append-map (lambda (file)
                (let ((path (string-append profile "/" file)))
                  (match (search-path-pattern search-path)
                    (#f
                     (if (eq? type (kind path)) (list path) '()))
                    (pattern
                     (find-below path pattern type kind entries)))))
              (search-path-files search-path)))

(define (evaluate-search-paths search-paths profile kind entries)
  "Return the variables that SEARCH-PATHS set for PROFILE, an alist; those that
find nothing are left out, and of two with one name the first counts.  KIND
tells the type of a path, or #f, and ENTRIES the names in a folder."
  (delete-duplicates
   (filter-map (lambda (search-path)
                 (match (search-path-values search-path profile kind entries)
                   (() #f)
                   ((first . rest)
                    (cons (search-path-variable search-path)
                          (match (search-path-separator search-path)
                            (#f first)
                            (separator
                             (string-join (cons first rest) separator)))))))
               search-paths)
   (lambda (one other)
     (string=? (car one) (car other)))))
