;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What all commands that make images have in common: options, and writing the
;;; image, or showing its layers.
;;; Code:

(define-module (strata image-options)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-37)
  #:use-module (strata config-options)
  #:use-module (strata creation-time)
  #:use-module (strata image)
  #:use-module (strata options)
  #:use-module (strata pack)
  #:use-module (strata plan)
  #:use-module (strata plan-options)
  #:use-module (strata progress)
  #:use-module (strata request)
  #:use-module (strata store-options)
  #:use-module (strata table)
  #:use-module (strata text)
  #:export (%image-options
            show-output-help
            show-image-options-help
            work-arguments
            make-image-file))

(define (show-output-help)
  (display (G_ "
  -o, --output=FILE      write the image to FILE; '-' is standard output"))
  (display (G_ "
      --image-tag=NAME   call the image NAME, [HOST[:PORT]/]PATH[:TAG]; may be
                         given several times")))

;; #t stands for the usual folder.
(define cache-option
  (file-option '("cache") 'cache))

(define no-cache-option
  (option '("no-cache") #f #f
          (lambda (option name _ result)
            (acons 'cache 'none result))))

(define (work-arguments options)
  "Return what OPTIONS say of how the image is made, not of what it is, as
arguments of a request."
  `(,@(option-arguments options '(jobs timings))
    #:cache ,(match (option-value options 'cache #t)
               ('none #f)
               (cache cache))
    #:measured? ,(<= 2 (option-value options 'verbosity 1))))

(define (show-cache-help)
  (display (G_ "
      --cache=DIR        keep compressed items in DIR for the next image
                         (default: strata below XDG_CACHE_HOME or HOME/.cache)"))
  (display (G_ "
      --no-cache         use no cache")))

(define (show-image-options-help)
  (show-config-options-help)
  (newline)
  (show-plan-options-help)
  (display (G_ "
  -C, --compression=TOOL[:LEVEL]
                         compress each layer by 'gzip' (the default), 'zstd'
                         or 'none', or the whole archive by 'xz', 'bzip2' or
                         'lzip'"))
  (display (G_ "
      --created=TIME     let the image be created at TIME: 'now', seconds
                         since 1970, or an ISO 8601 time"))
  (display (G_ "
  -s, --system=SYSTEM    make an image for SYSTEM, such as 'x86_64-linux'"))
  (newline)
  (show-store-options-help)
  (show-reference-graph-help)
  (newline)
  (show-jobs-help)
  (show-cache-help)
  (display (G_ "
      --timings=FILE     write to FILE what the time was spent on, for the
                         trace viewer of a browser"))
  (display (G_ "
  -n, --dry-run          show the layers, but write nothing"))
  (display (G_ "
  -v, --verbosity=LEVEL  0: show errors only; 1: warnings and progress too (the
                         default); 2: the layers, and what the time was
                         spent on, as well"))
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %image-options
  (append
   (list (file-option '(#\o "output") 'output)
         (value-option '("image-tag") 'tag)
         (value-option '(#\C "compression") 'compression check-compression)
         (value-option '("created") 'created string->creation-time)
         (value-option '(#\s "system") 'system)
         jobs-option
         cache-option
         no-cache-option
         (file-option '("timings") 'timings)
         (flag-option '(#\n "dry-run") 'dry-run)
         verbosity-option)
   %config-options
   %plan-options
   %store-options
   (list reference-graph-option)))

(define (make-image-file options make-request)
  "Make the image that MAKE-REQUEST, a procedure that takes a store and a
progress procedure, asks for; do with it what OPTIONS say."
  (define verbosity
    (option-value options 'verbosity 1))

  (define (call procedure)
    (call-with-progress verbosity
      (lambda (progress)
        (procedure (make-request (options->store options) progress)))))

  (define (show-update update)
    (when (>= verbosity 1)
      (display-image-update update (current-error-port))))

  (cond ((option-value options 'dry-run)
         (let ((plan (call plan-request)))
           (show-update (plan-update plan))
           (display-plan plan (current-output-port))))
        (else
         (let ((image (call pack-request)))
           (show-update (image-update image))
           (when (>= verbosity 2)
             (display-layers image (current-error-port))
             (display-activities image (current-error-port)))
           (unless (string=? (image-file image) "-")
             (display (image-file image))
             (newline))))))
