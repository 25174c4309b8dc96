;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Stores: the items that are in one, and what they refer to.
;;; Code:

(define-module (strata store)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata primitives)
  #:use-module (strata text)
  #:export (open-store
            store?
            store-handle
            store-directory
            store-root
            store-items
            store-item
            store-closure
            store-referrers
            resolve-item
            closure-size

            store-item?
            store-item-path
            store-item-deriver
            store-item-nar-hash
            store-item-nar-size
            store-item-references

            add-to-store
            verify-store
            write-store-database))

(define %directories '("/gnu/store" "/nix/store"))

(define-immutable-record-type <store>
  (make-store handle)
  store?
  (handle store-handle))                ;the object of the core

(define-immutable-record-type <store-item>
  (make-store-item path deriver nar-hash nar-size references)
  store-item?
  (path       store-item-path)          ;"/gnu/store/<hash>-<name>"
  (deriver    store-item-deriver)       ;path | #f
  (nar-hash   store-item-nar-hash)      ;"sha256:<hex>" | #f
  (nar-size   store-item-nar-size)      ;bytes
  (references store-item-references))   ;paths, maybe its own among them

(define (existing-directory root)
  "Return the usual store directory that exists below ROOT, else Guix's."
  (or (find (lambda (directory)
              (file-exists? (string-append root directory)))
            %directories)
      (first %directories)))

(define* (open-store #:key root directory database (reference-graphs '()))
  "Return a store object.  ROOT is the folder under which the store lies when
it is not at its place, DIRECTORY the prefix in its paths, such as
\"/gnu/store\", and DATABASE the file name of its database; each of them is #f
for the default.  REFERENCE-GRAPHS, unless it is empty, is a list of
reference-graph files that are read in place of the database."
  (make-store
   (cond ((null? reference-graphs)
          (checked %store-open root directory database))
         (database
          (raise-strata-error
           (G_ "a database and reference graphs cannot be read together")))
         (else
          (checked %store-open-graphs root
                   (or directory (existing-directory (or root "")))
                   reference-graphs)))))

(define (store-directory store)
  "Return the prefix of the paths of STORE, such as \"/gnu/store\"."
  (checked %store-directory (store-handle store)))

(define (store-root store)
  "Return the folder under which STORE lies, \"\" if it is at its place."
  (checked %store-root (store-handle store)))

(define (store-items store)
  "Return the paths of all items of STORE, bytewise sorted."
  (checked %store-items (store-handle store)))

(define (store-item store path)
  "Return the item of STORE that is called PATH, as a <store-item>."
  (let ((fields (checked %store-item (store-handle store) path)))
    (make-store-item (assq-ref fields 'path)
                     (assq-ref fields 'deriver)
                     (assq-ref fields 'nar-hash)
                     (assq-ref fields 'nar-size)
                     (assq-ref fields 'references))))

(define (store-closure store paths)
  "Return the paths of the closure of PATHS in STORE, references first."
  (checked %store-closure (store-handle store) paths))

(define (store-referrers store path)
  "Return the paths of the items of STORE that refer to PATH."
  (checked %store-referrers (store-handle store) path))

(define (closure-size store paths)
  "Return the sum of the NAR sizes, in bytes, of the closure of PATHS."
  (apply + (map (lambda (path)
                  (store-item-nar-size (store-item store path)))
                (store-closure store paths))))

(define (resolve-item store item)
  "Return the path of the item of STORE that ITEM stands for: a path in the
store, the name of a symlink to one, or the item's name, with or without its
version, such as \"hello\" or \"hello@2.10\"."
  (checked %store-resolve (store-handle store) item))

(define* (add-to-store name source #:key root directory database progress)
  "Copy SOURCE, a file or folder, as an item called NAME into the store under
ROOT, register it, and return its path.  DIRECTORY and DATABASE are as for
'open-store'; both are made if need be.  PROGRESS is #f or a procedure that
takes stage, bytes done, bytes in total, and new warnings."
  (checked %store-add root directory database name source progress))

(define* (verify-store store #:key (jobs 0) progress)
  "Compute the NAR hash of every item of STORE anew, on JOBS threads (0: all
cores).  Return a list of pairs of a path and a text that says what is wrong
with it; it is empty if all is well.  PROGRESS is as for 'add-to-store'."
  (checked %store-verify (store-handle store) jobs progress))

(define* (write-store-database file store paths #:key (jobs 0) progress)
  "Write a store database with Guix's tables to FILE that lists the closure of
PATHS in STORE, references first.  NAR hashes and sizes that STORE does not
tell, as where it was made of reference graphs, are computed on JOBS threads (0:
all cores).  The bytes depend on these items alone.  PROGRESS is as for
'add-to-store'."
  (checked %write-store-database file (store-handle store) paths jobs
           progress))
