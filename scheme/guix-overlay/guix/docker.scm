;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Stands in for Guix's module of this name where the folder of this overlay
;;; comes first in the load path.
;;; Code:

(define-module (guix docker)
  #:use-module (strata docker)
  #:re-export (build-docker-image
               %docker-image-max-layers))
