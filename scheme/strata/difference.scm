;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What two images have in common, and what who has one of them pulls of the
;;; other.
;;; Code:

(define-module (strata difference)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata plan)
  #:use-module (strata primitives)
  #:export (compare-images

            difference?
            difference-before
            difference-after
            difference-common-size
            difference-pulled-size
            difference-least-size
            difference-changes
            difference-common-blob-size
            difference-pulled-blob-size

            compared-image?
            compared-image-file
            compared-image-image?
            compared-image-layers

            compared-layer?
            compared-layer-number
            compared-layer-items
            compared-layer-size
            compared-layer-diff-id
            compared-layer-blob-size
            compared-layer-in-both?
            compared-layer-same-blob?

            item-change?
            item-change-before
            item-change-after))

(define-immutable-record-type <difference>
  (make-difference before after common-size pulled-size least-size changes
                   common-blob-size pulled-blob-size)
  difference?
  (before      difference-before)       ;<compared-image>
  (after       difference-after)        ;<compared-image>
  ;; Bytes of items of AFTER, uncompressed.
  (common-size difference-common-size)  ;in layers that both have
  (pulled-size difference-pulled-size)  ;in its other layers
  (least-size  difference-least-size)   ;of items that BEFORE has not
  (changes     difference-changes)      ;list of <item-change>s
  ;; Bytes of layers of AFTER as shipped; #f unless both are images.
  (common-blob-size difference-common-blob-size)
  (pulled-blob-size difference-pulled-blob-size))

(define-immutable-record-type <compared-image>
  (make-compared-image file image? layers)
  compared-image?
  (file   compared-image-file)
  (image? compared-image-image?)        ;#f for a plan
  (layers compared-image-layers))       ;<compared-layer>s, the lowest first

(define-immutable-record-type <compared-layer>
  (make-compared-layer number items size diff-id blob-size in-both? same-blob?)
  compared-layer?
  (number    compared-layer-number)     ;from 1
  (items     compared-layer-items)      ;<sized-item>s, '() for a root layer
  (size      compared-layer-size)       ;bytes, uncompressed
  (diff-id   compared-layer-diff-id)    ;"sha256:<hex>" | #f for a plan
  (blob-size compared-layer-blob-size)  ;bytes as shipped | #f for a plan
  (in-both?  compared-layer-in-both?)   ;plain
  (same-blob? compared-layer-same-blob?)) ;as shipped

(define-immutable-record-type <item-change>
  (make-item-change before after)
  item-change?
  (before item-change-before)           ;path | #f for an item that is new
  (after  item-change-after))           ;path | #f for an item that is gone

(define (fields->compared-layer fields number)
  "Return the layer NUMBER that FIELDS describe."
  (make-compared-layer number
                       (fields->sized-items (assq-ref fields 'items))
                       (assq-ref fields 'size)
                       (assq-ref fields 'diff-id)
                       (assq-ref fields 'blob-size)
                       (assq-ref fields 'in-both)
                       (assq-ref fields 'same-blob)))

(define (fields->compared-image fields)
  "Return the image that FIELDS describe."
  (let ((layers (assq-ref fields 'layers)))
    (make-compared-image (assq-ref fields 'file)
                         (assq-ref fields 'image)
                         (map fields->compared-layer
                              layers (iota (length layers) 1)))))

(define* (compare-images before after #:key progress)
  "Return how the image or plan in the file or folder AFTER differs from that in
BEFORE.  PROGRESS is #f or a procedure that takes stage, bytes done, bytes in
total, and new warnings."
  (let ((fields (checked %compare-images before after progress)))
    (make-difference (fields->compared-image (assq-ref fields 'before))
                     (fields->compared-image (assq-ref fields 'after))
                     (assq-ref fields 'common-size)
                     (assq-ref fields 'pulled-size)
                     (assq-ref fields 'least-size)
                     (map (match-lambda
                            ((before . after)
                             (make-item-change before after)))
                          (assq-ref fields 'changes))
                     (assq-ref fields 'common-blob-size)
                     (assq-ref fields 'pulled-blob-size))))
