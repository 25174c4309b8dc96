;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata inspect'.
;;; Code:

(define-module (strata scripts inspect)
  #:use-module (ice-9 match)
  #:use-module (strata errors)
  #:use-module (strata image)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata progress)
  #:use-module (strata table)
  #:use-module (strata text)
  #:export (strata-inspect))

(define (show-help)
  (display (G_ "Usage: strata inspect [OPTION]... IMAGE
Show the layers of IMAGE, an archive file or an OCI layout directory, after
every digest in it was verified.  If it holds several images, show each.\n"))
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %options
  (list (help-option show-help)))

(define (display-image image)
  "Write what IMAGE is to standard output."
  (for-each (lambda (tag)
              (display-field (G_ "tag") tag))
            (image-tags image))
  (display-field (G_ "architecture") (image-architecture image))
  (display-field (G_ "created") (image-created image))
  (display-field (G_ "manifest") (image-manifest-digest image))
  (newline)
  (display-layers image (current-output-port)))

(define (strata-inspect arguments)
  "Do what the command line ARGUMENTS, those of 'strata inspect', say."
  (match (option-operands (parse-options arguments %options))
    ((file)
     (match (call-with-progress 1
              (lambda (progress)
                (inspect-images file #:progress progress)))
       (()
        (raise-strata-error
         (format #f (G_ "there is no image in '~a'") (printable file))))
       ((first . rest)
        (display-image first)
        (for-each (lambda (image)
                    (newline)
                    (display-image image))
                  rest))))
    (()
     (usage-error (G_ "missing image")))
    ((_ extra . _)
     (refuse-operand extra))))
