;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Treemaps: a rectangle cut into smaller ones, with areas in proportion to
;;; sizes and shapes near to squares (Bruls, Huizing and van Wijk, "Squarified
;;; treemaps", 2000).
;;;
;;; The largest sizes come first.  They fill rows along the shorter side of what
;;; is left; a row takes one more as long as its worst shape gets no worse.  All
;;; numbers are whole: edges are rounded to the unit in which the caller thinks,
;;; so that rectangles touch and never overlap, and the same sizes give the same
;;; picture on every machine.
;;; Code:

(define-module (strata treemap)
  #:use-module (ice-9 match)
  #:use-module (ice-9 receive)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:export (make-rectangle
            rectangle?
            rectangle-x
            rectangle-y
            rectangle-width
            rectangle-height
            rectangle-area

            squarify
            treemap))

(define-immutable-record-type <rectangle>
  (make-rectangle x y width height)
  rectangle?
  (x      rectangle-x)
  (y      rectangle-y)
  (width  rectangle-width)
  (height rectangle-height))

(define (rectangle-area rectangle)
  "Return the area of RECTANGLE."
  (* (rectangle-width rectangle) (rectangle-height rectangle)))

(define (scale whole part total)
  "Return PART / TOTAL of WHOLE, rounded to a whole number."
  (round (/ (* whole part) total)))

(define (worst-shape sum largest least side other total)
  "Return how far the worst rectangle of a row is from a square, 1 for one: its
longer side over its shorter.  The row lies along SIDE of a rectangle whose
other side is OTHER and which is to hold TOTAL; it has SUM of that, and its
parts are from LEAST to LARGEST."
  (let ((ratio (/ (* side total) other)))
    (max (/ (* ratio largest) (* sum sum))
         (/ (* sum sum) (* ratio least)))))

(define (take-row sizes side other total)
  "Return those of SIZES that form the first row along SIDE, and the others.
SIZES are positive, the largest first."
  (define largest
    (car sizes))

  (let loop ((row   (list largest))
             (sum   largest)
             (worst (worst-shape largest largest largest side other total))
             (rest  (cdr sizes)))
    (match rest
      (()
       (values (reverse row) '()))
      ((size . others)
       (let ((next (worst-shape (+ sum size) largest size side other
                                total)))
         (if (<= next worst)
             (loop (cons size row) (+ sum size) next others)
             (values (reverse row) rest)))))))

(define (place-row row start length place)
  "Return what PLACE makes of the part of LENGTH, from START on, that each of
ROW, a list of sizes, has."
  (define total
    (apply + row))

  (let loop ((row row) (sum 0) (result '()))
    (match row
      (()
       (reverse result))
      ((size . rest)
       (let ((from (scale length sum total))
             (to   (scale length (+ sum size) total)))
         (loop rest
               (+ sum size)
               (cons (place (+ start from) (- to from)) result)))))))

(define (place-sorted sizes total rectangle)
  "Return rectangles for SIZES, positive numbers with the sum TOTAL, the largest
first, that fill RECTANGLE."
  (match rectangle
    (($ <rectangle> x y width height)
     (define column?
       (>= width height))
     (define side
       (if column? height width))
     (define other
       (if column? width height))

     (define (place-in-row thickness)
       (if column?
           (lambda (from length)
             (make-rectangle x from thickness length))
           (lambda (from length)
             (make-rectangle from y length thickness))))

     (define (rest-of-rectangle thickness)
       (if column?
           (make-rectangle (+ x thickness) y (- width thickness) height)
           (make-rectangle x (+ y thickness) width (- height thickness))))

     (cond ((null? sizes)
            '())
           ((zero? side)
            (map (const (make-rectangle x y 0 0)) sizes))
           (else
            (receive (row rest)
                (take-row sizes side other total)
              (let* ((sum       (apply + row))
                     (thickness (scale other sum total)))
                (append (place-row row (if column? y x) side
                                   (place-in-row thickness))
                        (place-sorted rest (- total sum)
                                      (rest-of-rectangle thickness))))))))))

(define (squarify sizes rectangle)
  "Return a list of rectangles, one for each of SIZES, whole numbers, in their
order.  They fill RECTANGLE, and their areas are in proportion to SIZES, apart
from the rounding of edges; those of size 0 have no area."
  (define numbered
    (stable-sort (filter (match-lambda
                           ((size . _) (positive? size)))
                         (map cons sizes (iota (length sizes))))
                 (lambda (one other)
                   (> (car one) (car other)))))

  (define result
    (make-vector (length sizes)
                 (make-rectangle (rectangle-x rectangle)
                                 (rectangle-y rectangle)
                                 0 0)))

  (for-each (match-lambda*
              (((_ . place) rectangle)
               (vector-set! result place rectangle)))
            numbered
            (place-sorted (map car numbered) (apply + sizes) rectangle))
  (vector->list result))

(define (treemap groups rectangle)
  "Return a list with an element for each of GROUPS, lists of sizes, in their
order: a pair of the rectangle of the group in RECTANGLE, and the list of the
rectangles of its sizes in it."
  (map (lambda (sizes rectangle)
         (cons rectangle (squarify sizes rectangle)))
       groups
       (squarify (map (lambda (sizes)
                        (apply + sizes))
                      groups)
                 rectangle)))
