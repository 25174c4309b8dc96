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
  #:use-module (strata store)
  #:export (check-output-files
            check-store-kept
            write-output-files))

(define (check-output-files files inputs)
  "Raise an error if two of FILES are the same, if one of them is one of INPUTS,
names of files, or if one cannot be written.  FILES are pairs: what a file is
for, as text, and its name, or #f where it is not written."
  (checked %check-output-files (filter cdr files) inputs))

(define (check-store-kept files store)
  "Raise an error if one of FILES, as for 'check-output-files', belongs to the
database of STORE or to one of its items."
  (checked %check-store-kept (filter cdr files) (store-handle store)))

(define (write-output-files files)
  "Write FILES, pairs of a name and a text, all of them or none.  The name \"-\",
which comes last, stands for standard output."
  (checked %write-text-files files))
