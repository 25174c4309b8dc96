;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; layers.scm ROOT ITEM   the layers that an image of ITEM in the store below
;;;                        ROOT would have, the root layer aside: a line with
;;;                        the paths of each
;;; layers.scm IMAGE       those that IMAGE has: a line with the plain digest
;;;                        and the plain size of each
;;; Code:

(use-modules (ice-9 match)
             (strata image)
             (strata plan)
             (strata store))

(define (show-groups plan)
  (for-each (lambda (group)
              (unless (null? (group-items group))
                (format #t "~a~%" (string-join (group-items group)))))
            (plan-groups plan)))

(define (show-layers image)
  (for-each (lambda (layer)
              (format #t "~a ~a~%" (layer-diff-id layer)
                      (layer-plain-size layer)))
            (image-layers image)))

(match (command-line)
  ((_ root item)
   (show-groups (plan-image (open-store #:root root) (list item))))
  ((_ file)
   (for-each show-layers (inspect-images file))))
