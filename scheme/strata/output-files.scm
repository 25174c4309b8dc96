;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Pictures and pages as files, which appear whole or not at all.
;;; Code:

(define-module (strata output-files)
  #:use-module (strata errors)
  #:use-module (strata markup)
  #:use-module (strata primitives)
  #:export (write-markup-file))

(define (write-markup-file file tree)
  "Write TREE, as 'display-markup' takes it, to FILE."
  (checked %write-text-file file
           (call-with-output-string
             (lambda (port)
               (display-markup tree port)))))
