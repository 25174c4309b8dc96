;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata stream'.
;;; Code:

(define-module (strata scripts stream)
  #:use-module (ice-9 match)
  #:use-module (strata errors)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata primitives)
  #:use-module (strata progress)
  #:use-module (strata store-options)
  #:use-module (strata text)
  #:export (strata-stream))

(define (show-help)
  (display (G_ "Usage: strata stream [OPTION]... CONF.json
Write the Docker archive that the JSON document CONF.json describes to standard
output.  The document is one for Nix's program stream_layered_image.\n"))
  (display (G_ "
      --store-root=DIR   the store lies below DIR, such as DIR/gnu/store"))
  (show-jobs-help)
  (display (G_ "
  -v, --verbosity=LEVEL  0: show errors only; 1: warnings and progress too (the
                         default)"))
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %options
  (list (file-option '("store-root") 'store-root)
        jobs-option
        verbosity-option
        (help-option show-help)))

(define (strata-stream arguments)
  "Do what the command line ARGUMENTS, those of 'strata stream', say."
  (let ((options (parse-options arguments %options)))
    (match (option-operands options)
      ((file)
       (call-with-progress (option-value options 'verbosity 1)
         (lambda (progress)
           (checked %stream file (option-value options 'store-root)
                    (option-value options 'jobs 0) progress))))
      (()
       (usage-error (G_ "missing document")))
      ((_ extra . _)
       (refuse-operand extra)))))
