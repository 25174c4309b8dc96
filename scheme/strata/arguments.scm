;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The arguments of the process as they were given.  Guile decodes them by the
;;; locale and loses what does not fit: in the C locale, every letter that is
;;; not ASCII.
;;; Code:

(define-module (strata arguments)
  #:use-module (ice-9 binary-ports)
  #:use-module (ice-9 match)
  #:use-module (rnrs bytevectors)
  #:use-module (srfi srfi-1)
  #:use-module (strata messages)
  #:use-module (strata text)
  #:export (exact-arguments))

(define (split-at-zeros bytes)
  "Return the list of the bytevectors in BYTES that are followed by a zero."
  (let loop ((rest (bytevector->u8-list bytes)) (result '()))
    (match (list-index zero? rest)
      (#f (reverse result))
      (end (loop (drop rest (+ end 1))
                 (cons (u8-list->bytevector (take rest end)) result))))))

(define (decode-argument bytes)
  "Return the string that BYTES encode in UTF-8."
  (catch 'decoding-error
    (lambda ()
      (utf8->string bytes))
    (lambda _
      (usage-error (format #f (G_ "argument '~a' is not UTF-8")
                           (printable-bytes bytes))))))

(define (exact-arguments arguments)
  "Return ARGUMENTS, the last ones of this process as Guile decoded them,
decoded from UTF-8 in any locale.  Where the system does not tell its bytes,
ARGUMENTS are returned."
  (catch 'system-error
    (lambda ()
      (map decode-argument
           (take-right (split-at-zeros
                        (call-with-input-file "/proc/self/cmdline"
                          get-bytevector-all #:binary #t))
                       (length arguments))))
    (lambda _
      arguments)))
