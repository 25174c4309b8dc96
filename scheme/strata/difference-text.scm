;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Differences of images as text and as JSON; the manual has the schema.
;;; Code:

(define-module (strata difference-text)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata columns)
  #:use-module (strata difference)
  #:use-module (strata plan-json)
  #:use-module (strata plan-words)
  #:use-module (strata table)
  #:use-module (strata text)
  #:export (change-word
            change-names
            difference-facts
            display-difference
            difference->json))


;;; Words.

(define (change-word change)
  "Return what happened to an item by CHANGE, as a word."
  (match change
    ((= item-change-before #f) (G_ "added"))
    ((= item-change-after #f) (G_ "removed"))
    (_
     (if (string=? (item-short-name (item-change-before change))
                   (item-short-name (item-change-after change)))
         (G_ "rebuilt")
         (G_ "changed")))))

(define (change-names change)
  "Return the names of the items of CHANGE."
  (match change
    ((= item-change-before #f) (item-short-name (item-change-after change)))
    ((= item-change-after #f) (item-short-name (item-change-before change)))
    (_
     (let ((before (item-short-name (item-change-before change)))
           (after  (item-short-name (item-change-after change))))
       (if (string=? before after)
           after
           (string-append before " -> " after))))))

(define (difference-facts difference)
  "Return what DIFFERENCE says in short, as a list of pairs of texts."
  (define layers
    (compared-image-layers (difference-after difference)))
  (define common
    (filter compared-layer-in-both? layers))
  (define (count-different layers)      ;plans have no equal ones
    (length (delete-duplicates (map (lambda (layer)
                                      (or (compared-layer-diff-id layer)
                                          (compared-layer-number layer)))
                                    layers))))

  `((,(G_ "in common")
     . ,(format #f (G_ "~a, ~a")
                (layer-count (count-different common))
                (size->string (difference-common-size difference))))
    (,(G_ "to pull")
     . ,(format #f (G_ "~a, ~a (at least ~a: the items that are new)")
                (layer-count (count-different (remove compared-layer-in-both?
                                                      layers)))
                (size->string (difference-pulled-size difference))
                (size->string (difference-least-size difference))))
    ,@(match (difference-pulled-blob-size difference)
        (#f '())
        (size
         `((,(G_ "as shipped")
            . ,(format #f (G_ "~a to pull, ~a in common")
                       (size->string size)
                       (size->string
                        (difference-common-blob-size difference)))))))))


;;; Text.

(define (display-layers difference)
  "Write the table of the layers of the second image of DIFFERENCE."
  (define shipped?
    (difference-pulled-blob-size difference))

  (display-columns
   `(,(G_ "layer") ,(G_ "size") ,@(if shipped? (list (G_ "shipped")) '())
     ,(G_ "state") ,(G_ "items"))
   (map (lambda (layer)
          `(,(number->string (compared-layer-number layer))
            ,(size->string (compared-layer-size layer))
            ,@(if shipped?
                  (list (size->string (compared-layer-blob-size layer)))
                  '())
            ,(cond ((not (compared-layer-in-both? layer)) (G_ "pulled"))
                   ((and shipped? (not (compared-layer-same-blob? layer)))
                    (G_ "recompressed"))
                   (else (G_ "in both")))
            ,(if (null? (compared-layer-items layer))
                 "root"
                 (item-names (compared-layer-items layer)))))
        (compared-image-layers (difference-after difference)))))

(define (display-difference difference)
  "Write DIFFERENCE to standard output."
  (define changes
    (difference-changes difference))

  (display-layers difference)
  (unless (null? changes)
    (newline)
    (for-each (lambda (change)
                (display-field (change-word change) (change-names change)))
              changes))
  (newline)
  (for-each (match-lambda
              ((name . value)
               (display-field name value)))
            (difference-facts difference)))


;;; JSON.

(define (image->json image)
  `((file . ,(compared-image-file image))
    (kind . ,(if (compared-image-image? image) "image" "plan"))
    (layers . ,(list->vector
                (map (lambda (layer)
                       `((number . ,(compared-layer-number layer))
                         (size . ,(compared-layer-size layer))
                         (diff_id . ,(or (compared-layer-diff-id layer) 'null))
                         (blob_size . ,(or (compared-layer-blob-size layer)
                                           'null))
                         (in_both . ,(compared-layer-in-both? layer))
                         (same_blob . ,(compared-layer-same-blob? layer))
                         (items . ,(sized-items->json
                                    (compared-layer-items layer)))))
                     (compared-image-layers image))))))

(define (difference->json difference)
  "Return DIFFERENCE as JSON, for 'display-json'."
  `((version . 1)
    (common_size . ,(difference-common-size difference))
    (pulled_size . ,(difference-pulled-size difference))
    (least_size . ,(difference-least-size difference))
    (common_blob_size . ,(or (difference-common-blob-size difference) 'null))
    (pulled_blob_size . ,(or (difference-pulled-blob-size difference) 'null))
    (changes . ,(list->vector
                 (map (lambda (change)
                        `((before . ,(or (item-change-before change) 'null))
                          (after . ,(or (item-change-after change) 'null))))
                      (difference-changes difference))))
    (before . ,(image->json (difference-before difference)))
    (after . ,(image->json (difference-after difference)))))
