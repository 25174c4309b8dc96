;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The options of several subcommands: those about a store, --jobs, --verbosity.
;;; Code:

(define-module (strata store-options)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (%store-options
            reference-graph-option
            jobs-option
            verbosity-option
            show-store-options-help
            show-reference-graph-help
            show-jobs-help
            options->store))

(define most-jobs 4096)                 ;that the core takes

(define (show-store-options-help)
  (display (G_ "
      --store-root=DIR   the store lies below DIR, such as DIR/gnu/store"))
  (display (G_ "
      --store=DIR        paths in the store begin with DIR (default /gnu/store,
                         else /nix/store, whichever there is)"))
  (display (G_ "
      --database=FILE    the database of the store is FILE")))

(define (show-reference-graph-help)
  (display (G_ "
      --reference-graph=FILE
                         read items and references from FILE, as the build
                         daemon writes it, in place of the database; may be
                         given several times")))

(define (show-jobs-help)
  (display (G_ "
      --jobs=N           use N threads; 0 (the default): one for each core")))

(define %store-options
  (list (file-option '("store-root") 'store-root)
        (file-option '("store") 'store)
        (file-option '("database") 'database)))

(define reference-graph-option
  (file-option '("reference-graph") 'reference-graph))

(define jobs-option
  (value-option '("jobs") 'jobs (string->whole-number 0 most-jobs)))

(define verbosity-option
  ;; Guix takes any level; from 2 on there is no more to show.
  (value-option '(#\v "verbosity") 'verbosity (string->whole-number 0 99)))

(define (options->store options)
  "Return the store that OPTIONS, as 'parse-options' returns them, ask for."
  (let ((graphs (option-values options 'reference-graph)))
    (when (and (pair? graphs) (option-value options 'database))
      (usage-error
       (G_ "options '--database' and '--reference-graph' exclude each other")))
    (open-store #:root (option-value options 'store-root)
                #:directory (option-value options 'store)
                #:database (option-value options 'database)
                #:reference-graphs graphs)))
