;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The raw procedures of the core, defined by src/guile.  They are private to
;;; Strata's own modules, which call them through 'checked'.
;;; Code:

(define-module (strata primitives)
  #:use-module (strata config)
  #:export (%store-open
            %store-open-graphs
            %store-of-paths
            %store-directory
            %store-root
            %store-items
            %store-item
            %store-closure
            %store-referrers
            %store-resolve
            %store-add
            %store-verify
            %write-store-database
            %make-profile
            %tree-path
            %path-kind
            %resolve-path
            %path-entries
            %plan-input?
            %read-text-file
            %plan
            %pack
            %report-plan
            %compare-images
            %check-output-files
            %check-store-kept
            %write-text-files
            %stream
            %inspect
            %cache-info
            %cache-verify
            %cache-prune
            %image-reference-normalize))

(load-extension %extension "scm_init_strata")
