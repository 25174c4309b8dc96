;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Images of systems as values: fields, types, requests.
;;; Code:

(use-modules (srfi srfi-1)
             (srfi srfi-64)
             (ice-9 exceptions)
             (ice-9 ftw)
             ((strata image) #:prefix packed:)
             (strata errors)
             (strata image-update)
             (strata pack)
             (strata plan)
             (strata store)
             (strata system image))

(define-syntax-rule (test-error-message pattern expression)
  (test-assert pattern
    (guard (condition ((strata-error? condition)
                       (string-contains (strata-error-message condition)
                                        pattern)))
      expression
      #f)))

(test-begin "system")


;; Values.

(test-equal "docker: fields" '(docker #f "gzip" #f #f #t () #f #f)
            (map (lambda (field) (field docker-image))
                 (list image-format image-name image-compression
                       image-max-layers image-shared-network?
                       image-substitutable? image-labels image-created
                       image-operating-system)))
(test-equal "docker-layered is the same" docker-image docker-layered-image)

(define small
  (image #:inherit docker-image #:name "small" #:max-layers 2
         #:platform "aarch64-linux" #:labels '(("a" . "b")) #:created 86400))

(test-equal "inherit: what is given" '("small" 2 "aarch64-linux")
            (map (lambda (field) (field small))
                 (list image-name image-max-layers image-platform)))
(test-equal "inherit: what is not" "gzip" (image-compression small))
(test-equal "the other is as it was" #f (image-name docker-image))
(test-equal "image-with-os" '("system" "small")
            (let ((image (image-with-os small "system")))
              (list (image-operating-system image) (image-name image))))

(test-error-message "the name '5'" (image #:name 5))
(test-error-message "the format 'zip'" (image #:format 'zip))
(test-error-message "the platform 'x86'" (image #:platform 'x86))
(test-error-message "the operating-system '1'" (image #:operating-system 1))
(test-error-message "the compression '#f'" (image #:compression #f))
(test-error-message "unknown compression 'rar'" (image #:compression "rar"))
(test-error-message "the labels '(1)'" (image #:labels '(1)))
(test-error-message "the created '-1'" (image #:created -1))
(test-error-message "0 layers" (image #:max-layers 0))
(test-error-message "a tarball has no layers"
                    (image #:inherit tarball-image #:max-layers 2))
(test-error-message "a tarball has no layers"
                    (image #:inherit small #:format 'tarball))


;; Types.

(test-equal "types" '(docker docker-layered oci tarball)
            (map image-type-name (image-types)))
(test-eq "look-up" oci-image-type (lookup-image-type-by-name 'oci))
(test-equal "constructor" '(tarball "os")
            (let ((image ((image-type-constructor tarball-image-type) "os")))
              (list (image-format image) (image-operating-system image))))
(test-error-message "unknown image type 'ocy'"
                    (lookup-image-type-by-name 'ocy))
(test-error-message "symbol as name" (image-type #:name "x"))


;; Requests: a system whose parts are files of its own.

(define root (mkdtemp "/tmp/strata-test-XXXXXX"))

(define (below . names)
  "Return the file name of NAMES below the folder of this test."
  (string-join (cons root names) "/"))

(define (write-file name text)
  "Write TEXT to the file NAME below the folder of this test."
  (call-with-output-file (below name)
    (lambda (port)
      (display text port))))

(for-each (lambda (folder)
            (mkdir (below folder)))
          '("system" "system/bin" "system/etc" "system/profile"))
(for-each (lambda (file)
            (write-file file "text\n"))
          '("system/boot" "system/activate" "system/bin/guile"))
(define no-guile
  (add-to-store "system-no-guile" (below "system") #:root (below "store")))
(chmod (below "system/bin/guile") #o755)
(define system
  (add-to-store "system" (below "system") #:root (below "store")))
(define store (open-store #:root (below "store")))
(define os-image (image-with-os docker-image system))

(test-equal "layers" (list (list system) '())
            (map group-items (image->layers store os-image)))
(test-equal "one layer" (list (list system))
            (map group-items
                 (image->layers store (image #:inherit os-image
                                             #:max-layers 1))))
(test-error-message "no Guile"
                    (image->layers store (image-with-os docker-image no-guile)))
(test-error-message "missing system" (image->layers store docker-image))
(test-error-message "cannot share the network"
                    (image->layers store (image #:inherit os-image
                                                #:shared-network? #t)))

(define output (below "image.tar"))

(define warnings '())

(define (make-image . files)
  "Write an image with FILES, populate directives, and return it as read."
  (set! warnings '())
  (pack-request
   (image->request store (image #:inherit small #:operating-system system)
                   #:extra-files files
                   #:output output
                   #:progress (lambda (stage done total new)
                                (set! warnings (append warnings new)))))
  (first (packed:inspect-images output)))

(let ((image (make-image)))
  (test-equal "name" '("docker.io/library/small:latest") (packed:image-tags image))
  (test-equal "platform" "arm64" (packed:image-architecture image))
  (test-equal "created" "1970-01-02T00:00:00Z" (packed:image-created image))
  (test-equal "at most two layers" 2 (length (packed:image-layers image)))
  (test-assert "labels"
    (string-contains (packed:image-config image) "\"Labels\":{\"a\":\"b\","))
  (test-assert "stop signal"
    (string-contains (packed:image-config image) "\"SIGTERM\""))
  (test-equal "no warning" '() warnings)
  (test-equal "the same again: the layer of items is kept" '(1 1)
              (let ((update (packed:image-update
                             (pack-request
                              (image->request
                               store (image-with-os small system)
                               #:previous output
                               #:output (below "next.tar"))))))
                (list (image-update-layers update)
                      (image-update-kept-layers update))))

  (let ((others (make-image '(directory "/srv" 0 0 #o700)
                            '("/tmp" -> "/var/tmp"))))
    (test-equal "extra files: the items' layer is the same"
                (packed:layer-digest (first (packed:image-layers image)))
                (packed:layer-digest (first (packed:image-layers others))))
    (test-equal "two directives for one path: a warning"
                '("'/tmp' is asked for twice: the last one is taken")
                warnings)))

(delete-file output)
(test-error-message "'/../x' into the image: it leads out of the root"
                    (make-image '(directory "/../x")))
(test-error-message "invalid link '/a': it leads back to itself"
                    (make-image '("/a" -> "etc/b") '("/etc/b" -> "../a")))
(test-error-message "invalid link '/run/x': it leads back to itself"
                    (make-image '("/var/log/x" -> "/run/x/y")
                                '("/run/x" -> "/var/log/x")))
(test-error-message "it would hide the store"
                    (make-image '(file "/gnu/store/x")))
(test-error-message "invalid populate directive '(x)'" (make-image '(x)))
(test-assert "nothing was written" (not (file-exists? output)))

(file-system-fold (const #t)
                  (lambda (file . _) (delete-file file))
                  (lambda (folder stat _) (chmod folder #o700))
                  (lambda (folder . _) (rmdir folder))
                  (const #t) (const #t) #t
                  root)
(test-end "system")
