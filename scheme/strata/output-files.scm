;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Pictures and pages as files, which appear whole or not at all, each in a file
;;; of its own.
;;; Code:

(define-module (strata output-files)
  #:use-module (strata errors)
  #:use-module (strata markup)
  #:use-module (strata primitives)
  #:export (check-output-files
            write-markup-file))

(define (check-output-files files inputs)
  "Raise an error if two of FILES are the same, if one of them is one of INPUTS,
names of files, or if one cannot be written.  FILES are pairs: what a file is
for, as text, and its name, or #f where it is not written."
  (checked %check-output-files (filter cdr files) inputs))

(define (write-markup-file file tree)
  "Write TREE, as 'display-markup' takes it, to FILE."
  (checked %write-text-file file
           (call-with-output-string
             (lambda (port)
               (display-markup tree port)))))
