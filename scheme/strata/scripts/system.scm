;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata system'.
;;; Code:

(define-module (strata scripts system)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-37)
  #:use-module (strata config-options)
  #:use-module (strata image-options)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata plan-options)
  #:use-module (strata request)
  #:use-module (strata system image)
  #:use-module (strata text)
  #:export (strata-system))

(define (show-help)
  (display (G_ "Usage: strata system image [OPTION]... SYSTEM
Make a layered container image that boots SYSTEM, a whole operating system as
'guix system build' makes it.  SYSTEM is a path in the store, a symlink to one,
or the name of an item.\n"))
  (display (G_ "
  -t, --image-type=TYPE  make an image of TYPE (default 'docker')"))
  (display (G_ "
      --list-image-types display the types and exit"))
  (display (G_ "
      --help-docker-format
                         display the options of the config and exit"))
  (show-output-help)
  (display (G_ "
      --register-closure put a store database of the image's items into it;
                         the default if one of them is a build daemon"))
  (display (G_ "
      --no-register-closure
                         put no store database into the image"))
  (newline)
  (show-image-options-help)
  (display (G_ "
Without --output the image is NAME-docker-image.tar, NAME-oci-image or
NAME-tarball.tar.gz in the current folder; its name is printed on standard
output.\n")))

(define (show-docker-format-help)
  (display (G_ "Options of 'strata system image' that say how containers are \
run:\n"))
  (show-config-options-help))

(define (show-image-types)
  (for-each (lambda (type)
              (display (printable (symbol->string (image-type-name type))))
              (newline))
            (image-types)))

(define (choice-option names key value)
  "Return an option without a value of its own; where it is given, KEY is
VALUE."
  (option names #f #f
          (lambda (option name _ result)
            (acons key value result))))

(define %options
  (append
   (list (value-option '(#\t "image-type") 'image-type
                       (compose lookup-image-type-by-name string->symbol))
         (option '("list-image-types") #f #f
                 (lambda _
                   (show-image-types)
                   (exit 0)))
         (choice-option '("register-closure") 'register-closure 'yes)
         (choice-option '("no-register-closure") 'register-closure 'no)
         (docker-format-help-option show-docker-format-help)
         (help-option show-help))
   %image-options))

;; What 'guix system image' can only do because it builds the system as well.
(define %refused-options
  (let ((hint (G_ "the system is built already; let Guix make it, as in 'guix \
system image --network'")))
    (list (refused-option '(#\N "network") hint)
          (refused-option '("volatile")
                          (G_ "containers keep what is written below their \
root until they are removed; 'docker run --rm' removes them at once")))))

(define (options->image options system)
  "Return the image of SYSTEM that OPTIONS ask for."
  (let* ((type (option-value options 'image-type docker-image-type))
         (base ((image-type-constructor type) system)))
    (apply image #:inherit base
           #:platform (option-value options 'system (image-platform base))
           #:labels (append (image-labels base) (option-values options 'label))
           (option-arguments options '(max-layers compression created)))))

(define (request-arguments options progress)
  "Return OPTIONS and PROGRESS as arguments of 'image->request'."
  `(#:register-closure? ,(match (option-value options 'register-closure)
                           (#f 'auto)
                           (choice (eq? 'yes choice)))
    ,@(option-arguments options '(output))
    ,@(plan-arguments options)
    ,@(without-keywords (config-arguments options) '(#:labels))
    ,@(work-arguments options)
    #:tags ,(option-values options 'tag)
    #:progress ,progress))

(define (make-system-image options)
  "Make the image that OPTIONS ask for."
  (match (option-operands options)
    ((system)
     (make-image-file options
                      (lambda (store progress)
                        (apply image->request store
                               (options->image options system)
                               (request-arguments options progress)))))
    (()
     (usage-error (G_ "missing system")))
    ((_ extra . _)
     (refuse-operand extra))))

(define %actions '("image"))

;; The names that the actions for images had in Guix before there were types.
(define %old-actions '("docker-image" "docker-layered-image"))

(define (warn-old-action action)
  "Tell that ACTION is deprecated."
  (show-warning (format #f (G_ "action '~a' is deprecated: use 'image'")
                        action)))

(define (strata-system arguments)
  "Do what the command line ARGUMENTS, those of 'strata system', say."
  (match arguments
    (()
     (usage-error (G_ "missing action") (known-are %actions)))
    (((or "-h" "--help") . _)
     (show-help))
    ((action . arguments)
     (unless (member action (append %actions %old-actions))
       (usage-error (format #f (G_ "unknown action '~a'") (printable action))
                    (known-are %actions)))
     (let ((options (parse-options arguments
                                   (append %options %refused-options))))
       (when (and (member action %old-actions)
                  (positive? (option-value options 'verbosity 1)))
         (warn-old-action action))
       (make-system-image options)))))
