;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What who has the previous image needs for the new one.
;;; Code:

(define-module (strata image-update)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:export (fields->image-update

            image-update?
            image-update-layers
            image-update-kept-layers
            image-update-sent-size
            image-update-least-size))

;; Sizes are bytes of items, uncompressed: their NAR sizes.
(define-immutable-record-type <image-update>
  (make-image-update layers kept-layers sent-size least-size)
  image-update?
  (layers      image-update-layers)     ;how many hold items
  (kept-layers image-update-kept-layers) ;how many of them the previous one has
  (sent-size   image-update-sent-size)  ;of the others
  (least-size  image-update-least-size)) ;of items that are new

(define (fields->image-update fields)
  "Return the update that FIELDS, an alist of the core, describe; #f where FIELDS
are #f because there is no previous image."
  (and fields
       (make-image-update (assq-ref fields 'layers)
                          (assq-ref fields 'kept)
                          (assq-ref fields 'sent)
                          (assq-ref fields 'least))))
