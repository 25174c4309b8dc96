;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata pack'.
;;; Code:

(define-module (strata scripts pack)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-37)
  #:use-module (strata config-options)
  #:use-module (strata creation-time)
  #:use-module (strata errors)
  #:use-module (strata image)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata pack)
  #:use-module (strata plan)
  #:use-module (strata progress)
  #:use-module (strata request)
  #:use-module (strata signals)
  #:use-module (strata store-options)
  #:use-module (strata table)
  #:use-module (strata text)
  #:export (strata-pack))

(define most-layers 1000000)            ;that the core takes

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
  (display (G_ "
  -o, --output=FILE      write the image to FILE; '-' is standard output"))
  (display (G_ "
      --image-tag=NAME   call the image NAME, [HOST[:PORT]/]PATH[:TAG]; may be
                         given several times"))
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
  (show-config-options-help)
  (newline)
  (display (G_ "
      --max-layers=N     use at most N layers (default 100)"))
  (display (G_ "
      --strategy=NAME    choose who shares a layer by strategy NAME; 'size'
                         (the default): the largest items are alone"))
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
  (display (G_ "
  -n, --dry-run          show the layers, but write nothing"))
  (display (G_ "
  -v, --verbosity=LEVEL  0: show errors only; 1: warnings and progress too (the
                         default); 2: the layers as well"))
  (display (G_ "
  -h, --help             display this help and exit\n"))
  (display (G_ "
Without --output the image is NAME-docker-image.tar or NAME-oci-image in the
current folder; its name is printed on standard output.\n")))

(define (show-docker-format-help)
  (display (G_ "Options of 'strata pack' that say how containers are run:\n"))
  (show-config-options-help)
  (newline))

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
         (value-option '(#\o "output") 'output)
         (value-option '("image-tag") 'tag)
         (value-option '(#\S "symlink") 'symlink parse-symlink)
         (flag-option '("localstatedir") 'localstatedir?)
         (value-option '("profile-name") 'profile-name)
         (value-option '("base") 'base)
         (value-option '("base-name") 'base-name)
         (value-option '("max-layers") 'max-layers
                       (string->whole-number 1 most-layers))
         (value-option '("strategy") 'strategy)
         (value-option '(#\C "compression") 'compression check-compression)
         (value-option '("created") 'created string->creation-time)
         (value-option '(#\s "system") 'system)
         jobs-option
         (flag-option '(#\n "dry-run") 'dry-run)
         (value-option '(#\v "verbosity") 'verbosity
                       (string->whole-number 0 2))
         (option '("help-docker-format") #f #f
                 (lambda _
                   (show-docker-format-help)
                   (exit 0)))
         (help-option show-help))
   %config-options
   %store-options
   (list reference-graph-option)))

(define (refused-option names hint)
  "Return an option of 'guix pack' that Strata cannot do, and will not: HINT
says what to do."
  (option names #f #t
          (lambda (option name . _)
            (usage-error (format #f (G_ "option '~a' needs Guix")
                                 (if (char? name)
                                     (string #\- name)
                                     (string-append "--" name)))
                         hint))))

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
  `(,@(option-arguments options '(format output max-layers strategy compression
                                         created system localstatedir?
                                         profile-name base base-name
                                         jobs))
    ,@(config-arguments options)
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
    (usage-error (G_ "option '--profile-name' needs '--localstatedir'"))))

(define (strata-pack arguments)
  "Do what the command line ARGUMENTS, those of 'strata pack', say."
  (let* ((options   (parse-options arguments
                                   (append %options %refused-options)))
         (verbosity (option-value options 'verbosity 1))
         (items     (option-operands options)))
    (define (call procedure)
      (call-with-progress verbosity
        (lambda (progress)
          (apply procedure (options->store options) items
                 (request-arguments options progress)))))

    (check-options options)
    (cond ((option-value options 'dry-run)
           (display-plan (call plan-image) (current-output-port)))
          (else
           (when (equal? (option-value options 'output) "-")
             (allow-broken-pipe))
           (let ((image (call pack)))
             (when (= verbosity 2)
               (display-layers image (current-error-port)))
             (unless (string=? (image-file image) "-")
               (display (image-file image))
               (newline)))))))
