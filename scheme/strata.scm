;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The whole interface for scripts in one module.
;;; Code:

(define-module (strata))

(for-each (lambda (name)
            (module-use! (module-public-interface (current-module))
                         (resolve-interface name)))
          '((strata cache)
            (strata errors)
            (strata image)
            (strata image-update)
            (strata pack)
            (strata plan)
            (strata store)))
