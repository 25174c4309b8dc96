;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Guix's interface to images, for programs written for it: what (guix docker)
;;; exports, with all its keywords, and some of our own.
;;; Code:

(define-module (strata docker)
  #:use-module (ice-9 match)
  #:use-module ((ice-9 exceptions) #:select (guard))
  #:use-module ((ice-9 regex) #:select (string-match))
  #:use-module (srfi srfi-1)
  #:use-module ((srfi srfi-19) #:select (time? time-type time-second time-utc))
  #:use-module (strata creation-time)
  #:use-module (strata directives)
  #:use-module (strata errors)
  #:use-module (strata image)
  #:use-module (strata manifest)
  #:use-module (strata primitives)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (build-docker-image
            %docker-image-max-layers))

;; What 'guix pack' and 'guix system' ask for where the user does not say.
(define %docker-image-max-layers 100)


;;; Names.

(define longest-repository 255)
(define shortest-repository 2)

(define (guix-repository name)
  "Return NAME as Guix writes it where it names an image: lower-case letters,
digits and separators, 2 to 255 of them."
  (define separators (string->char-set "_-."))
  (define allowed
    (char-set-union separators
                    (string->char-set "abcdefghijklmnopqrstuvwxyz0123456789")))

  (let* ((text (string-map (lambda (character)
                             (if (char-set-contains? allowed character)
                                 character
                                 #\.))
                           (string-trim-both (string-downcase name)
                                             separators)))
         (end  (min longest-repository (string-length text))))
    (string-pad-right (substring text 0 end)
                      (max end shortest-repository) #\a)))

(define (normalized name)
  "Return the image name NAME with its tag, or #f if it is not valid."
  (guard (condition ((strata-error? condition) #f))
    (checked %image-reference-normalize name)))

(define (repository->tag name)
  "Return the name of an image for NAME: itself if it is valid, else what Guix
makes of it, and if even that is not valid, the nearest name that is."
  (let ((guix-name (guix-repository name)))
    (or (normalized name)
        (normalized guix-name)
        (normalized (image-name guix-name)))))


;;; Paths.

(define item-base-name
  "^[0-9a-df-np-sv-z]{32}-[^/]+$")

(define (item-path? path)
  "Return true if PATH looks like that of an item of some store."
  (and (string-prefix? "/" path)
       (string-match item-base-name (basename path))))

(define (find-store-directory paths)
  "Return the store directory of the first item in PATHS, else Guix's."
  (match (find item-path? paths)
    (#f "/gnu/store")
    (path (dirname path))))

(define (trimmed path)
  "Return PATH without the slashes at its ends."
  (string-trim-both path #\/))

(define (check-transformations transformations)
  "Return TRANSFORMATIONS, a list of (OLD -> NEW), as pairs."
  (map (match-lambda
         (((? string? old) '-> (? string? new))
          (cons old new))
         (invalid
          (raise-strata-error
           (format #f (G_ "invalid transformation '~a'")
                   (printable (object->string invalid)))
           (G_ "a transformation is (OLD -> NEW)"))))
       transformations))

(define (split-root-folder others transformations)
  "Return two values: the one folder in OTHERS, the paths outside the store, or
#f; and TRANSFORMATIONS without the one that makes its name empty, so that what
is in it lands in the root."
  (define (of-folder? folder)
    (match-lambda
      ((old . new)
       (and (string=? (trimmed old) (trimmed folder))
            (string-null? (trimmed new))))))

  (match others
    (()
     (values #f transformations))
    ((folder)
     (unless (and (file-exists? folder) (file-is-directory? folder))
       (raise-strata-error
        (format #f (G_ "'~a' is neither an item of the store nor a folder")
                (printable folder))))
     (unless (any (of-folder? folder) transformations)
       (raise-strata-error
        (format #f (G_ "'~a' is outside the store") (printable folder))
        (G_ "a folder outside the store needs a transformation of its name \
to \"\": what is in it becomes the root")))
     (values folder (remove (of-folder? folder) transformations)))
    ((_ second . _)
     (raise-strata-error
      (format #f (G_ "'~a' is outside the store") (printable second))
      (G_ "only one folder outside the store can be the root")))))

(define (choose-root-folder folder root-system)
  "Return FOLDER or ROOT-SYSTEM, whichever is given."
  (when (and folder root-system)
    (raise-strata-error
     (format #f (G_ "there cannot be two roots: '~a' and '~a'")
             (printable folder) (printable root-system))))
  (or folder root-system))

(define (open-known-store root directory database reference-graphs)
  "Return what is known of the items of the store: what DATABASE, a file, says,
else the REFERENCE-GRAPHS, else #f."
  (cond (database
         (open-store #:root root #:directory directory #:database database))
        ((pair? reference-graphs)
         (open-store #:root root #:directory directory
                     #:reference-graphs reference-graphs))
        (else #f)))


;;; Other values.

(define (creation-time->seconds time)
  "Return TIME, a time of SRFI-19, seconds since 1970 or #f, in seconds."
  (cond ((not time)
         (default-creation-time))
        ((and (time? time) (eq? time-utc (time-type time)))
         (time-second time))
        ((exact-integer? time)
         time)
        (else
         (raise-strata-error
          (format #f (G_ "'~a' is not a creation time")
                  (printable (object->string time)))
          (G_ "use a UTC time of SRFI-19 or seconds since 1970")))))

(define (complete-system system)
  "Return SYSTEM, a system type or only its first part, as a system type."
  (if (and system (not (string-index system #\-)))
      (string-append system "-linux")
      system))

(define (check-max-layers max-layers)
  "Return MAX-LAYERS, a number of layers, or #f for one above those of a base
image."
  (match max-layers
    (#f #f)
    ((? (lambda (count) (and (exact-integer? count) (<= 1 count))) count)
     count)
    (_
     (raise-strata-error
      (format #f (G_ "an image cannot have ~a layers") max-layers)))))

(define* (build-docker-image image paths prefix
                             #:key
                             (repository "guix")
                             (extra-files '())
                             (transformations '())
                             system
                             database
                             entry-point
                             (environment '())
                             compressor
                             creation-time
                             max-layers
                             root-system
                             ;; Our own.
                             (reference-graphs '())
                             (layer-compression "none")
                             (tags '())
                             (owners '())
                             (command '())
                             user working-directory stop-signal
                             (labels '()) (exposed-ports '()) (volumes '())
                             base
                             store-root store-directory
                             (strategy "expected")
                             rules previous plan-file (siblings '())
                             sharing min-layer-size
                             (jobs 0)
                             cache
                             progress)
  "Write a Docker archive with the items PATHS to the file IMAGE, and return the
image.  PREFIX is the profile or system among the items.  PATHS may also have
one folder outside the store whose name TRANSFORMATIONS make empty: what is in
it becomes the root of the image.

As in Guix: REPOSITORY names the image.  EXTRA-FILES is a list of populate
directives; TRANSFORMATIONS one of (OLD -> NEW), prefixes of names in the
image; ENTRY-POINT one of strings; ENVIRONMENT an alist.  SYSTEM is a system
type, #f for that of BASE, else this machine's.  DATABASE is #f or a store
database, which goes into the image with the links that make PREFIX root's
profile.  COMPRESSOR is #f or a command such as (\"gzip\" \"-9n\") for the whole
archive.  CREATION-TIME is a time of SRFI-19 or seconds since 1970; without it
SOURCE_DATE_EPOCH is taken, else 1.  The image has at most MAX-LAYERS layers; #f means one.  ROOT-SYSTEM is
#f or a folder: what is in it becomes the root.

Of our own: what DATABASE or else the files REFERENCE-GRAPHS say of references
and sizes is used; without them the items have no references.
LAYER-COMPRESSION is \"none\", \"gzip\" or \"zstd\", maybe with a level.  TAGS
are names, in place of REPOSITORY.  OWNERS is a list of (PATH UID GID); all else
belongs to 0:0.  COMMAND, USER, WORKING-DIRECTORY, STOP-SIGNAL, LABELS (pairs),
EXPOSED-PORTS and VOLUMES (strings) are as in the OCI image specification.  BASE
is #f or an image to build on.  STORE-DIRECTORY is the prefix of the items if it
cannot be told from them, STORE-ROOT the folder under which it lies.  SIBLINGS is
a list of files: images, saved plans, reference graphs.  STRATEGY, RULES,
PREVIOUS, PLAN-FILE, SHARING, MIN-LAYER-SIZE, JOBS, CACHE and PROGRESS are as for
'make-request'."
  (let* ((directory (or store-directory
                        (find-store-directory (cons prefix paths))))
         (paths     (delete-duplicates paths))
         (known     (open-known-store store-root directory database
                                      reference-graphs)))
    (define (item? path)
      (string-prefix? (string-append directory "/") path))

    (call-with-values
        (lambda ()
          (split-root-folder (remove item? paths)
                             (check-transformations transformations)))
      (lambda (folder transformations)
        (let* ((items  (filter item? paths))
               (fields
                `((store . ,(checked %store-of-paths store-root directory items
                                     (and=> known store-handle)))
                  (items . ,items)
                  (directives
                   . (,@(if database (database-directives database prefix) '())
                      ,@(map populate-directive->fields extra-files)
                      ,@(map owner->fields owners)))
                  (root-folder . ,(choose-root-folder folder root-system))
                  (transformations . ,transformations)
                  (environment . ,environment)
                  (entry-point . ,(or entry-point '()))
                  (command . ,command)
                  (tags . ,(map (lambda (tag)
                                  (checked %image-reference-normalize tag))
                                (if (null? tags)
                                    (list (repository->tag repository))
                                    tags)))
                  (system . ,(complete-system system))
                  (created . ,(creation-time->seconds creation-time))
                  (max-layers . ,(check-max-layers max-layers))
                  (strategy . ,strategy)
                  (rules . ,rules)
                  (previous . ,previous)
                  (plan-file . ,plan-file)
                  (siblings . ,siblings)
                  (sharing . ,sharing)
                  (min-layer-size . ,min-layer-size)
                  (compression . ,layer-compression)
                  (archive-compression . ,compressor)
                  (format . "docker")
                  (output . ,image)
                  (base . ,base)
                  (jobs . ,jobs)
                  (cache . ,cache)
                  (user . ,user)
                  (working-directory . ,working-directory)
                  (stop-signal . ,stop-signal)
                  (labels . ,labels)
                  (exposed-ports . ,exposed-ports)
                  (volumes . ,volumes))))
          (fields->image (cons (assq 'tags fields)
                               (checked %pack fields progress))))))))
