;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata plan'.
;;; Code:

(define-module (strata scripts plan)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata errors)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata plan)
  #:use-module (strata plan-json)
  #:use-module (strata plan-options)
  #:use-module (strata plan-pictures)
  #:use-module (strata plan-text)
  #:use-module (strata progress)
  #:use-module (strata report-options)
  #:use-module (strata request)
  #:use-module (strata siblings)
  #:use-module (strata store-options)
  #:use-module (strata text)
  #:export (strata-plan))

(define (show-help)
  (display (G_ "Usage: strata plan [OPTION]... ITEM...
  or:  strata plan --fleet=FILE [OPTION]...
Show which items share a layer of the image that 'strata pack' would make of
ITEMs with the same options, why, and what updates would re-send of it.  Items
are not read, and no image is written; the plan is, with '--plan-file'.  All
items of each layer are listed by 'strata pack -n'.\n"))
  (display (G_ "
      --explain=ITEM     show what a change of ITEM re-sends"))
  (display (G_ "
      --curve            show what an image of 1 to 125 layers would re-send"))
  (show-report-options-help)
  (newline)
  (show-plan-options-help)
  (display (G_ "
      --base=IMAGE       build on IMAGE, an archive or an OCI layout
                         directory"))
  (display (G_ "
      --base-name=NAME   take the image NAME of those that IMAGE holds"))
  (newline)
  (show-store-options-help)
  (show-reference-graph-help)
  (newline)
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %options
  (append
   (list (value-option '("explain") 'explain)
         (flag-option '("curve") 'curve?)
         (file-option '("base") 'base)
         (value-option '("base-name") 'base-name)
         reference-graph-option
         (help-option show-help))
   %report-options
   %plan-options
   %store-options))

(define (fleet-alone? options)
  "Return true if OPTIONS ask for the plans of a fleet, not of an image."
  (and (null? (option-operands options))
       (option-value options 'fleet)))

(define (input-files options)
  "Return the files that OPTIONS name for reading.  Siblings may be items."
  (append (filter-map (lambda (key)
                        (option-value options key))
                      '(previous fleet rules base))
          (option-values options 'sibling)
          (option-values options 'reference-graph)))

(define (check-fleet-alone options)
  "Raise an error if OPTIONS ask of a fleet alone what is of one image."
  (for-each (match-lambda
              ((key . name)
               (when (option-value options key)
                 (usage-error (format #f (G_ "option '~a' needs an ITEM")
                                      name)))))
            `((explain . "--explain")
              (plan-file . "--plan-file")
              (previous . "--previous")
              ,@(if (option-value options 'curve?)
                    '()
                    '((svg . "--svg") (html . "--html"))))))

(define (image-items options fleet)
  "Return the items of the image that OPTIONS ask for; of FLEET alone, those of
its first image."
  (if (fleet-alone? options)
      (match fleet
        (() (raise-strata-error (G_ "the fleet has no images")))
        (((_ . items) . _) items))
      (option-operands options)))

(define (make-report options)
  "Return the report that OPTIONS ask for, and the name of its image."
  (call-with-progress 1
    (lambda (progress)
      (define store
        (options->store options))

      (check-report-files options (input-files options)
                          #:plan-file (option-value options 'plan-file)
                          #:store store)
      (let* ((fleet   (and=> (option-value options 'fleet) read-fleet))
             (request (apply make-request store (image-items options fleet)
                             #:progress progress
                             #:fleet fleet ;read once: it may be a pipe
                             `(,@(option-arguments options
                                                   '(max-layers base
                                                     base-name))
                               ,@(without-keywords (plan-arguments options)
                                                   '(#:fleet))))))
        (values (report-request request
                                #:explain (and=> (option-value options
                                                               'explain)
                                                 (lambda (item)
                                                   (request-item request store
                                                               item)))
                                #:curve? (option-value options 'curve?)
                                #:save? #f)
                (request-name request))))))

(define (strata-plan arguments)
  "Do what the command line ARGUMENTS, those of 'strata plan', say."
  (let ((options (parse-options arguments %options)))
    (when (and (null? (option-operands options))
               (not (fleet-alone? options)))
      (usage-error (G_ "missing item")))
    (when (fleet-alone? options)
      (check-fleet-alone options))
    (when (and (option-value options 'base-name)
               (not (option-value options 'base)))
      (usage-error (G_ "option '--base-name' needs '--base'")))
    (call-with-values (lambda () (make-report options))
      (lambda (report name)
        (show-report options
                     #:text (lambda ()
                              (if (and (fleet-alone? options)
                                       (plan-report-fleet report)
                                       (not (option-value options 'curve?)))
                                  (display-fleet (plan-report-fleet report))
                                  (display-report report)))
                     #:json (lambda () (report->json report))
                     #:picture (lambda () (report-picture report name))
                     #:page (lambda () (report-page report name))
                     #:plan (lambda () (plan-report-saved report)))))))
