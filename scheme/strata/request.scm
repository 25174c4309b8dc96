;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Requests: all that says what image is made from which items.  'plan-image'
;;; and 'pack' take what 'make-request' takes.
;;; Code:

(define-module (strata request)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata creation-time)
  #:use-module (strata errors)
  #:use-module (strata manifest)
  #:use-module (strata primitives)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (make-request
            request?
            request-name
            request-fields
            request-progress

            check-format
            check-compression))

(define-immutable-record-type <request>
  (%make-request name fields progress)
  request?
  (name     request-name)               ;string, from the items
  (fields   request-fields)             ;alist for the core
  (progress request-progress))          ;procedure | #f

;; The profile of an image.
(define-immutable-record-type <profile>
  (make-profile path names tree)
  profile?
  (path  profile-path)                  ;store path
  (names profile-names)                 ;of its packages
  (tree  profile-tree))                 ;object of the core | #f if in the store

(define %formats '("docker" "oci"))
(define %compressors '("none" "gzip" "zstd"))
(define %default-max-layers 100)


;;; The profile.

(define (path-exists? store trees path)
  "Return true if PATH, links followed, is in STORE or in one of TREES."
  (checked %path-exists? (store-handle store) trees path))

(define (item-package-name path)
  "Return the name of the package in the item PATH."
  (item-name->name+version (item-path->name path)))

(define (profile-item? store path)
  "Return true if the item PATH of STORE is a profile."
  (path-exists? store '() (string-append path "/manifest")))

(define (existing-profile store path)
  "Return the profile that the item PATH of STORE is."
  (make-profile path
                (match (manifest-names
                        (string-append (store-root store) path "/manifest"))
                  ((or #f ()) (list (item-package-name path)))
                  (names names))
                #f))

(define (new-profile store paths progress)
  "Return a profile that joins the items PATHS of STORE."
  (define (somewhere? directory)
    (any (lambda (path)
           (path-exists? store '() (string-append path "/" directory)))
         paths))

  (let ((tree (checked %make-profile
                       (store-handle store) paths
                       (items->manifest paths)
                       (etc-profile (cons "bin"
                                          (filter somewhere? '("sbin"))))
                       progress)))
    (make-profile (checked %tree-path tree)
                  (map item-package-name paths)
                  tree)))

(define (items->profile store paths progress)
  "Return the profile for an image of the items PATHS of STORE."
  (match paths
    (()
     (raise-strata-error (G_ "an image needs at least one item")))
    (((? (lambda (path) (profile-item? store path)) path))
     (existing-profile store path))
    (_
     (new-profile store paths progress))))

(define (profile-trees profile)
  "Return the list of virtual items that PROFILE is, empty or one."
  (match (profile-tree profile)
    (#f '())
    (tree (list tree))))


;;; Files of the profile.

(define (profile-file store profile file what)
  "Return the absolute name of FILE, which is relative to PROFILE; one that
begins with the store directory is returned as it is.  WHAT says in errors
what it is for."
  (if (string-prefix? (string-append (store-directory store) "/") file)
      file
      (let ((path (string-append (profile-path profile) "/"
                                 (string-trim file #\/))))
        (unless (and (not (string-null? file))
                     (path-exists? store (profile-trees profile) path))
          (raise-strata-error
           (format #f (G_ "~a: '~a' is not in the profile '~a'")
                   what (printable file) (profile-path profile))
           (G_ "give a file of one of the items, such as 'bin/hello', or an \
absolute path in the store")))
        path)))

(define (check-link-name name)
  "Raise an error unless NAME can be the name of a symlink in an image."
  (define (refuse reason)
    (raise-strata-error (format #f (G_ "symlink '~a': ~a")
                                (printable name) reason)))

  (cond ((not (string-prefix? "/" name))
         (refuse (G_ "its name must be an absolute path")))
        ((string-every #\/ name)
         (refuse (G_ "it would replace the root of the image")))
        ((any (lambda (component)
                (member component '("." "..")))
              (string-split name #\/))
         (refuse (G_ "its name must not have '.' or '..'")))))

(define (resolve-symlink store profile symlink)
  "Return SYMLINK, a pair of a name and what it points to in PROFILE, with
absolute names."
  (match symlink
    ((source . target)
     (check-link-name source)
     (cons source
           (profile-file store profile target
                         (format #f (G_ "symlink '~a'")
                                 (printable source)))))))

(define (search-path store profile)
  "Return the value of PATH for PROFILE."
  (let ((bin  (string-append (profile-path profile) "/bin"))
        (sbin (string-append (profile-path profile) "/sbin")))
    (if (path-exists? store (profile-trees profile) sbin)
        (string-append bin ":" sbin)
        bin)))


;;; Requests.

(define (check-format format-name)
  "Return FORMAT-NAME, the name of an image format; raise an error if it is
none."
  (unless (member format-name %formats)
    (raise-strata-error (format #f (G_ "unknown image format '~a'")
                                (printable format-name))
                        (known-are %formats)))
  format-name)

(define (check-compression compression)
  "Return COMPRESSION, such as \"gzip\" or \"gzip:9\"; raise an error if there
is no such tool."
  (unless (member (first (string-split compression #\:)) %compressors)
    (raise-strata-error (format #f (G_ "unknown compression '~a'")
                                (printable compression))
                        (known-are %compressors)))
  compression)

(define (check-max-layers max-layers)
  "Raise an error unless MAX-LAYERS is a number of layers."
  (unless (and (exact-integer? max-layers) (<= 1 max-layers))
    (raise-strata-error
     (format #f (G_ "an image cannot have ~a layers") max-layers))))

(define (default-output name format)
  "Return the file name of an image called NAME in FORMAT."
  (string-append name
                 (if (string=? format "oci") "-oci-image" "-docker-image.tar")))

(define* (make-request store items
                       #:key
                       (symlinks '())
                       entry-point (entry-point-arguments '())
                       (command '())
                       (environment '())
                       (tags '())
                       system
                       created
                       (max-layers %default-max-layers)
                       (strategy "size")
                       (compression "gzip")
                       (format "docker")
                       output
                       (jobs 0)
                       user working-directory stop-signal
                       (labels '()) (exposed-ports '()) (volumes '())
                       progress)
  "Return a request for an image of ITEMS of STORE, strings as for
'resolve-item', and of all that they refer to.

A single item that is a profile is used as it is; otherwise ITEMS are joined in
a new profile.  SYMLINKS is a list of pairs: a name in the image, and what it
points to, relative to the profile.  ENTRY-POINT is the program that a container
runs, relative to the profile, and ENTRY-POINT-ARGUMENTS its first arguments;
COMMAND is a list of strings, the default for what follows them.  ENVIRONMENT
is a list of pairs of names and values; PATH is added unless it is there.  TAGS
are names for the image, such as \"example.org:5000/tools/hello:1\"; the default
is made from the names of the items.  SYSTEM is a system type such as
\"x86_64-linux\", or #f for this machine's.  CREATED is in seconds since 1970;
without it SOURCE_DATE_EPOCH is taken, else 1.

The image has at most MAX-LAYERS layers; STRATEGY says which items share one.
COMPRESSION is \"none\", \"gzip\" or \"zstd\", maybe with a level (\"gzip:9\").
FORMAT is \"docker\" (one file) or \"oci\" (a folder).  OUTPUT is the file to
write, \"-\" for standard output.  JOBS is the number of threads, 0 for all
cores.  USER, WORKING-DIRECTORY, STOP-SIGNAL, LABELS (pairs), EXPOSED-PORTS and
VOLUMES (strings) are as in the OCI image specification.

PROGRESS is #f or a procedure that is called about ten times a second with the
name of the stage, bytes done, bytes in total or 0, and a list of new warnings."
  (check-format format)
  (check-compression compression)
  (check-max-layers max-layers)
  (let* ((paths    (delete-duplicates
                    (map (lambda (item) (resolve-item store item)) items)))
         (profile  (items->profile store paths progress))
         (name     (image-name (friendly-name (profile-names profile))))
         (symlinks (map (lambda (symlink)
                          (resolve-symlink store profile symlink))
                        symlinks))
         (program  (and entry-point
                        (profile-file store profile entry-point
                                      (G_ "entry point")))))
    (%make-request
     name
     `((store . ,(store-handle store))
       (items . ,paths)
       (profiles . ,(profile-trees profile))
       (directives . ((directory "/tmp" #f #o1777 0 0)
                      ,@(map (match-lambda
                               ((source . target)
                                `(symlink ,source ,target #f 0 0)))
                             symlinks)))
       (required-paths . ,(append (if program (list program) '())
                                  (map cdr symlinks)))
       (environment . ,(if (assoc "PATH" environment)
                           environment
                           (acons "PATH" (search-path store profile)
                                  environment)))
       (entry-point . ,(if program
                           (cons program entry-point-arguments)
                           '()))
       (command . ,command)
       (tags . ,(map (lambda (tag)
                       (checked %image-reference-normalize tag))
                     (if (null? tags) (list name) tags)))
       (system . ,system)
       (created . ,(or created (default-creation-time)))
       (max-layers . ,max-layers)
       (strategy . ,strategy)
       (compression . ,compression)
       (format . ,format)
       (output . ,(or output (default-output name format)))
       (jobs . ,jobs)
       (user . ,user)
       (working-directory . ,working-directory)
       (stop-signal . ,stop-signal)
       (labels . ,labels)
       (exposed-ports . ,exposed-ports)
       (volumes . ,volumes))
     progress)))
