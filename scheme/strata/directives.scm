;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What stands outside the store, as callers say it: Guix's populate
;;; directives, and what a store database brings along.  The core takes lists
;;; (ACTION PATH CONTENT MODE UID GID).
;;; Code:

(define-module (strata directives)
  #:use-module (ice-9 match)
  #:use-module (strata errors)
  #:use-module (strata text)
  #:export (populate-directive->fields
            owner->fields
            localstatedir-links
            database-directives))

(define (identifier? value)
  "Return true if VALUE can be the number of a user or group."
  (and (exact-integer? value) (<= 0 value #xffffffff)))

(define (mode? value)
  "Return true if VALUE can be the mode of a file."
  (and (exact-integer? value) (<= 0 value #o7777)))

(define (absolute path)
  "Return PATH with a slash before it."
  (if (string-prefix? "/" path)
      path
      (string-append "/" path)))

(define (populate-directive->fields directive)
  "Return what DIRECTIVE, a populate directive of Guix, says to the core.  The
owners in it are those of whoever builds the image: the image has 0:0."
  (match directive
    (('directory (? string? name))
     `(directory ,(absolute name) #f #f 0 0))
    (('directory (? string? name) (? identifier?) (? identifier?))
     `(directory ,(absolute name) #f #f 0 0))
    (('directory (? string? name) (? identifier?) (? identifier?)
                 (? mode? mode))
     `(directory ,(absolute name) #f ,mode 0 0))
    (('file (? string? name))
     `(file ,(absolute name) "" #f 0 0))
    (('file (? string? name) (? string? content))
     `(file ,(absolute name) ,content #f 0 0))
    (((? string? new) '-> (? string? old))
     `(symlink ,(absolute new) ,old #f 0 0))
    (_
     (raise-strata-error
      (format #f (G_ "invalid populate directive '~a'")
              (printable (object->string directive)))
      (G_ "known are: (directory NAME), (directory NAME UID GID), \
(directory NAME UID GID MODE), (file NAME), (file NAME CONTENT), \
(NEW -> OLD)")))))

(define (owner->fields owner)
  "Return what OWNER, a list of a path and the numbers of a user and a group,
says to the core."
  (match owner
    (((? string? path) (? identifier? uid) (? identifier? gid))
     `(owner ,(absolute path) #f #f ,uid ,gid))
    (_
     (raise-strata-error
      (format #f (G_ "invalid owner '~a'") (printable (object->string owner)))
      (G_ "an owner is (PATH UID GID)")))))

(define* (localstatedir-links profile #:optional (name "guix-profile"))
  "Return the directives of the links that keep PROFILE, a store path, alive
and make it root's profile called NAME."
  (let* ((folder     "/var/guix/profiles/per-user/root/")
         (generation (string-append name "-1-link")))
    `((symlink "/var/guix/gcroots/profiles" "/var/guix/profiles" #f 0 0)
      (symlink ,(string-append folder generation) ,profile #f 0 0)
      (symlink ,(string-append folder name) ,generation #f 0 0))))

(define (database-directives file profile)
  "Return the directives that put FILE, a store database, in its place, with
the links for PROFILE."
  (cons `(disk-file "/var/guix/db/db.sqlite" ,file #o644 0 0)
        (localstatedir-links profile)))
