;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What 'strata pack' does, for scripts:
;;;
;;;   (use-modules (strata store) (strata pack))
;;;   (pack (open-store #:root "demo-store") '("hello")
;;;         #:tags '("hello:1") #:max-layers 5 #:output "hello.tar")
;;; Code:

(define-module (strata pack)
  #:use-module (strata errors)
  #:use-module (strata image)
  #:use-module (strata primitives)
  #:use-module (strata request)
  #:export (pack
            pack-request))

(define (pack-request request)
  "Write the image that REQUEST asks for and return it."
  (let* ((fields (request-fields request))
         (result (checked %pack fields (request-progress request))))
    (fields->image (cons (assq 'tags fields) result))))

(define (pack store items . options)
  "Write an image of ITEMS of STORE and return it.  OPTIONS are keywords and
values as 'make-request' takes them; without #:output the file is called after
the items and lies in the current folder."
  (pack-request (apply make-request store items options)))
