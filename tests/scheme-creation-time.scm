;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Creation times: what is understood, and what is refused.
;;; Code:

(use-modules (srfi srfi-64)
             (ice-9 match)
             (strata creation-time)
             (strata errors))

(define (refused? thunk)
  "Return the message of the &strata-error that THUNK raises, #f if none."
  (with-exception-handler
      strata-error-message
    (lambda ()
      (thunk)
      #f)
    #:unwind? #t
    #:unwind-for-type &strata-error))

(test-begin "creation-time")

(for-each
 (match-lambda
   ((text seconds)
    (test-equal text seconds (string->creation-time text))))
 '(("0" 0)
   ("1" 1)
   ("253402300799" 253402300799)
   ("1970-01-01" 0)
   ("1972-02-29" 68169600)
   ("2000-02-29" 951782400)
   ("2000-03-01" 951868800)
   ("2026-01-31T12:00:00Z" 1769860800)
   ("2026-01-31 12:00Z" 1769860800)
   ("2026-01-31T12:00:00.75Z" 1769860800)
   ("2026-01-31T13:00:00+01:00" 1769860800)
   ("2026-01-31T10:30:00-0130" 1769860800)
   ("9999-12-31T23:59:59Z" 253402300799)))

(for-each
 (lambda (text)
   (test-assert (string-append "refused: " text)
     (string-contains (refused? (lambda () (string->creation-time text)))
                      (string-append "'" text "'"))))
 '("" "x" "-1" "1.5" "253402300800" "1000000000000000000000000000000"
   "2026-02-29" "1900-02-29" "2026-00-01" "2026-13-01" "2026-04-31"
   "2026-01-01T24:00:00Z" "2026-01-01T12:60:00Z" "2026-01-01T12:00:60Z"
   "2026-01-01T12:00:00" "2026-01-01T12:00:00+25:00" "1969-12-31"
   "9999-12-31T23:59:59-01:00" "now!"))

(let ((before (current-time))
      (now    (string->creation-time "now"))
      (after  (current-time)))
  (test-assert "now" (<= before now after)))

(setenv "SOURCE_DATE_EPOCH" #f)
(test-equal "default" 1 (default-creation-time))
(setenv "SOURCE_DATE_EPOCH" "86400")
(test-equal "SOURCE_DATE_EPOCH" 86400 (default-creation-time))
(setenv "SOURCE_DATE_EPOCH" "tomorrow")
(test-assert "SOURCE_DATE_EPOCH that is no number"
  (string-contains (refused? default-creation-time)
                   "SOURCE_DATE_EPOCH: 'tomorrow'"))

(test-end "creation-time")
