;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The picture of layers and the items in them: a treemap in SVG.  What would
;;; be too small to see is drawn as one tile, so that the picture does not grow
;;; without bound; who looks for a single item finds it in a table.
;;; Code:

(define-module (strata treemap-picture)
  #:use-module (ice-9 match)
  #:use-module (ice-9 receive)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata colors)
  #:use-module (strata text)
  #:use-module (strata treemap)
  #:export (make-tile
            tile?
            tile-name
            tile-size
            tile-kind
            tile-note
            tile-places

            make-tile-group
            tile-group?
            tile-group-name
            tile-group-note
            tile-group-tiles

            treemap-picture))

(define-immutable-record-type <tile>
  (make-tile name size kind note places)
  tile?
  (name   tile-name)                    ;string, written if there is room
  (size   tile-size)                    ;bytes
  (kind   tile-kind)                    ;number, from 0
  (note   tile-note)                    ;string, tells all
  (places tile-places))                 ;rows of a table that it stands for

(define-immutable-record-type <tile-group>
  (make-tile-group name note tiles)
  tile-group?
  (name  tile-group-name)               ;short string
  (note  tile-group-note)               ;string, tells all
  (tiles tile-group-tiles))

;; In hundredths of a pixel, the unit of all that is placed.
(define unit 100)
(define picture-width (* 960 unit))
(define picture-height (* 560 unit))
(define least-tile-area (* 50 unit unit))
(define least-group-area (* 20 unit unit))

;; In pixels.
(define letter-width 67/10)             ;of the names
(define legend-letter-width 7)          ;at most, on average
(define legend-line 22)
(define heading-height 26)

(define (number units)
  "Return UNITS, a number of them, as text, in pixels."
  (let* ((value (inexact->exact (round units)))
         (rest  (remainder value unit)))
    (string-append (number->string (quotient value unit))
                   (cond ((zero? rest)
                          "")
                         (else
                          (string-append
                           "."
                           (string-trim-right
                            (string-pad (number->string rest) 2 #\0)
                            #\0)))))))


;;; What is too small.

(define (gathered tiles)
  "Return a tile for all TILES, which are of one kind."
  (match tiles
    ((tile)
     tile)
    ((tile . _)
     (let ((size  (apply + (map tile-size tiles)))
           (count (length tiles)))
       (make-tile (format #f (ngettext "~a item" "~a items" count "strata")
                          count)
                  size
                  (tile-kind tile)
                  (format #f (ngettext "~a small item, ~a"
                                       "~a small items together, ~a"
                                       count "strata")
                          count (size->string size))
                  (append-map tile-places tiles))))))

(define (gather-by-kind tiles)
  "Return a tile for each kind that is among TILES."
  (filter-map (lambda (kind)
                (match (filter (lambda (tile)
                                 (= kind (tile-kind tile)))
                               tiles)
                  (() #f)
                  (tiles (gathered tiles))))
              (iota %kind-count)))

(define (group-size group)
  "Return the bytes of GROUP."
  (apply + (map tile-size (tile-group-tiles group))))

(define (with-large-tiles group total)
  "Return GROUP with tiles that can be seen in a picture of TOTAL bytes."
  (define (small? tile)
    (< (* (tile-size tile) picture-width picture-height)
       (* total least-tile-area)))

  (receive (small large)
      (partition small? (tile-group-tiles group))
    (make-tile-group (tile-group-name group)
                     (tile-group-note group)
                     (append large (gather-by-kind small)))))


(define (with-large-groups groups total)
  "Return GROUPS, those that cannot be seen in a picture of TOTAL bytes as one."
  (define (small? group)
    (< (* (group-size group) picture-width picture-height)
       (* total least-group-area)))

  (receive (small large)
      (partition small? groups)
    (match (length small)
      ((or 0 1)
       groups)
      (count
       (append large
               (list (make-tile-group
                      "…"
                      (format #f (ngettext "~a small layer"
                                           "~a small layers together"
                                           count "strata")
                              count)
                      (append-map tile-group-tiles small))))))))


;;; Drawing.

(define (shortened name width)
  "Return NAME as far as it can be written in WIDTH pixels, or #f if nothing of
it can."
  (let ((letters (floor (/ width letter-width)))
        (name    (printable name)))
    (cond ((<= (string-length name) letters)
           name)
          ((<= 4 letters)
           (string-append (string-take name (- letters 1)) "…"))
          (else #f))))

(define (name-elements rectangle tile offset)
  "Return the name and size of TILE, written in RECTANGLE as far as there is
room; the first OFFSET pixels of the first line are taken."
  (define width
    (/ (rectangle-width rectangle) unit))
  (define height
    (/ (rectangle-height rectangle) unit))

  (define (line text x y)
    `(text (@ (class "s-text s-name")
              (x ,(number (+ (rectangle-x rectangle) (* unit x))))
              (y ,(number (+ (rectangle-y rectangle) (* unit y)))))
           ,text))

  (let* ((below? (and (positive? offset) (<= 36 height)))
         (x      (if below? 4 (+ 4 offset)))
         (y      (if below? 28 13))
         (name   (and (<= 16 height)
                      (shortened (tile-name tile) (- width x 4))))
         (size   (size->string (tile-size tile))))
    (cond ((not name)
           '())
          ((and (<= (+ y 17) height)
                (<= (* letter-width (string-length size)) (- width 8)))
           (list (line name x y) (line size 4 (+ y 14))))
          (else
           (list (line name x y))))))

(define (rectangle-attributes rectangle)
  "Return the attributes that place RECTANGLE."
  `((x ,(number (rectangle-x rectangle)))
    (y ,(number (rectangle-y rectangle)))
    (width ,(number (rectangle-width rectangle)))
    (height ,(number (rectangle-height rectangle)))))

(define (tile-element id tile rectangle offset)
  "Return TILE of the picture ID, drawn in RECTANGLE."
  `(g (@ (class "s-tile")
         (data-rows ,(string-join (map number->string (tile-places tile)))))
      (title ,(tile-note tile))
      (rect (@ (class "s-frame s-edge")
               (style ,(string-append "fill:"
                                      (pattern-reference id
                                                         (tile-kind tile))))
               ,@(rectangle-attributes rectangle)))
      ,@(name-elements rectangle tile offset)))

(define (name-width name)
  "Return the width of NAME, that of a group, with some room around, in
pixels."
  (+ 8 (* letter-width (string-length name))))

(define (group-element id group rectangle rectangles)
  "Return GROUP of the picture ID, drawn in RECTANGLE, with its tiles in
RECTANGLES."
  (define name
    (tile-group-name group))
  (define named?
    (and (<= (* unit (name-width name)) (rectangle-width rectangle))
         (<= (* unit 15) (rectangle-height rectangle))))

  (define (offset other)
    (if (and named?
             (= (rectangle-x rectangle) (rectangle-x other))
             (= (rectangle-y rectangle) (rectangle-y other)))
        (name-width name)
        0))

  `(g (title ,(tile-group-note group))
      ,@(map (lambda (tile rectangle)
               (tile-element id tile rectangle (offset rectangle)))
             (tile-group-tiles group) rectangles)
      (rect (@ (class "s-frame") ,@(rectangle-attributes rectangle)))
      ,@(if named?
            `((rect (@ (class "s-back")
                       ,@(rectangle-attributes
                          (make-rectangle (+ (rectangle-x rectangle) unit)
                                          (+ (rectangle-y rectangle) unit)
                                          (* unit (- (name-width name) 1))
                                          (* unit 14)))))
              (text (@ (class "s-text s-number")
                       (x ,(number (+ (rectangle-x rectangle) (* 4 unit))))
                       (y ,(number (+ (rectangle-y rectangle) (* 12 unit)))))
                    ,name))
            '())))

(define (kinds-of groups)
  "Return the kinds that there are in GROUPS."
  (delete-duplicates
   (append-map (lambda (group)
                 (map tile-kind (tile-group-tiles group)))
               groups)))

(define (legend-elements id kinds top)
  "Return the legend of KINDS, pairs of a number and a text, for the picture ID,
from TOP on, and its height in pixels."
  (define width
    (/ picture-width unit))

  (let loop ((kinds kinds) (x 0) (y top) (result '()))
    (match kinds
      (()
       (values (reverse result) (+ legend-line (- y top))))
      (((kind . text) . rest)
       (let ((needed (+ 34 (* legend-letter-width (string-length text)))))
         (if (and (positive? x) (> (+ x needed) width))
             (loop kinds 0 (+ y legend-line) result)
             (loop rest (+ x needed) y
                   (cons `(g (rect (@ (class "s-frame s-edge")
                                      (style ,(string-append
                                               "fill:"
                                               (pattern-reference id kind)))
                                      (x ,(+ x 1)) (y ,(+ y 3))
                                      (width 16) (height 14)))
                             (text (@ (class "s-text")
                                      (x ,(+ x 23)) (y ,(+ y 15)))
                                   ,text))
                         result))))))))

(define* (treemap-picture id groups kinds
                          #:key title description heading?)
  "Return the picture ID of GROUPS, an element 'svg'.  KINDS is a list of texts
that say what tiles of kind 0, 1, ... are; the legend has those that there are.
TITLE and DESCRIPTION are for who cannot see it; with HEADING? true TITLE is
written above it too."
  (define total
    (apply + (map group-size groups)))

  (define top
    (if heading? heading-height 0))

  (define shown
    (map (lambda (group)
           (with-large-tiles group total))
         (with-large-groups groups total)))

  (define placed
    (treemap (map (lambda (group)
                    (map tile-size (tile-group-tiles group)))
                  shown)
             (make-rectangle 0 (* unit top) picture-width picture-height)))

  (receive (legend legend-height)
      (legend-elements id
                       (filter (match-lambda
                                 ((kind . _) (memv kind (kinds-of shown))))
                               (map cons (iota (length kinds)) kinds))
                       (+ top (/ picture-height unit) 8))
    (let ((width  (/ picture-width unit))
          (height (+ top (/ picture-height unit) 8 legend-height)))
      `(svg (@ (xmlns "http://www.w3.org/2000/svg")
               (viewBox ,(format #f "-2 -2 ~a ~a" (+ width 4) (+ height 4)))
               (width ,(+ width 4)) (height ,(+ height 4))
               (id ,id)
               (role "img")
               (aria-labelledby ,(string-append id "-title " id
                                                "-description")))
            (title (@ (id ,(string-append id "-title"))) ,title)
            (desc (@ (id ,(string-append id "-description"))) ,description)
            (style ,picture-style)
            (defs ,@(kind-patterns id))
            (rect (@ (class "s-back") (x -2) (y -2)
                     (width ,(+ width 4)) (height ,(+ height 4))))
            ,@(if heading?
                  `((text (@ (class "s-text s-heading") (x 0) (y 16))
                          ,title))
                  '())
            ,@(map (match-lambda*
                     ((group (rectangle . rectangles))
                      (group-element id group rectangle rectangles)))
                   shown placed)
            ,@legend))))
