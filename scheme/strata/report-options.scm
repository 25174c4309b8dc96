;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The options of commands that report: as text or JSON, in pictures and pages.
;;; Code:

(define-module (strata report-options)
  #:use-module (ice-9 match)
  #:use-module (strata errors)
  #:use-module (strata json)
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
        (value-option '("svg") 'svg)
        (value-option '("html") 'html)))

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

(define* (check-report-files options inputs #:key plan-file)
  "Raise an error if OPTIONS name one file for two things, or one of INPUTS, a
list of files, or if a file cannot be written.  PLAN-FILE is #f or a file that is
written too, which may replace another plan.  To be called before the work."
  (check-output-files (report-files options) inputs)
  (check-output-files `((,(G_ "plan") . ,plan-file)
                        ,@(report-files options))
                      '()))

(define* (show-report options #:key text json picture page)
  "Show a report as OPTIONS, those of the command line, ask for.  TEXT displays
it; JSON, PICTURE and PAGE return it as such."
  (define svg
    (option-value options 'svg))
  (define html
    (option-value options 'html))

  (when svg
    (write-markup-file svg (picture)))
  (when html
    (write-markup-file html (page)))
  ;; What goes to standard output goes there alone.
  (unless (member "-" (list svg html (option-value options 'plan-file)))
    (match (option-value options 'format "text")
      ("text" (text))
      ("json" (display-json (json) (current-output-port))))))
