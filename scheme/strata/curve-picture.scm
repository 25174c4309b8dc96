;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The picture of what layers cost, in SVG: bytes against the number of layers.
;;; Bytes are on a logarithmic scale, for the first few layers save most.
;;; Curves are told apart by dashes and marks as well as by colours.
;;; Code:

(define-module (strata curve-picture)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata colors)
  #:use-module (strata text)
  #:export (make-curve
            curve?
            curve-name
            curve-points
            curve-bound
            curve-bound-name

            make-panel
            panel?
            panel-title
            panel-curves

            curve-picture))

(define-immutable-record-type <curve>
  (make-curve name points bound bound-name)
  curve?
  (name       curve-name)               ;string, for the legend
  (points     curve-points)             ;list of pairs: layers, bytes
  (bound      curve-bound)              ;bytes, below which it cannot be | #f
  (bound-name curve-bound-name))        ;string, for the legend

;; At most two curves; what they show is told by TITLE.
(define-immutable-record-type <panel>
  (make-panel title curves)
  panel?
  (title  panel-title)
  (curves panel-curves))

;; All in pixels.
(define picture-width 760)
(define left-margin 90)
(define right-margin 20)
(define plot-width (- picture-width left-margin right-margin))
(define plot-height 260)
(define title-height 34)
(define axis-height 42)
(define legend-line 20)

(define %classes '("s-first" "s-second"))

(define (pixels value)
  "Return VALUE, a real number, with one digit after the point."
  (let ((tenths (inexact->exact (round (* 10 value)))))
    (string-append (if (negative? tenths) "-" "")
                   (tenths->string (abs tenths)))))


;;; Scales.

(define (panel-values panel)
  "Return all numbers of bytes in PANEL that are on a logarithmic scale."
  (filter positive?
          (append-map (lambda (curve)
                        (cons (or (curve-bound curve) 0)
                              (map cdr (curve-points curve))))
                      (panel-curves panel))))

(define (byte-ticks values)
  "Return numbers of bytes that are round in MiB and the like, at least two and
not many, the first of which is at most and the last at least each of VALUES,
exact positive numbers."
  (let* ((low   (- (integer-length (fold min (car values) values)) 1))
         (high  (integer-length (- (fold max (car values) values) 1)))
         (high  (max high (+ low 1)))
         (step  (max 1 (ceiling-quotient (- high low) 7)))
         (ticks (map (lambda (index)
                       (expt 2 (+ low (* step index))))
                     (iota (+ 1 (ceiling-quotient (- high low) step))))))
    (if (and (<= (length ticks) 3) (= step 1) (positive? low))
        ;; Two or three are too few to read by.
        (cons (first ticks)
              (append-map (lambda (tick)
                            (list (quotient (* 3 tick) 4) tick))
                          (cdr ticks)))
        ticks)))

(define (layer-ticks least most)
  "Return round numbers from LEAST to MOST."
  (let ((step (find (lambda (step)
                      (<= (- most least) (* 6 step)))
                    '(1 2 5 10 25 50 100 250 500 1000 10000 100000 1000000))))
    (delete-duplicates
     (cons least
           (filter (lambda (tick)
                     ;; Not where the first one's text is.
                     (<= (+ least (/ step 2)) tick most))
                   (map (lambda (index)
                          (* step (+ index (quotient least step))))
                        (iota 8)))))))

(define (log-scale ticks top)
  "Return a procedure that gives the place of a number of bytes in a plot whose
upper edge is TOP."
  (let* ((low   (log (first ticks)))
         (range (- (log (last ticks)) low)))
    (lambda (bytes)
      (+ top (* plot-height
                (- 1 (/ (- (log (max bytes (first ticks))) low) range)))))))

(define (linear-scale least most)
  "Return a procedure that gives the place of a number of layers."
  (lambda (layers)
    (+ left-margin
       (if (= least most)
           (/ plot-width 2)
           (* plot-width (/ (- layers least) (- most least)))))))


;;; Drawing.

(define (text-element x y text anchor . attributes)
  `(text (@ (class "s-text") (x ,(pixels x)) (y ,(pixels y))
            (text-anchor ,anchor) ,@attributes)
         ,text))

(define (path-element class . commands)
  `(path (@ (class ,class) (d ,(string-concatenate commands)))))

(define (mark-element class x y)
  "Return the mark of curves of CLASS at X and Y: a disk or a square."
  (if (string=? class (first %classes))
      `(circle (@ (class ,(string-append class "-mark"))
                  (cx ,(pixels x)) (cy ,(pixels y)) (r "3.5")))
      `(rect (@ (class ,(string-append class "-mark"))
                (x ,(pixels (- x 3))) (y ,(pixels (- y 3)))
                (width 6) (height 6)))))

(define (curve-elements curve class x y)
  "Return CURVE of CLASS; X and Y give the places of its numbers."
  (define points
    (map (match-lambda
           ((layers . bytes)
            (cons (x layers) (y bytes))))
         (curve-points curve)))

  ;; Marks where they do not hide the curve.
  (define marked
    (fold (lambda (point result)
            (match result
              ((last . _)
               (if (< 35 (- (car point) (car last)))
                   (cons point result)
                   result))
              (() (list point))))
          '() points))

  `(,@(match (curve-bound curve)
        (#f '())
        (bound
         (list (path-element (string-append class " s-bound")
                             "M" (pixels left-margin) " " (pixels (y bound))
                             "h" (pixels plot-width)))))
    ,(apply path-element (string-append class " s-curve")
            (append-map (lambda (point command)
                          (list command
                                (pixels (car point)) " " (pixels (cdr point))))
                        points
                        (cons "M" (make-list (max 0 (- (length points) 1))
                                             "L"))))
    ,@(map (match-lambda
             ((x . y) (mark-element class x y)))
           marked)))

(define (legend-entries panel)
  "Return pairs of a text and a procedure that draws what it explains at a
height, for the legend of PANEL."
  (append-map
   (lambda (curve class)
     (define (line class y)
       (path-element class "M" (pixels left-margin) " " (pixels y) "h40"))
     `((,(curve-name curve)
        . ,(lambda (y)
             (list (line (string-append class " s-curve") y)
                   (mark-element class (+ left-margin 20) y))))
       ,@(if (curve-bound curve)
             `((,(curve-bound-name curve)
                . ,(lambda (y)
                     (list (line (string-append class " s-bound") y)))))
             '())))
   (panel-curves panel) %classes))

(define (panel-height panel)
  "Return the height of PANEL in pixels."
  (+ title-height plot-height axis-height
     (* legend-line (length (legend-entries panel))) 16))

(define (panel-elements panel top x ticks)
  "Return PANEL, drawn from TOP on.  X gives the places of numbers of layers, of
which TICKS are shown."
  (define values
    (panel-values panel))
  (define bytes
    (byte-ticks (if (null? values) '(1) values)))
  (define upper
    (+ top title-height))
  (define lower
    (+ upper plot-height))
  (define y
    (log-scale bytes upper))

  `(,(text-element left-margin (+ top 18) (panel-title panel) "start"
                   '(style "font-weight:bold"))
    ,@(append-map
       (lambda (tick)
         (list (path-element "s-frame s-grid"
                             "M" (pixels left-margin) " " (pixels (y tick))
                             "h" (pixels plot-width))
               (text-element (- left-margin 8) (+ (y tick) 4)
                             (size->string tick) "end")))
       bytes)
    ,@(append-map
       (lambda (tick)
         (list (path-element "s-frame s-grid"
                             "M" (pixels (x tick)) " " (pixels upper)
                             "v" (pixels plot-height))
               (text-element (x tick) (+ lower 17) (number->string tick)
                             "middle")))
       ticks)
    ,(path-element "s-frame"
                   "M" (pixels left-margin) " " (pixels upper)
                   "v" (pixels plot-height) "h" (pixels plot-width))
    ,(text-element (+ left-margin (/ plot-width 2)) (+ lower 35)
                   (G_ "layers at most") "middle")
    ,@(append-map (lambda (curve class)
                    (curve-elements curve class x y))
                  (panel-curves panel) %classes)
    ,@(append-map (match-lambda*
                    (((text . draw) index)
                     (let ((y (+ lower axis-height 10
                                 (* legend-line index))))
                       `(,@(draw y)
                         ,(text-element (+ left-margin 50) (+ y 4) text
                                        "start")))))
                  (legend-entries panel)
                  (iota (length (legend-entries panel))))))

(define* (curve-picture id panels #:key title description heading?)
  "Return the picture ID of PANELS, an element 'svg'.  TITLE and DESCRIPTION are
for who cannot see it; with HEADING? true TITLE is written above it too."
  (define layers
    (map car (append-map curve-points (append-map panel-curves panels))))
  (define least
    (fold min (car layers) layers))
  (define most
    (fold max (car layers) layers))
  (define tops
    (fold (lambda (panel tops)
            (cons (+ (car tops) (panel-height panel)) tops))
          (list (if heading? 26 0))
          panels))
  (define height
    (car tops))

  `(svg (@ (xmlns "http://www.w3.org/2000/svg")
           (viewBox ,(format #f "0 0 ~a ~a" picture-width height))
           (width ,picture-width) (height ,height)
           (id ,id)
           (role "img")
           (aria-labelledby ,(string-append id "-title " id "-description")))
        (title (@ (id ,(string-append id "-title"))) ,title)
        (desc (@ (id ,(string-append id "-description"))) ,description)
        (style ,picture-style)
        (rect (@ (class "s-back") (width ,picture-width) (height ,height)))
        ,@(if heading?
              `((text (@ (class "s-text s-heading") (x 8) (y 18)) ,title))
              '())
        ,@(append-map (lambda (panel top)
                        (panel-elements panel top
                                        (linear-scale least most)
                                        (layer-ticks least most)))
                      panels
                      (reverse (cdr tops)))))
