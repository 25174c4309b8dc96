;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; A service that fails when a container starts it for the first time, and runs
;;; when it is started again.  It counts its starts in a file.
;;; Code:

(define file "/run/fickle.starts")

(define starts
  (if (file-exists? file)
      (+ 1 (call-with-input-file file read))
      1))

(call-with-output-file file
  (lambda (port)
    (write starts port)
    (newline port)))

(when (= starts 1)
  (display "fickle: not this time\n" (current-error-port))
  (primitive-exit 1))

(let loop ()
  (sleep 3600)
  (loop))
