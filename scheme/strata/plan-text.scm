;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Reports on plans as text.
;;; Code:

(define-module (strata plan-text)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module ((texinfo string-utils) #:select (fill-string))
  #:use-module (strata columns)
  #:use-module (strata plan)
  #:use-module (strata plan-words)
  #:use-module (strata text)
  #:export (display-fleet
            display-report))

(define names-width 75)

(define* (display-line text #:optional (indent ""))
  "Write TEXT, each line of which begins with INDENT, in lines of 79 columns."
  (display (string-append
            (fill-string text #:line-width 79 #:break-long-words? #f
                         #:initial-indent indent
                         #:subsequent-indent (string-append indent "  "))
            "\n")))

(define (largest-first items)
  "Return ITEMS, <sized-item>s, in the order of their sizes."
  (stable-sort items (lambda (a b)
                       (> (sized-item-size a) (sized-item-size b)))))

(define (display-layers report)
  "Write the table of layers of REPORT, and what the words in it mean."
  (define layers
    (plan-report-layers report))

  (display-columns
   (list (G_ "layer") (G_ "size") (G_ "rebuilt") (G_ "grafted") (G_ "why")
         (G_ "items"))
   (map (lambda (layer)
          (let ((sent (planned-layer-sent layer)))
            (list (number->string (planned-layer-number layer))
                  (size->string (planned-layer-size layer))
                  (size->string (averages-rebuilt sent))
                  (size->string (averages-grafted sent))
                  (reason-word (planned-layer-reason layer))
                  (item-names (largest-first (planned-layer-items layer))))))
        layers))
  (newline)
  (for-each (lambda (reason)
              (when (find (lambda (layer)
                            (eq? reason (planned-layer-reason layer)))
                          layers)
                (display-line (string-append (reason-word reason) ": "
                                             (reason-sentence reason)))))
            %reasons)
  (newline)
  (display-line (G_ "rebuilt: what the layer adds to what the average update of \
one item re-sends, if all that depends on that item is built anew"))
  (display-line (G_ "grafted: the same if only what refers to that item is \
changed")))

(define (display-totals report)
  "Write what the layers of REPORT are together."
  (define layers
    (plan-report-layers report))
  (define items
    (apply + (map (lambda (layer)
                    (length (planned-layer-items layer)))
                  layers)))

  (display-line (format #f (G_ "~a of ~a, ~a; strategy '~a'")
                        (layer-count (length layers))
                        (item-count items)
                        (size->string (plan-report-size report))
                        (plan-report-strategy report)))
  (display-line (averages-sentence (plan-report-sent report)
                                   (plan-report-least report)))
  (and=> (plan-report-update report)
         (lambda (update)
           (display-line (update-sentence update)))))

(define (display-fleet fleet)
  "Write the table of the images of FLEET."
  (display-columns
   (list (G_ "layers") (G_ "size") (G_ "shared") (G_ "of size") (G_ "image"))
   (map (lambda (image)
          (list (number->string (fleet-image-layers image))
                (size->string (fleet-image-size image))
                (number->string (fleet-image-shared-layers image))
                (size->string (fleet-image-shared-size image))
                (printable (fleet-image-name image))))
        (fleet-images fleet)))
  (display-line (format #f (G_ "stored: ~a (at least ~a, each item once; ~a \
if nothing were shared)")
                        (size->string (fleet-stored-size fleet))
                        (size->string (fleet-unique-size fleet))
                        (size->string (fleet-sum-size fleet)))))

(define (display-change text change)
  "Write CHANGE after TEXT, a sentence that says which one it is."
  (newline)
  (display-line text)
  (display-line (format #f (G_ "~a change: at least ~a must be sent")
                        (item-count (length (change-items change)))
                        (size->string (change-item-size change)))
                "  ")
  (display-line (names->string (map (compose printable item-short-name)
                                    (change-items change))
                               names-width)
                "    ")
  (display-line (format #f (G_ "sent: ~a, ~a (~a)")
                        (layer-count (length (change-layers change)))
                        (size->string (change-layer-size change))
                        (string-join (map number->string
                                          (change-layers change))
                                     ", "))
                "  "))

(define (display-explanation explanation)
  "Write EXPLANATION."
  (display-line (format #f (G_ "'~a' is in layer ~a")
                        (printable (explanation-item explanation))
                        (explanation-layer explanation)))
  (display-change (G_ "if its source changes, and all that depends on it is \
rebuilt:")
                  (explanation-rebuilt explanation))
  (display-change (G_ "if it is grafted, so that only what refers to it \
changes too:")
                  (explanation-grafted explanation)))

(define (display-curve curve)
  "Write the table of CURVE."
  (define stored?
    (any curve-point-stored curve))

  (display-columns
   (append (if stored? (list (G_ "layers") (G_ "rebuilt") (G_ "grafted"))
               (list (G_ "layers") (G_ "rebuilt")))
           (list (if stored? (G_ "stored") (G_ "grafted"))))
   (map (lambda (point)
          (let ((sent (curve-point-sent point)))
            `(,(number->string (curve-point-max-layers point))
              ,(size->string (averages-rebuilt sent))
              ,(size->string (averages-grafted sent))
              ,@(if stored?
                    (list (size->string (curve-point-stored point)))
                    '()))))
        curve)))

(define (display-curve-of report)
  "Write the curve of REPORT, and what its own number of layers re-sends."
  (display-curve (plan-report-curve report))
  (newline)
  (display-line (averages-sentence (plan-report-sent report)
                                   (plan-report-least report))))

(define (display-plan-of report)
  "Write the layers of REPORT, and its fleet."
  (display-layers report)
  (newline)
  (display-totals report)
  (and=> (plan-report-fleet report)
         (lambda (fleet)
           (newline)
           (display-fleet fleet))))

(define (display-report report)
  "Write REPORT to standard output: the explanation and the curve, where they
were asked for, else the plan."
  (match (list (plan-report-explanation report) (plan-report-curve report))
    ((#f #f)
     (display-plan-of report))
    ((#f _)
     (display-curve-of report))
    ((explanation #f)
     (display-explanation explanation))
    ((explanation _)
     (display-explanation explanation)
     (newline)
     (display-curve-of report))))
