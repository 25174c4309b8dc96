;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The options of commands that report: as text or JSON, in pictures and pages.
;;; Code:

(define-module (strata report-options)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata errors)
  #:use-module (strata json)
  #:use-module (strata markup)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata output-files)
  #:use-module (strata text)
  #:export (%report-options
            show-report-options-help
            check-report-files
            show-report))

(define %formats '("text" "json"))

(define (check-report-format name)
  "Return NAME if it is a format of reports; else raise an error."
  (unless (member name %formats)
    (raise-strata-error (format #f (G_ "unknown format '~a'")
                                (printable name))
                        (known-are %formats)))
  name)

(define %report-options
  (list (value-option '("format") 'format check-report-format)
        (file-option '("svg") 'svg)
        (file-option '("html") 'html)))

(define (show-report-options-help)
  (display (G_ "
      --format=FORMAT    write 'text' (the default) or 'json'"))
  (display (G_ "
      --svg=FILE         write a picture to FILE as well; '-': to standard
                         output, and nothing else"))
  (display (G_ "
      --html=FILE        write a page with picture, search and tables to FILE
                         as well, or '-'")))

(define (report-files options)
  "Return the files that OPTIONS name for a report, as for
'check-output-files'."
  `((,(G_ "picture") . ,(option-value options 'svg))
    (,(G_ "page") . ,(option-value options 'html))))

(define* (check-report-files options inputs #:key plan-file store)
  "Raise an error if OPTIONS name one file for two things, or one of INPUTS, a
list of files, or a part of STORE, unless that is #f, or if a file cannot be
written.  PLAN-FILE is #f or a file that is written too, which may replace
another plan.  To be called before the work."
  (define files
    `((,(G_ "plan") . ,plan-file)
      ,@(report-files options)))

  (when store
    (check-store-kept files store))
  (check-output-files (report-files options) inputs)
  (check-output-files files '()))

(define (markup->string tree)
  "Return TREE, as 'display-markup' takes it, as text."
  (call-with-output-string
    (lambda (port)
      (display-markup tree port))))

(define* (show-report options #:key text json picture page (plan (const #f)))
  "Show a report as OPTIONS, those of the command line, ask for.  TEXT displays
it; JSON, PICTURE and PAGE return it as such, and PLAN the text of the plan that
is saved.  All is written, or nothing."
  (define files
    (filter-map (match-lambda
                  ((key . text)
                   (and=> (option-value options key)
                          (lambda (file)
                            (cons file (text))))))
                `((svg . ,(lambda () (markup->string (picture))))
                  (html . ,(lambda () (markup->string (page))))
                  (plan-file . ,plan))))

  (define (standard-output)
    (match (option-value options 'format "text")
      ("text" (with-output-to-string text))
      ("json" (call-with-output-string
                (lambda (port)
                  (display-json (json) port))))))

  ;; What goes to standard output goes there alone.
  (write-output-files (if (assoc "-" files)
                          files
                          `(,@files ("-" . ,(standard-output))))))
