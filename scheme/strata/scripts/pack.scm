;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata pack'.
;;; Code:

(define-module (strata scripts pack)
  #:use-module (ice-9 match)
  #:use-module (strata config-options)
  #:use-module (strata errors)
  #:use-module (strata image-options)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata plan-options)
  #:use-module (strata request)
  #:use-module (strata text)
  #:export (strata-pack))

(define (show-help)
  (display (G_ "Usage: strata pack [OPTION]... ITEM...
Make a layered container image of ITEMs and all that they refer to.
ITEM is a path in the store, a symlink to one, or the name of an item, such as
'hello' or 'hello@2.10'.  A single ITEM that is a profile is used as it is;
otherwise all ITEMs are joined in a new profile.\n"))
  (display (G_ "
  -f, --format=FORMAT    'docker', an archive (the default), or 'oci', an OCI
                         layout directory"))
  (display (G_ "
      --help-docker-format
                         display the options of the config and exit"))
  (show-output-help)
  (display (G_ "
  -S, --symlink=SOURCE=TARGET
                         make a symlink SOURCE in the image to TARGET in the
                         profile; may be given several times"))
  (display (G_ "
      --localstatedir    put a store database of the image's items into it"))
  (display (G_ "
      --profile-name=NAME
                         call root's profile NAME there (default
                         'guix-profile')"))
  (display (G_ "
      --base=IMAGE       build on IMAGE, an archive or an OCI layout
                         directory"))
  (display (G_ "
      --base-name=NAME   take the image NAME of those that IMAGE holds"))
  (newline)
  (show-program-options-help)
  (show-image-options-help)
  (display (G_ "
Without --output the image is NAME-docker-image.tar or NAME-oci-image in the
current folder; its name is printed on standard output.\n")))

(define (show-docker-format-help)
  (display (G_ "Options of 'strata pack' that say how containers are run:\n"))
  (show-program-options-help)
  (show-config-options-help))

(define (parse-symlink text)
  "Return the pair that TEXT, SOURCE=TARGET, stands for."
  (match (string-index text #\=)
    ((or #f 0 (? (lambda (index)
                   (= (+ index 1) (string-length text)))))
     (raise-strata-error
      (format #f (G_ "'~a' is not of the form SOURCE=TARGET")
              (printable text))
      (G_ "for example '/bin=bin'")))
    (index
     (cons (substring text 0 index)
           (substring text (+ index 1))))))

(define %options
  (append
   (list (value-option '(#\f "format") 'format check-format)
         (value-option '(#\S "symlink") 'symlink parse-symlink)
         (flag-option '("localstatedir") 'localstatedir?)
         (value-option '("profile-name") 'profile-name)
         (file-option '("base") 'base)
         (value-option '("base-name") 'base-name)
         (docker-format-help-option show-docker-format-help)
         (help-option show-help))
   %program-options
   %image-options))

;; The options of 'guix pack' that are about building.
(define %refused-options
  (let ((profile-hint (G_ "let Guix make the profile, as in 'guix package -p \
PROFILE -m MANIFEST', and pack PROFILE"))
        (file-hint    (G_ "the image is the file that '--output' names; nothing \
is built")))
    (list (refused-option '(#\m "manifest") profile-hint)
          (refused-option '(#\e "expression") profile-hint)
          (refused-option '("target") profile-hint)
          (refused-option '("save-provenance") profile-hint)
          (refused-option '(#\R "relocatable")
                          (G_ "programs in an image are at their own place"))
          (refused-option '(#\r "root") file-hint)
          (refused-option '(#\d "derivation") file-hint))))

(define (request-arguments options progress)
  "Return OPTIONS and PROGRESS as arguments of 'pack'."
  `(,@(option-arguments options '(format output max-layers compression
                                         created system localstatedir?
                                         profile-name base base-name))
    ,@(plan-arguments options)
    ,@(entry-point-arguments options)
    ,@(config-arguments options)
    ,@(work-arguments options)
    #:tags ,(option-values options 'tag)
    #:symlinks ,(option-values options 'symlink)
    #:progress ,progress))

(define (check-options options)
  "Refuse OPTIONS that make no sense together."
  (when (null? (option-operands options))
    (usage-error (G_ "missing item")))
  (when (and (pair? (option-values options 'entry-point-argument))
             (not (option-value options 'entry-point)))
    (usage-error (G_ "option '--entry-point-argument' needs '--entry-point'")))
  (when (and (option-value options 'profile-name)
             (not (option-value options 'localstatedir?)))
    (usage-error (G_ "option '--profile-name' needs '--localstatedir'")))
  (when (and (option-value options 'base-name)
             (not (option-value options 'base)))
    (usage-error (G_ "option '--base-name' needs '--base'"))))

(define (strata-pack arguments)
  "Do what the command line ARGUMENTS, those of 'strata pack', say."
  (let ((options (parse-options arguments
                                (append %options %refused-options))))
    (check-options options)
    (make-image-file options
                     (lambda (store progress)
                       (apply make-request store (option-operands options)
                              (request-arguments options progress))))))
