;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The one condition of Strata.  The core throws to the key 'strata-error;
;;; 'checked' is the one place where that becomes a condition.
;;; Code:

(define-module (strata errors)
  #:use-module (ice-9 exceptions)
  #:export (&strata-error
            strata-error?
            strata-error-message
            strata-error-hint
            strata-broken-pipe?
            raise-strata-error
            checked))

;; MESSAGE says what was tried, on what, and why it failed; HINT says what may
;; help, or is #f.  Both are translated and printable.
(define-exception-type &strata-error &error
  make-strata-error strata-error?
  (hint strata-error-hint))

;; The reader of standard output ended.
(define-exception-type &strata-broken-pipe &strata-error
  make-strata-broken-pipe strata-broken-pipe?)

(define (strata-error-message condition)
  "Return the message of CONDITION, a &strata-error."
  (exception-message condition))

(define (raise-with-message condition message)
  "Raise CONDITION with MESSAGE."
  (raise-exception
   (make-exception condition (make-exception-with-message message))))

(define* (raise-strata-error message #:optional hint)
  "Raise a &strata-error with MESSAGE and HINT, which is #f or a string."
  (raise-with-message (make-strata-error hint) message))

(define (checked primitive . arguments)
  "Call PRIMITIVE, a procedure of (strata primitives), with ARGUMENTS; its
errors are raised as &strata-error."
  (catch 'strata-error
    (lambda ()
      (apply primitive arguments))
    (lambda (key message hint broken-pipe?)
      (raise-with-message (if broken-pipe?
                              (make-strata-broken-pipe hint)
                              (make-strata-error hint))
                          message))))
