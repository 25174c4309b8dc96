;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Plans: which items share a layer of an image.
;;; Code:

(define-module (strata plan)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata image-update)
  #:use-module (strata primitives)
  #:use-module (strata request)
  #:export (plan-image
            plan-request

            plan?
            plan-groups
            plan-update

            group?
            group-items
            group-size
            group-comment))

(define-immutable-record-type <plan>
  (make-plan groups update)
  plan?
  (groups plan-groups)                  ;the lowest layer's first
  (update plan-update))                 ;as of (strata image-update) | #f

(define-immutable-record-type <group>
  (make-group items size comment)
  group?
  (items   group-items)                 ;paths, '() for the root layer
  (size    group-size)                  ;of the plain layer, bytes
  (comment group-comment))              ;string, for people

(define (fields->group fields)
  "Return the group that FIELDS, an alist of the core, describes."
  (make-group (assq-ref fields 'items)
              (assq-ref fields 'plain-size)
              (assq-ref fields 'comment)))

(define (plan-request request)
  "Return the plan of the image that REQUEST asks for.  Nothing is written."
  (let ((result (checked %plan (request-fields request)
                         (request-progress request))))
    (make-plan (map fields->group (assq-ref result 'layers))
               (fields->image-update (assq-ref result 'update)))))

(define (plan-image store items . options)
  "Return the plan of the image that 'pack' would make of STORE, ITEMS and
OPTIONS, keywords and values as 'make-request' takes them.  Nothing is
written."
  (plan-request (apply make-request store items options)))
