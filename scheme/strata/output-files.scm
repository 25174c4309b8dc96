;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Plans, pictures and pages as files, which appear whole or not at all, each in
;;; a file of its own.
;;; Code:

(define-module (strata output-files)
  #:use-module (strata errors)
  #:use-module (strata primitives)
  #:export (check-output-files
            write-output-files))

(define (check-output-files files inputs)
  "Raise an error if two of FILES are the same, if one of them is one of INPUTS,
names of files, or if one cannot be written.  FILES are pairs: what a file is
for, as text, and its name, or #f where it is not written."
  (checked %check-output-files (filter cdr files) inputs))

(define (write-output-files files)
  "Write FILES, pairs of a name and a text, all of them or none.  The name \"-\",
which comes last, stands for standard output."
  (checked %write-text-files files))
