;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The words of messages: translation, and printing names that came from
;;; outside.  The counterpart of src/base/text.hh.
;;; Code:

(define-module (strata text)
  #:use-module (rnrs bytevectors)
  #:export (G_
            printable
            printable-bytes
            known-are
            tenths->string
            bytes->mebibytes
            size->string))

(define (G_ text)
  "Return TEXT in the user's language."
  (gettext text "strata"))

(define (control-character? character)
  "Return true if CHARACTER could play with a terminal."
  (let ((code (char->integer character)))
    (or (< code #x20) (<= #x7F code #x9F))))

(define (escape byte)
  "Return BYTE as \\ooo."
  (string-append "\\" (string-pad (number->string byte 8) 3 #\0)))

(define (printable name)
  "Return NAME fit for a message: its control characters become \\ooo."
  (if (string-any control-character? name)
      (string-concatenate
       (map (lambda (character)
              (if (control-character? character)
                  (string-concatenate
                   (map escape
                        (bytevector->u8-list
                         (string->utf8 (string character)))))
                  (string character)))
            (string->list name)))
      name))

(define (printable-bytes bytes)
  "Return BYTES, a bytevector, fit for a message: what is not printable ASCII
becomes \\ooo."
  (string-concatenate
   (map (lambda (byte)
          (if (< #x1F byte #x7F)
              (string (integer->char byte))
              (escape byte)))
        (bytevector->u8-list bytes))))

(define (known-are names)
  "Return a hint that NAMES are what there is."
  (format #f (G_ "known are: ~a") (string-join names ", ")))

(define (tenths->string tenths)
  "Return the number of TENTHS as a decimal number with one digit after the
point."
  (string-append (number->string (quotient tenths 10)) "."
                 (number->string (remainder tenths 10))))

(define (bytes->units bytes unit)
  "Return BYTES in UNITs of so many bytes, rounded to one digit after the point,
as a string."
  (tenths->string (quotient (+ (* 10 bytes) (quotient unit 2)) unit)))

(define (bytes->mebibytes bytes)
  "Return BYTES in MiB with one digit after the point, as a string."
  (bytes->units bytes (expt 2 20)))

(define (size->string bytes)
  "Return BYTES in KiB, MiB or GiB, whichever fits, as a string with its unit."
  (cond ((< bytes (expt 2 20))
         (string-append (bytes->units bytes (expt 2 10)) " KiB"))
        ((< bytes (* 10 (expt 2 30)))
         (string-append (bytes->mebibytes bytes) " MiB"))
        (else
         (string-append (bytes->units bytes (expt 2 30)) " GiB"))))
