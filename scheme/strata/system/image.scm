;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Images of whole operating systems, and their types.  Names are those of
;;; Guix's module (gnu image), where it has them.
;;;
;;;   (use-modules (strata store) (strata pack) (strata system image))
;;;   (pack-request
;;;    (image->request (open-store #:root "demo-system")
;;;                    (image-with-os docker-image "system")
;;;                    #:output "system.tar"))
;;; Code:

(define-module (strata system image)
  #:use-module (ice-9 ftw)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata directives)
  #:use-module (strata errors)
  #:use-module ((strata manifest)
                #:select (item-path->name (image-name . valid-image-name)))
  #:use-module ((strata options) #:select (nearest-hint))
  #:use-module (strata plan)
  #:use-module (strata request)
  #:use-module (strata store)
  #:use-module (strata system root)
  #:use-module (strata text)
  #:export (image
            image?
            image-name
            image-format
            image-platform
            image-operating-system
            image-max-layers
            image-compression
            image-shared-network?
            image-substitutable?
            image-labels
            image-created
            image-with-os
            image->request
            image->layers

            image-type
            image-type?
            image-type-name
            image-type-constructor
            image-types
            lookup-image-type-by-name

            docker-image
            docker-layered-image
            oci-image
            tarball-image
            docker-image-type
            docker-layered-image-type
            oci-image-type
            tarball-image-type))

(define-immutable-record-type <image>
  (make-image name format platform operating-system max-layers compression
              shared-network? substitutable? labels created)
  image?
  (name             image-name)         ;string | #f: that of the system
  (format           image-format)       ;'docker | 'oci | 'tarball
  (platform         image-platform)     ;"x86_64-linux" | #f: this machine's
  (operating-system image-operating-system) ;string for 'resolve-item' | #f
  (max-layers       image-max-layers)   ;number | #f: as usual
  (compression      image-compression)  ;"gzip", "zstd:3"
  (shared-network?  image-shared-network?)
  (substitutable?   image-substitutable?)
  (labels           image-labels)       ;alist of strings
  (created          image-created))     ;seconds since 1970 | #f

(define-immutable-record-type <image-type>
  (make-image-type name constructor)
  image-type?
  (name        image-type-name)         ;symbol
  (constructor image-type-constructor)) ;operating system -> <image>


;;; Images.

(define %formats '(docker oci tarball))

(define (field-error name value)
  "Raise an error because the field NAME of an image cannot be VALUE."
  (raise-strata-error
   (format #f (G_ "an image cannot have the ~a '~a'")
           name (printable (object->string value)))))

(define (sanitizer name valid?)
  "Return a procedure that returns its argument, which is for the field NAME, if
it is VALID?."
  (lambda (value)
    (unless (valid? value)
      (field-error name value))
    value))

(define (string-or-false? value)
  (or (not value) (string? value)))

(define (label? value)
  (match value
    (((? string?) . (? string?)) #t)
    (_ #f)))

(define sanitize-name
  (sanitizer "name" string-or-false?))

(define sanitize-format
  (sanitizer "format" (lambda (value) (memq value %formats))))

(define sanitize-platform
  (sanitizer "platform" string-or-false?))

(define sanitize-operating-system
  (sanitizer "operating-system" string-or-false?))

(define sanitize-labels
  (sanitizer "labels" (lambda (value)
                        (and (list? value) (every label? value)))))

(define sanitize-created
  (sanitizer "created" (lambda (value)
                         (or (not value)
                             (and (exact-integer? value) (<= 0 value))))))

(define (sanitize-compression value)
  (if (string? value)
      (check-compression value)
      (field-error "compression" value)))

(define (sanitize-max-layers value format-name)
  "Return VALUE, the max-layers of an image in the format FORMAT-NAME."
  (when (and value (eq? 'tarball format-name))
    (raise-strata-error
     (G_ "a tarball has no layers")
     (G_ "leave out the number of layers, or choose 'docker' or 'oci'")))
  (and value (check-max-layers value)))

(define %default-image
  (make-image #f 'docker #f #f #f "gzip" #f #t '() #f))

(define* (image #:key (inherit %default-image)
                (name (image-name inherit))
                (format (image-format inherit))
                (platform (image-platform inherit))
                (operating-system (image-operating-system inherit))
                (max-layers (image-max-layers inherit))
                (compression (image-compression inherit))
                (shared-network? (image-shared-network? inherit))
                (substitutable? (image-substitutable? inherit))
                (labels (image-labels inherit))
                (created (image-created inherit)))
  "Return an image with these fields; what is not given is as in INHERIT.

NAME is that of the image and its file, #f for the system's.  FORMAT is
'docker, 'oci or 'tarball.  PLATFORM is a system type such as \"x86_64-linux\",
#f for this machine's.  OPERATING-SYSTEM is a string for 'resolve-item'.
MAX-LAYERS is the most layers that it may have, #f for 100; COMPRESSION,
LABELS and CREATED are as for 'make-request'.  SHARED-NETWORK? must be false, as
only Guix can act on it, while it builds the system.  SUBSTITUTABLE? is for
programs that make the image in a derivation."
  (make-image (sanitize-name name)
              (sanitize-format format)
              (sanitize-platform platform)
              (sanitize-operating-system operating-system)
              (sanitize-max-layers max-layers format)
              (sanitize-compression compression)
              (->bool shared-network?)
              (->bool substitutable?)
              (sanitize-labels labels)
              (sanitize-created created)))

(define (image-with-os base operating-system)
  "Return the image BASE, but of OPERATING-SYSTEM."
  (image #:inherit base #:operating-system operating-system))

(define docker-image (image #:format 'docker))
(define docker-layered-image docker-image)
(define oci-image (image #:format 'oci))
(define tarball-image (image #:format 'tarball))


;;; Requests.

;; Guix's systems find programs only once they are booted; 'docker exec' does
;; not ask them.
(define default-environment
  '(("PATH" . "/run/current-system/profile/bin:\
/run/current-system/profile/sbin")))

;; The Shepherd stops all services and ends when it gets this signal.  It is
;; the usual one, but not where a runtime or a base has another idea.
(define default-stop-signal "SIGTERM")

(define (refuse-shared-network image)
  "Raise an error if IMAGE shall share the network of its host."
  (when (image-shared-network? image)
    (raise-strata-error
     (G_ "a system that is built already cannot share the network of its host")
     (G_ "let Guix make the image, as in 'guix system image --network'"))))

(define (max-layers-arguments image)
  "Return the argument of 'contents->request' for the layers of IMAGE."
  (cond ((eq? 'tarball (image-format image)) '(#:max-layers 1))
        ((image-max-layers image) => (lambda (count) (list #:max-layers count)))
        (else '())))

(define* (image->request store image
                         #:key
                         (register-closure? 'auto)
                         (environment '())
                         (extra-files '())
                         #:allow-other-keys
                         #:rest options)
  "Return the request for IMAGE, whose operating system is in STORE.

REGISTER-CLOSURE? says whether the image has a store database of its items;
'auto means that it has one if an item holds 'bin/guix-daemon'.  ENVIRONMENT is
a list of pairs of names and values; PATH is added unless it is there.
EXTRA-FILES is a list of populate directives for the root layer.  The other
OPTIONS are keywords and values as for 'make-request': #:tags, #:strategy,
#:output, #:jobs, #:cache, #:working-directory, #:stop-signal, #:exposed-ports,
#:volumes and #:progress."
  (refuse-shared-network image)
  (let* ((system (resolve-item store (or (image-operating-system image)
                                         (raise-strata-error
                                          (G_ "missing system")))))
         (paths  (begin
                   (check-system store system)
                   (store-closure store (list system))))
         (guile  (system-guile store system paths)))
    (apply contents->request store
           (valid-image-name (or (image-name image)
                                 (item-path->name system)))
           `((items . (,system))
             (profiles . ())
             (directives . (,@(system-directives store system guile)
                            ,@(map populate-directive->fields extra-files)))
             (with-database . ,(if (eq? 'auto register-closure?)
                                   (has-daemon? store paths)
                                   register-closure?))
             (required-paths . ())
             (environment . ,(append (remove (match-lambda
                                               ((name . _)
                                                (assoc name environment)))
                                             default-environment)
                                     environment))
             (entry-point . (,boot-program-path ,system)))
           #:format (symbol->string (image-format image))
           #:system (image-platform image)
           #:compression (image-compression image)
           #:labels (image-labels image)
           #:created (image-created image)
           `(,@(max-layers-arguments image)
             ,@(without-keywords options
                                 '(#:register-closure? #:environment
                                   #:extra-files))
             ,@(if (memq #:stop-signal options)
                   '()
                   (list #:stop-signal default-stop-signal))))))

(define (image->layers store image . options)
  "Return the layers of the request for IMAGE of STORE with OPTIONS, as groups
of (strata plan), that of the lowest layer first."
  (plan-groups (plan-request (apply image->request store image options))))


;;; Types.

(define* (image-type #:key name constructor)
  "Return an image type called NAME, a symbol.  CONSTRUCTOR takes an operating
system and returns its image."
  (unless (and (symbol? name) (procedure? constructor))
    (raise-strata-error
     (G_ "an image type has a symbol as name and a procedure as constructor")))
  (make-image-type name constructor))

(define (os->image base)
  "Return the constructor of images that are like BASE."
  (lambda (operating-system)
    (image-with-os base operating-system)))

(define docker-image-type
  (image-type #:name 'docker #:constructor (os->image docker-image)))

(define docker-layered-image-type
  (image-type #:name 'docker-layered
              #:constructor (os->image docker-layered-image)))

(define oci-image-type
  (image-type #:name 'oci #:constructor (os->image oci-image)))

(define tarball-image-type
  (image-type #:name 'tarball #:constructor (os->image tarball-image)))

(define %own-types
  (list docker-image-type docker-layered-image-type oci-image-type
        tarball-image-type))

(define user-folder "/strata/system/images")

(define (user-modules)
  "Return the names of the users' modules for images, those in the load path."
  (define (module-names folder)
    (map (lambda (file)
           `(strata system images ,(string->symbol (basename file ".scm"))))
         (or (scandir (string-append folder user-folder)
                      (lambda (file) (string-suffix? ".scm" file)))
             '())))

  (delete-duplicates (append-map module-names %load-path)))

(define (module-types name)
  "Return the image types that the module NAME exports."
  (catch #t
    (lambda ()
      (filter image-type?
              (module-map (lambda (name variable)
                            (and (variable-bound? variable)
                                 (variable-ref variable)))
                          (resolve-interface name))))
    (lambda (key . arguments)
      (when (memq key '(quit strata-interrupted))
        (apply throw key arguments))
      (raise-strata-error
       (format #f (G_ "cannot load the module ~a: ~a") name
               (printable (string-trim-both
                           (call-with-output-string
                             (lambda (port)
                               (print-exception port #f key arguments))))))))))

(define (image-types)
  "Return all image types: Strata's, then those that users' modules export, by
name.  Of several with one name the first counts."
  (delete-duplicates
   (append %own-types
           (sort (append-map module-types (user-modules))
                 (lambda (a b)
                   (string<? (symbol->string (image-type-name a))
                             (symbol->string (image-type-name b))))))
   (lambda (a b)
     (eq? (image-type-name a) (image-type-name b)))))

(define (lookup-image-type-by-name name)
  "Return the image type called NAME, a symbol; raise an error if there is
none."
  (define (called-so? type)
    (eq? name (image-type-name type)))

  ;; A broken module of the user's does not hinder who does not need it.
  (or (find called-so? %own-types)
      (let* ((types (image-types))
             (names (map (lambda (type)
                           (symbol->string (image-type-name type)))
                         types)))
        (or (find called-so? types)
            (raise-strata-error
             (format #f (G_ "unknown image type '~a'")
                     (printable (symbol->string name)))
             (match (nearest-hint (symbol->string name) names)
               (#f (known-are names))
               (hint (string-append hint " " (known-are names)))))))))
