;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata diff'.
;;; Code:

(define-module (strata scripts diff)
  #:use-module (ice-9 match)
  #:use-module (strata difference)
  #:use-module (strata difference-pictures)
  #:use-module (strata difference-text)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata progress)
  #:use-module (strata report-options)
  #:use-module (strata text)
  #:export (strata-diff))

(define (show-help)
  (display (G_ "Usage: strata diff [OPTION]... A B
Show what A and B have in common, what who has A pulls of B, and which items
changed.  A and B are images, archive files or OCI layout directories, or files
of saved plans.\n"))
  (show-report-options-help)
  (newline)
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %options
  (cons (help-option show-help) %report-options))

(define (strata-diff arguments)
  "Do what the command line ARGUMENTS, those of 'strata diff', say."
  (let ((options (parse-options arguments %options)))
    (match (option-operands options)
      ((before after)
       (check-report-files options (list before after))
       (let ((difference (call-with-progress 1
                           (lambda (progress)
                             (compare-images before after
                                             #:progress progress)))))
         (show-report options
                      #:text (lambda () (display-difference difference))
                      #:json (lambda () (difference->json difference))
                      #:picture (lambda () (difference-picture difference))
                      #:page (lambda () (difference-page difference)))))
      ((or () (_))
       (usage-error (G_ "two images are needed")))
      ((_ _ extra . _)
       (refuse-operand extra)))))
