;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

(use-modules (strata store) (strata plan) (strata image) (strata pack))

(define store (open-store #:root "demo-store"))
(define options '(#:tags ("demo:1") #:symlinks (("/bin" . "bin"))
                  #:entry-point "bin/hello" #:max-layers 5))

(for-each (lambda (group)
            (format #t "~a: ~a bytes~%"
                    (group-comment group) (group-size group)))
          (plan-groups (apply plan-image store '("bash" "hello") options)))
(let ((image (apply pack store '("bash" "hello") #:output "demo.tar" options)))
  (format #t "~a~%" (image-manifest-digest image)))
