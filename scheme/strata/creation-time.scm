;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; When an image says that it was made, in seconds since 1970-01-01T00:00:00Z:
;;; what the user asks for, else SOURCE_DATE_EPOCH, else 1.
;;; Code:

(define-module (strata creation-time)
  #:use-module (ice-9 match)
  #:use-module (ice-9 regex)
  #:use-module (strata errors)
  #:use-module (strata text)
  #:export (string->creation-time
            default-creation-time))

(define latest-time 253402300799)       ;9999-12-31T23:59:59Z, as in RFC 3339

;; RFC 3339 with what may be left out: the time of day, and the seconds.
(define iso-8601
  (string-append "^([0-9]{4})-([0-9]{2})-([0-9]{2})"
                 "([T ]([0-9]{2}):([0-9]{2})(:([0-9]{2})([.][0-9]+)?)?"
                 "(Z|([+-])([0-9]{2}):?([0-9]{2})))?$"))

(define (days-before year month day)
  "Return the number of days from 1970-01-01 to the given date of the Gregorian
calendar.  Years are counted from March on, so that a leap day is their last."
  (let* ((year  (if (< month 3) (- year 1) year))
         (month (modulo (- month 3) 12)))
    (+ (* 365 year)
       (quotient year 4) (- (quotient year 100)) (quotient year 400)
       (quotient (+ (* 153 month) 2) 5)
       day -719469)))

(define (month-length year month)
  "Return the number of days of MONTH in YEAR."
  (if (= month 12)
      31
      (- (days-before year (+ month 1) 1) (days-before year month 1))))

(define (match->seconds found)
  "Return the seconds since 1970 of FOUND, a match of the date pattern, or #f if
there is no such time."
  (define (number group)
    (match (match:substring found group)
      (#f 0)
      (text (string->number text 10))))

  (let ((year (number 1)) (month (number 2)) (day (number 3))
        (hour (number 5)) (minute (number 6)) (second (number 8))
        (zone (* (if (equal? (match:substring found 11) "-") -60 60)
                 (+ (* 60 (number 12)) (number 13)))))
    (and (<= 1 month 12)
         (<= 1 day (month-length year month))
         (< hour 24) (< minute 60) (< second 60)
         (< (number 12) 24) (< (number 13) 60)
         (- (+ (* 86400 (days-before year month day))
               (* 3600 hour) (* 60 minute) second)
            zone))))

(define (string->seconds text)
  "Return the seconds since 1970 that TEXT, a number or an ISO 8601 time, stands
for, or #f."
  (let ((seconds (if (string-match "^[0-9]+$" text)
                     (string->number text 10)
                     (and=> (string-match iso-8601 text) match->seconds))))
    (and seconds
         (<= 0 seconds latest-time)
         seconds)))

(define (string->creation-time text)
  "Return the seconds since 1970 that TEXT stands for: \"now\", a number of
seconds, or an ISO 8601 time such as \"2026-01-31T12:00:00Z\"."
  (or (if (string=? text "now")
          (current-time)
          (string->seconds text))
      (raise-strata-error
       (format #f (G_ "'~a' is not a creation time") (printable text))
       (G_ "use 'now', seconds since 1970, or a time such as \
'2026-01-31T12:00:00Z'"))))

(define (default-creation-time)
  "Return the creation time of an image for which none was asked for."
  (match (getenv "SOURCE_DATE_EPOCH")
    ((or #f "") 1)
    (text
     (or (and (string-match "^[0-9]+$" text)
              (string->seconds text))
         (raise-strata-error
          (format #f (G_ "SOURCE_DATE_EPOCH: '~a' is not a number of seconds")
                  (printable text)))))))
