;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Differences of images as pictures and pages, coloured by what both share.
;;; Code:

(define-module (strata difference-pictures)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata difference)
  #:use-module (strata difference-text)
  #:use-module (strata markup)
  #:use-module (strata page)
  #:use-module (strata plan)
  #:use-module (strata plan-words)
  #:use-module (strata text)
  #:use-module (strata treemap-picture)
  #:export (difference-picture
            difference-page))

(define (kind-texts)
  "Return what the kinds of 'item-kind' are."
  (list (G_ "in both, with its layer: nothing to pull")
        (G_ "in both, but pulled with its layer")
        (G_ "new: pulled")
        (G_ "new, but in a layer that is in both")))

(define (known-paths image)
  "Return a table that has the paths of the items of IMAGE."
  (let ((table (make-hash-table)))
    (for-each (lambda (layer)
                (for-each (lambda (item)
                            (hash-set! table (sized-item-path item) #t))
                          (compared-layer-items layer)))
              (compared-image-layers image))
    table))

(define (item-kind known layer item)
  "Return the kind of ITEM of LAYER.  KNOWN has the paths of the other image."
  (let ((known? (hash-ref known (sized-item-path item))))
    (match (cons known? (compared-layer-in-both? layer))
      ((#t . #t) 0)
      ((#t . #f) 1)
      ((#f . #f) 2)
      ((#f . #t) 3))))

(define (layer-state layer)
  "Return whether LAYER is pulled, as text."
  (if (compared-layer-in-both? layer)
      (G_ "in both")
      (G_ "pulled")))

(define (layer-items layer)
  "Return the items of LAYER; for one without items, all of it as one."
  (match (compared-layer-items layer)
    (() (list (make-sized-item "root" (compared-layer-size layer))))
    (items items)))

(define (layer->tile-group layer first-row known)
  "Return LAYER as it is drawn.  FIRST-ROW is the row of its first item."
  (define items
    (layer-items layer))
  (define root?
    (null? (compared-layer-items layer)))

  (make-tile-group
   (number->string (compared-layer-number layer))
   (format #f (G_ "layer ~a, ~a: ~a")
           (compared-layer-number layer)
           (size->string (compared-layer-size layer))
           (layer-state layer))
   (map (lambda (item name row)
          (let ((kind (if root?
                          (if (compared-layer-in-both? layer) 0 2)
                          (item-kind known layer item))))
            (make-tile name
                       (sized-item-size item)
                       kind
                       (format #f "~a, ~a; ~a" name
                               (size->string (sized-item-size item))
                               (list-ref (kind-texts) kind))
                       (list row))))
        items (item-names items) (iota (length items) first-row))))

(define (title difference)
  "Return the title of what shows DIFFERENCE."
  (define (name image)
    (basename (compared-image-file image)))

  (format #f (G_ "From ~a to ~a")
          (name (difference-before difference))
          (name (difference-after difference))))

(define (treemap difference heading?)
  "Return the treemap of the second image of DIFFERENCE."
  (define known
    (known-paths (difference-before difference)))

  (let loop ((layers (compared-image-layers (difference-after difference)))
             (row    0)
             (groups '()))
    (match layers
      (()
       (treemap-picture "layers" (reverse groups) (kind-texts)
                        #:title (title difference)
                        #:description
                        (string-join (map (match-lambda
                                            ((name . value)
                                             (string-append name ": " value)))
                                          (difference-facts difference))
                                     "; ")
                        #:heading? heading?))
      ((layer . rest)
       (loop rest
             (+ row (length (layer-items layer)))
             (cons (layer->tile-group layer row known) groups))))))

(define (difference-picture difference)
  "Return the picture of DIFFERENCE, for 'display-markup'."
  (svg-document (treemap difference #t)))

(define (layers-table difference)
  "Return the table of the layers of the second image of DIFFERENCE."
  (define shipped?
    (difference-pulled-blob-size difference))

  (page-table
   (G_ "Layers of the second image, the lowest first.")
   `((,(G_ "layer") . number) (,(G_ "size") . number)
     ,@(if shipped? `((,(G_ "shipped") . number)) '())
     ,(G_ "state") (,(G_ "items") . number))
   (map (lambda (layer)
          `(,(number-cell (compared-layer-number layer))
            ,(size-cell (compared-layer-size layer))
            ,@(if shipped?
                  (list (size-cell (compared-layer-blob-size layer)))
                  '())
            ,(layer-state layer)
            ,(number-cell (length (compared-layer-items layer)))))
        (compared-image-layers (difference-after difference)))))

(define (changes-table difference)
  "Return the table of the items that DIFFERENCE is about."
  (define (cell path)
    (if path (item-file-name path) ""))

  (page-table
   (format #f (ngettext "~a item." "~a items."
                        (length (difference-changes difference)) "strata")
           (length (difference-changes difference)))
   (list (G_ "state") (G_ "before") (G_ "after"))
   (map (lambda (change)
          (list (change-word change)
                (cell (item-change-before change))
                (cell (item-change-after change))))
        (difference-changes difference))))

(define (items-table difference)
  "Return the table of the items of the second image of DIFFERENCE, in the order
of the tiles."
  (define known
    (known-paths (difference-before difference)))

  (page-table
   (G_ "All items of the second image.")
   `((,(G_ "layer") . number) ,(G_ "item") (,(G_ "size") . number)
     ,(G_ "state"))
   (append-map
    (lambda (layer)
      (map (lambda (item)
             (list (number-cell (compared-layer-number layer))
                   (item-file-name (sized-item-path item))
                   (size-cell (sized-item-size item))
                   (if (null? (compared-layer-items layer))
                       (layer-state layer)
                       (list-ref (kind-texts)
                                 (item-kind known layer item)))))
           (layer-items layer)))
    (compared-image-layers (difference-after difference)))
   #:searched? #t))

(define (difference-page difference)
  "Return the page of DIFFERENCE, for 'display-markup'."
  (make-page
   (title difference)
   `((,(G_ "before") . ,(compared-image-file (difference-before difference)))
     (,(G_ "after") . ,(compared-image-file (difference-after difference)))
     ,@(difference-facts difference))
   (G_ "Picture")
   (page-figure (treemap difference #f)
                (G_ "The second image.  Areas are in proportion to sizes; \
frames are layers."))
   (G_ "Changes") (changes-table difference)
   (G_ "Layers") (layers-table difference)
   (G_ "Items") (items-table difference)))
