;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Messages on standard error, in the form of the GNU Coding Standards,
;;; "Formatting Error Messages".
;;; Code:

(define-module (strata messages)
  #:use-module (strata text)
  #:export (show-error
            show-warning
            show-note
            usage-error))

(define (display-line text)
  "Write TEXT as a line of its own to standard error."
  (display (string-append text "\n") (current-error-port)))

(define (show-note text)
  "Show TEXT, something the user should know."
  (display-line (string-append "strata: " text)))

(define* (show-error message #:optional hint)
  "Show the error MESSAGE and HINT, which is #f or says what may help."
  (show-note (string-append (G_ "error: ") message))
  (when hint
    (display-line (string-append (G_ "hint: ") hint))))

(define (show-warning message)
  "Show the warning MESSAGE."
  (show-note (string-append (G_ "warning: ") message)))

(define* (usage-error message #:optional hint)
  "Stop because the command line cannot be understood; 'main' shows MESSAGE and
HINT."
  (throw 'strata-usage message hint))
