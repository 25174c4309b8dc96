;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Profiles: the one an image has, the names of its packages, its files, and
;;; the variables that it asks for.
;;; Code:

(define-module (strata profile)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata manifest)
  #:use-module (strata primitives)
  #:use-module (strata search-paths)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (items->profile
            profile?
            profile-path
            profile-names
            profile-trees
            resolve-path
            profile-file
            profile-program
            profile-environment))

(define-immutable-record-type <profile>
  (make-profile path names search-paths tree)
  profile?
  (path         profile-path)           ;store path
  (names        profile-names)          ;of its packages
  (search-paths profile-search-paths)   ;list of <search-path>
  (tree         profile-tree))          ;object of the core | #f if in the store

(define (path-kind store trees path)
  "Return 'directory or 'regular for what PATH, links followed, leads to in
STORE or one of TREES; #f for nothing."
  (checked %path-kind (store-handle store) trees path))

(define (resolve-path store path)
  "Return the path without links to which PATH leads in STORE, or #f."
  (checked %resolve-path (store-handle store) path))

(define (item-package-name path)
  "Return the name of the package in the item PATH."
  (item-name->name+version (item-path->name path)))

(define (profile-item? store path)
  "Return true if the item PATH of STORE is a profile."
  (path-kind store '() (string-append path "/manifest")))

(define (existing-profile store path progress)
  "Return the profile that the item PATH of STORE is; warn through PROGRESS if
its manifest cannot be read."
  (let* ((file     (resolve-path store (string-append path "/manifest")))
         (manifest (and file
                        (read-manifest
                         (string-append (store-root store) file)))))
    (when (and progress (not manifest))
      (progress "" 0 0
                (list (format #f (G_ "cannot read the manifest of the profile \
'~a': the variables that it sets are left out")
                              (printable path)))))
    (make-profile path
                  (match (and=> manifest manifest-names)
                    ((or #f ()) (list (item-package-name path)))
                    (names names))
                  (if manifest (manifest-search-paths manifest) '())
                  #f)))

(define (new-profile store paths progress)
  "Return a profile that joins the items PATHS of STORE."
  (define (somewhere? directory)
    (any (lambda (path)
           (path-kind store '() (string-append path "/" directory)))
         paths))

  (let ((tree (checked %make-profile
                       (store-handle store) paths
                       (items->manifest paths)
                       (etc-profile (cons "bin"
                                          (filter somewhere? '("sbin"))))
                       progress)))
    (make-profile (checked %tree-path tree)
                  (map item-package-name paths)
                  '()
                  tree)))

(define (items->profile store paths progress)
  "Return the profile for an image of the items PATHS of STORE."
  (match paths
    (()
     (raise-strata-error (G_ "an image needs at least one item")))
    (((? (lambda (path) (profile-item? store path)) path))
     (existing-profile store path progress))
    (_
     (new-profile store paths progress))))

(define (profile-trees profile)
  "Return the list of virtual items that PROFILE is, empty or one."
  (match (profile-tree profile)
    (#f '())
    (tree (list tree))))

(define (profile-file store profile file what)
  "Return the absolute name of FILE, which is relative to PROFILE; one that
begins with the store directory is returned as it is.  WHAT says in errors
what it is for."
  (if (string-prefix? (string-append (store-directory store) "/") file)
      file
      (let ((path (string-append (profile-path profile) "/"
                                 (string-trim file #\/))))
        (unless (and (not (string-null? file))
                     (path-kind store (profile-trees profile) path))
          (raise-strata-error
           (format #f (G_ "~a: '~a' is not in the profile '~a'")
                   what (printable file) (profile-path profile))
           (G_ "give a file of one of the items, such as 'bin/hello', or an \
absolute path in the store")))
        path)))

(define (profile-program store profile file)
  "Return the absolute name of the program FILE of PROFILE, as 'profile-file'
does."
  (let* ((what (G_ "entry point"))
         (path (profile-file store profile file what)))
    (when (eq? 'directory (path-kind store (profile-trees profile) path))
      (raise-strata-error
       (format #f (G_ "~a: '~a' is a directory") what (printable path))
       (G_ "give a program of one of the items, such as 'bin/hello'")))
    path))


;;; Variables.

(define (default-path store profile)
  "Return the value of PATH for PROFILE."
  (let ((bin  (string-append (profile-path profile) "/bin"))
        (sbin (string-append (profile-path profile) "/sbin")))
    (if (path-kind store (profile-trees profile) sbin)
        (string-append bin ":" sbin)
        bin)))

(define (profile-environment store profile)
  "Return the variables for programs of PROFILE, an alist: PATH, and those for
which its packages have search paths with something in them."
  (let ((variables (evaluate-search-paths
                    (profile-search-paths profile)
                    (profile-path profile)
                    (lambda (path)
                      (path-kind store (profile-trees profile) path))
                    (lambda (path)
                      (checked %path-entries (store-handle store) path)))))
    (acons "PATH" (or (assoc-ref variables "PATH")
                      (default-path store profile))
           (alist-delete "PATH" variables))))
