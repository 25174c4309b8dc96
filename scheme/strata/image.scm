;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Images: what is in an archive file or an OCI layout directory.
;;; Code:

(define-module (strata image)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata image-update)
  #:use-module (strata primitives)
  #:export (inspect-images
            fields->image

            image?
            image-file
            image-manifest-digest
            image-layers
            image-tags
            image-architecture
            image-created
            image-config
            image-activities
            image-cache-found
            image-cache-missed
            image-update

            layer?
            layer-digest
            layer-diff-id
            layer-size
            layer-plain-size
            layer-media-type
            layer-items
            layer-comment))

(define-immutable-record-type <image>
  (make-image file manifest-digest layers tags architecture created config
              activities cache-found cache-missed update)
  image?
  (file            image-file)          ;archive, folder, or "-"
  (manifest-digest image-manifest-digest)  ;"sha256:<hex>"
  (layers          image-layers)        ;the lowest first
  (tags            image-tags)          ;"hello:latest"
  ;; What follows is known of images that were read, else #f.
  (architecture    image-architecture)  ;"amd64", "arm/v7"
  (created         image-created)       ;RFC 3339
  (config          image-config)        ;JSON document
  ;; And this of images that were made with #:measured? true.
  (activities      image-activities)    ;list of (NAME BYTES SECONDS)
  (cache-found     image-cache-found)   ;number of items
  (cache-missed    image-cache-missed)
  ;; And this of images that were made to replace another.
  (update          image-update))       ;as of (strata image-update)

(define-immutable-record-type <layer>
  (make-layer digest diff-id size plain-size media-type items comment)
  layer?
  (digest     layer-digest)             ;of the blob, "sha256:<hex>"
  (diff-id    layer-diff-id)            ;of the plain tar, "sha256:<hex>"
  (size       layer-size)               ;of the blob, bytes
  (plain-size layer-plain-size)         ;of the plain tar, bytes
  (media-type layer-media-type)
  (items      layer-items)              ;paths, '() for the root layer
  (comment    layer-comment))           ;string, for people

(define (fields->layer fields)
  "Return the layer that FIELDS, an alist of the core, describes."
  (make-layer (assq-ref fields 'digest)
              (assq-ref fields 'diff-id)
              (assq-ref fields 'size)
              (assq-ref fields 'plain-size)
              (assq-ref fields 'media-type)
              (assq-ref fields 'items)
              (assq-ref fields 'comment)))

(define (fields->image fields)
  "Return the image that FIELDS, an alist of the core, describes."
  (make-image (assq-ref fields 'output)
              (assq-ref fields 'manifest-digest)
              (map fields->layer (assq-ref fields 'layers))
              (assq-ref fields 'tags)
              (assq-ref fields 'architecture)
              (assq-ref fields 'created)
              (assq-ref fields 'config)
              (assq-ref fields 'activities)
              (assq-ref fields 'cache-found)
              (assq-ref fields 'cache-missed)
              (fields->image-update (assq-ref fields 'update))))

(define* (inspect-images file #:key progress)
  "Return the list of the images in FILE, an archive or an OCI layout directory,
after the digest of everything in it was verified.  PROGRESS is as for
'make-request'."
  (map fields->image (checked %inspect file progress)))
