;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Requests: all that says what image is made from which items.  'plan-image'
;;; and 'pack' take what 'make-request' takes; images of systems are requested
;;; through 'contents->request' alone.
;;; Code:

(define-module (strata request)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata creation-time)
  #:use-module (strata directives)
  #:use-module (strata errors)
  #:use-module (strata manifest)
  #:use-module (strata primitives)
  #:use-module (strata profile)
  #:use-module (strata siblings)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (make-request
            contents->request
            request?
            request-name
            request-fields
            request-progress
            request-item

            check-format
            check-compression
            check-max-layers
            without-keywords))

(define-immutable-record-type <request>
  (%make-request name fields progress)
  request?
  (name     request-name)               ;string, from the items
  (fields   request-fields)             ;alist for the core
  (progress request-progress))          ;procedure | #f

;; "docker-layered" is how Guix's developers first called what "docker" is now.
(define %formats
  '(("docker" . "docker") ("docker-layered" . "docker") ("oci" . "oci")))

;; Tools, and how the name of an archive ends that is compressed as a whole.
(define %compressors
  '(("none" . "") ("gzip" . "") ("zstd" . "")
    ("xz" . ".xz") ("bzip2" . ".bz2") ("lzip" . ".lz")))

(define %default-max-layers 100)


;;; Symlinks.

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


;;; Requests.

(define (check-format format-name)
  "Return the usual name of the image format FORMAT-NAME; raise an error if it
is none."
  (or (assoc-ref %formats format-name)
      (raise-strata-error (format #f (G_ "unknown image format '~a'")
                                  (printable format-name))
                          (known-are (delete-duplicates
                                      (map cdr %formats))))))

(define (compression-tool compression)
  "Return the name of the tool in COMPRESSION, such as \"xz:9\"."
  (first (string-split compression #\:)))

(define (compression-suffix compression)
  "Return how the name of an archive ends that COMPRESSION, such as \"xz:9\",
compresses; \"\" where it compresses layers, #f where there is no such tool."
  (assoc-ref %compressors (compression-tool compression)))

(define (check-compression compression)
  "Return COMPRESSION, such as \"gzip\" or \"gzip:9\"; raise an error if there
is no such tool."
  (unless (compression-suffix compression)
    (raise-strata-error (format #f (G_ "unknown compression '~a'")
                                (printable compression))
                        (known-are (map car %compressors))))
  compression)

(define (check-max-layers max-layers)
  "Return MAX-LAYERS; raise an error unless it is a number of layers."
  (unless (and (exact-integer? max-layers) (<= 1 max-layers))
    (raise-strata-error
     (format #f (G_ "an image cannot have ~a layers") max-layers)))
  max-layers)

(define (check-profile-name name)
  "Raise an error unless NAME can be the name of a profile."
  (when (or (member name '("" "." ".."))
            (string-index name #\/)
            (string-index name #\nul))
    (raise-strata-error (format #f (G_ "invalid profile name '~a'")
                                (printable name)))))

(define (default-output name format compression)
  "Return the file name of an image called NAME in FORMAT."
  (define suffix
    (compression-suffix compression))

  (match format
    ("oci"
     (string-append name "-oci-image"))
    ("docker"
     (string-append name "-docker-image.tar" suffix))
    ("tarball"
     (string-append name "-tarball.tar"
                    (match (compression-tool compression)
                      ("gzip" ".gz")
                      ("zstd" ".zst")
                      (_ suffix))))))

(define (with-profile-variables environment store profile)
  "Return ENVIRONMENT after the variables that PROFILE sets and ENVIRONMENT does
not."
  (append (remove (match-lambda
                    ((name . _) (assoc name environment)))
                  (profile-environment store profile))
          environment))

(define (without-keywords options keywords)
  "Return OPTIONS, keywords and their values, without those of KEYWORDS."
  (match options
    ((keyword value . rest)
     (let ((rest (without-keywords rest keywords)))
       (if (memq keyword keywords)
           rest
           (cons* keyword value rest))))
    (_ options)))

(define* (contents->request store name contents
                            #:key
                            (command '())
                            (tags '())
                            system
                            created
                            (max-layers %default-max-layers)
                            (strategy "expected")
                            rules previous plan-file
                            (siblings '()) fleet sharing min-layer-size
                            (compression "gzip")
                            (format "docker")
                            output
                            base base-name
                            (jobs 0)
                            cache
                            timings measured?
                            user working-directory stop-signal
                            (labels '()) (exposed-ports '()) (volumes '())
                            progress)
  "Return a request for an image called NAME with CONTENTS of STORE, an alist
of those fields for the core that no keyword stands for.  The keywords are as
for 'make-request'; FORMAT may be \"tarball\" too.  Besides, CONTENTS may have
'sibling-trees', a procedure that returns the virtual items that an image of a
list of paths has."
  (check-compression compression)
  (check-max-layers max-layers)
  (%make-request
   name
   `((store . ,(store-handle store))
     ,@contents
     (command . ,command)
     (tags . ,(map (lambda (tag)
                     (checked %image-reference-normalize tag))
                   (if (null? tags) (list name) tags)))
     (system . ,system)
     (created . ,(or created (default-creation-time)))
     (max-layers . ,max-layers)
     (strategy . ,strategy)
     (rules . ,rules)
     (previous . ,previous)
     (plan-file . ,plan-file)
     ,@(sibling-fields store siblings fleet
                       (or (assq-ref contents 'sibling-trees) (const '())))
     (sharing . ,sharing)
     (min-layer-size . ,min-layer-size)
     (compression . ,compression)
     (format . ,format)
     (output . ,(or output (default-output name format compression)))
     (base . ,base)
     (base-name . ,base-name)
     (jobs . ,jobs)
     (cache . ,cache)
     (timings . ,timings)
     (measured . ,measured?)
     (user . ,user)
     (working-directory . ,working-directory)
     (stop-signal . ,stop-signal)
     (labels . ,labels)
     (exposed-ports . ,exposed-ports)
     (volumes . ,volumes))
   progress))

(define (request-item request store item)
  "Return the path of ITEM, one of the image that REQUEST asks for: the path or
the name of a profile that is made for it, else as for 'resolve-item' in STORE."
  (define (called-item? path)
    (member item (list path (item-path->name path))))

  (or (find called-item?
            (map (lambda (tree)
                   (checked %tree-path tree))
                 (assq-ref (request-fields request) 'profiles)))
      (resolve-item store item)))

(define* (make-request store items
                       #:key
                       (symlinks '())
                       entry-point (entry-point-arguments '())
                       (environment '())
                       (format "docker")
                       localstatedir? (profile-name "guix-profile")
                       progress
                       #:allow-other-keys
                       #:rest options)
  "Return a request for an image of ITEMS of STORE, strings as for
'resolve-item', and of all that they refer to.

A single item that is a profile is used as it is; otherwise ITEMS are joined in
a new profile.  SYMLINKS is a list of pairs: a name in the image, and what it
points to, relative to the profile.  ENTRY-POINT is the program that a container
runs, relative to the profile, and ENTRY-POINT-ARGUMENTS its first arguments;
COMMAND is a list of strings, the default for what follows them.  ENVIRONMENT
is a list of pairs of names and values; PATH, and what the manifest of an
existing profile asks for, is added unless it is there.  TAGS are names for the
image, such as \"example.org:5000/tools/hello:1\"; the default is made from the
names of the items.  SYSTEM is a system type such as
\"x86_64-linux\", or #f for that of BASE, else this machine's.  CREATED is in
seconds since 1970; without it SOURCE_DATE_EPOCH is taken, else 1.

The image has at most MAX-LAYERS layers; STRATEGY says which items share one,
for the strategy \"manual\" by the file RULES.
The strategy \"expected\" keeps layers of PREVIOUS, the image that the new one
replaces: #f, an archive, an OCI layout or a saved plan; FILE:NAME is the image
NAME of FILE.  PLAN-FILE is #f or a file to which the plan is saved; where there
is one already, and no PREVIOUS, its layers are kept.  The strategy shares
layers with SIBLINGS, a list of strings, files as for PREVIOUS or reference
graphs, or items as for 'resolve-item', and of lists of such items; and with the
images that the file FLEET lists, one in a line, a name and its items.  SHARING
is what that is worth in percent of the default, 0 to 1000.  Items that are
smaller together than MIN-LAYER-SIZE bytes have no layer of their own.
COMPRESSION is \"none\", \"gzip\" or \"zstd\", maybe with a level (\"gzip:9\");
\"xz\", \"bzip2\" and \"lzip\" compress the archive as a whole.
FORMAT is \"docker\" (one file) or \"oci\" (a folder).  OUTPUT is the file to
write, \"-\" for standard output.  JOBS is the number of threads, 0 for all
cores.  CACHE is #f, a folder in which compressed items are kept for the next
image, or #t for the one that 'strata pack' uses; the image is the same.
TIMINGS is #f or a file to which a trace of the work is written; with MEASURED?
true the image that 'pack' returns has sums of it.  With
LOCALSTATEDIR? true the image has a store database of its items, in which root's
profile PROFILE-NAME is registered.  BASE is #f or an image to build on, an
archive or OCI layout, BASE-NAME which of its images.  USER,
WORKING-DIRECTORY, STOP-SIGNAL, LABELS (pairs), EXPOSED-PORTS and VOLUMES
(strings) are as in the OCI image specification.

PROGRESS is #f or a procedure that is called about ten times a second with the
name of the stage, bytes done, bytes in total or 0, and a list of new warnings."
  (check-profile-name profile-name)
  (let* ((format   (check-format format))
         (paths    (delete-duplicates
                    (map (lambda (item) (resolve-item store item)) items)))
         (profile  (items->profile store paths progress))
         (name     (image-name (friendly-name (profile-names profile))))
         (symlinks (map (lambda (symlink)
                          (resolve-symlink store profile symlink))
                        symlinks))
         (program  (and entry-point
                        (profile-program store profile entry-point))))
    (apply contents->request store name
           `((items . ,paths)
             (sibling-trees . ,(lambda (paths)
                                 (profile-trees
                                  (items->profile store paths progress))))
             (profiles . ,(profile-trees profile))
             (directives . ((directory "/tmp" #f #o1777 0 0)
                            ,@(map (match-lambda
                                     ((source . target)
                                      `(symlink ,source ,target #f 0 0)))
                                   symlinks)
                            ,@(if localstatedir?
                                  (localstatedir-links (profile-path profile)
                                                       profile-name)
                                  '())))
             (with-database . ,localstatedir?)
             (required-paths . ,(append (if program (list program) '())
                                        (map cdr symlinks)))
             (environment . ,(with-profile-variables environment store
                                                     profile))
             (entry-point . ,(if program
                                 (cons program entry-point-arguments)
                                 '())))
           #:format format
           (without-keywords options
                             '(#:symlinks #:entry-point
                               #:entry-point-arguments #:environment #:format
                               #:localstatedir? #:profile-name)))))
