;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Caches of compressed items: what is in one, and keeping it whole and small.
;;; Code:

(define-module (strata cache)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata primitives)
  #:export (find-cache
            verify-cache
            prune-cache

            cache?
            cache-directory
            cache-fragments
            cache-layers
            cache-size
            cache-limit))

(define-immutable-record-type <cache>
  (make-cache directory fragments layers size limit)
  cache?
  (directory cache-directory)
  (fragments cache-fragments)           ;how many
  (layers    cache-layers)              ;how many have known digests
  (size      cache-size)                ;of all fragments, bytes
  (limit     cache-limit))              ;of the size, bytes

(define* (find-cache #:optional directory)
  "Return what is in the cache in DIRECTORY, or in the usual one, as a <cache>.
Where there is none, it is an empty one."
  (let ((fields (checked %cache-info directory)))
    (make-cache (assq-ref fields 'directory)
                (assq-ref fields 'fragments)
                (assq-ref fields 'layers)
                (assq-ref fields 'size)
                (assq-ref fields 'limit))))

(define* (verify-cache #:optional directory #:key progress)
  "Read all of the cache in DIRECTORY, or of the usual one, and remove what is
damaged or missing.  Return a list of texts, each of which names a file and says
what was wrong with it; it is empty if all is well.  PROGRESS is #f or a
procedure that takes stage, bytes done, bytes in total, and new warnings."
  (checked %cache-verify directory progress))

(define* (prune-cache #:optional directory #:key max-size)
  "Remove what was not used for longest from the cache in DIRECTORY, or from the
usual one, until it has at most MAX-SIZE bytes, or the limit that every cache
has, and what processes that were killed have left there."
  (checked %cache-prune directory max-size))
