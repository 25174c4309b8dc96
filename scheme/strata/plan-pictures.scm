;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Reports on plans as pictures and pages.
;;; Code:

(define-module (strata plan-pictures)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata curve-picture)
  #:use-module (strata markup)
  #:use-module (strata page)
  #:use-module (strata plan)
  #:use-module (strata plan-words)
  #:use-module (strata text)
  #:use-module (strata treemap-picture)
  #:export (report-picture
            report-page))


;;; The treemap: coloured by the reason, or by what a change re-sends.

(define %change-kinds 4)

(define (change-kind explanation)
  "Return a procedure that tells the kind of an item of a layer by what the
change that EXPLANATION is about does to it."
  (define (changed change)
    (let ((table (make-hash-table)))
      (for-each (lambda (path) (hash-set! table path #t))
                (change-items change))
      table))

  (let ((grafted (changed (explanation-grafted explanation)))
        (rebuilt (changed (explanation-rebuilt explanation)))
        (sent    (change-layers (explanation-rebuilt explanation))))
    (lambda (layer item)
      (let ((path (sized-item-path item)))
        (cond ((hash-ref grafted path) 2)
              ((hash-ref rebuilt path) 1)
              ((memv (planned-layer-number layer) sent) 3)
              (else 0))))))

(define (change-kind-texts)
  "Return what the kinds of 'change-kind' are."
  (list (G_ "stays as it is")
        (G_ "changes if all is rebuilt")
        (G_ "changes if grafted as well")
        (G_ "is sent with its layer if all is rebuilt")))

(define (reason-kind layer item)
  "Return the kind of ITEM of LAYER by the reason of its layer."
  (list-index (lambda (reason)
                (eq? reason (planned-layer-reason layer)))
              %reasons))

(define (reason-kind-texts)
  "Return what the kinds of 'reason-kind' are."
  (map (lambda (reason)
         (string-append (reason-word reason) ": " (reason-sentence reason)))
       %reasons))

(define (item-kinds report)
  "Return a procedure that tells the kind of an item of a layer of REPORT, and
the texts of the kinds."
  (match (plan-report-explanation report)
    (#f
     (values reason-kind (reason-kind-texts)))
    (explanation
     (values (change-kind explanation) (change-kind-texts)))))

(define (layer->tile-group layer first-row item-kind kind-texts)
  "Return LAYER as it is drawn.  FIRST-ROW is the row of its first item."
  (define items
    (planned-layer-items layer))

  (make-tile-group
   (number->string (planned-layer-number layer))
   (format #f (G_ "layer ~a, ~a, ~a")
           (planned-layer-number layer)
           (size->string (planned-layer-size layer))
           (item-count (length items)))
   (map (lambda (item name row)
          (let ((kind (item-kind layer item)))
            (make-tile name
                       (sized-item-size item)
                       kind
                       (format #f "~a, ~a; ~a" name
                               (size->string (sized-item-size item))
                               (list-ref kind-texts kind))
                       (list row))))
        items
        (item-names items)
        (iota (length items) first-row))))

(define (report-treemap report title heading?)
  "Return the treemap of REPORT."
  (call-with-values (lambda () (item-kinds report))
    (lambda (item-kind kind-texts)
      (let loop ((layers (plan-report-layers report)) (row 0) (groups '()))
        (match layers
          (()
           (treemap-picture "layers" (reverse groups) kind-texts
                            #:title title
                            #:description (description report)
                            #:heading? heading?))
          ((layer . rest)
           (loop rest
                 (+ row (length (planned-layer-items layer)))
                 (cons (layer->tile-group layer row item-kind kind-texts)
                       groups))))))))

(define (description report)
  "Return the description of the treemap of REPORT for who cannot see it."
  (format #f (G_ "Each rectangle is an item, in the frame of its layer; its area \
is in proportion to its size.  ~a, ~a.")
          (layer-count (length (plan-report-layers report)))
          (size->string (plan-report-size report))))


;;; The curve.

(define (report-curve-picture report title heading?)
  "Return the picture of the curve of REPORT."
  (define curve
    (plan-report-curve report))
  (define least
    (plan-report-least report))

  (define (points size)
    (map (lambda (point)
           (cons (curve-point-max-layers point) (size point)))
         curve))

  (curve-picture
   "curve"
   `(,(make-panel (G_ "Bytes that the average update re-sends")
                  (list (make-curve (G_ "with all that depends on it rebuilt")
                                    (points (compose averages-rebuilt
                                                     curve-point-sent))
                                    (averages-rebuilt least)
                                    (G_ "the least that can be, rebuilt"))
                        (make-curve (G_ "grafted")
                                    (points (compose averages-grafted
                                                     curve-point-sent))
                                    (averages-grafted least)
                                    (G_ "the least that can be, grafted"))))
     ,@(if (every curve-point-stored curve)
           (list (make-panel
                  (G_ "Bytes that a registry stores of the image and its \
siblings")
                  (list (make-curve (G_ "stored")
                                    (points curve-point-stored)
                                    (and=> (plan-report-fleet report)
                                           fleet-unique-size)
                                    (G_ "each item once")))))
           '()))
   #:title title
   #:description (G_ "Bytes against the number of layers; the table has the \
numbers.")
   #:heading? heading?))


;;; Files.

(define (report-picture report name)
  "Return the picture of REPORT on the plan of NAME, for 'display-markup': of
its curve if it has one, else of its layers."
  (svg-document
   (if (plan-report-curve report)
       (report-curve-picture report (curve-title name) #t)
       (report-treemap report (report-title report name) #t))))

(define (curve-title name)
  (format #f (G_ "What layers cost: ~a") name))

(define (report-title report name)
  "Return the title of what shows REPORT on the plan of NAME."
  (match (plan-report-explanation report)
    (#f
     (format #f (G_ "Layers of ~a") name))
    (explanation
     (format #f (G_ "Layers of ~a, and what a change of ~a re-sends")
             name (item-short-name (explanation-item explanation))))))

(define (facts report)
  "Return what REPORT says in short, as pairs of texts."
  (define (pair rebuilt grafted)
    (format #f (G_ "~a rebuilt, ~a grafted")
            (size->string rebuilt) (size->string grafted)))

  (let ((sent  (plan-report-sent report))
        (least (plan-report-least report)))
    `((,(G_ "layers") . ,(format #f "~a, ~a"
                                 (length (plan-report-layers report))
                                 (size->string (plan-report-size report))))
      (,(G_ "strategy") . ,(plan-report-strategy report))
      (,(G_ "the average update re-sends")
       . ,(pair (averages-rebuilt sent) (averages-grafted sent)))
      (,(G_ "the least that can be")
       . ,(pair (averages-rebuilt least) (averages-grafted least)))
      ,@(match (plan-report-update report)
          (#f '())
          (update
           `((,(G_ "from the previous image") . ,(update-sentence update)))))
      ,@(match (plan-report-explanation report)
          (#f '())
          (explanation
           (map (match-lambda
                  ((text change)
                   `(,text
                     . ,(format #f (G_ "~a, ~a, are sent (at least ~a)")
                                (layer-count (length (change-layers change)))
                                (size->string (change-layer-size change))
                                (size->string (change-item-size change))))))
                `((,(G_ "if it is rebuilt") ,(explanation-rebuilt explanation))
                  (,(G_ "if it is grafted")
                   ,(explanation-grafted explanation)))))))))

(define (layers-table report)
  "Return the table of the layers of REPORT."
  (page-table
   (G_ "Layers, the lowest first, with what they add to what the average update \
re-sends.")
   `((,(G_ "layer") . number) (,(G_ "size") . number)
     (,(G_ "rebuilt") . number) (,(G_ "grafted") . number)
     ,(G_ "why") (,(G_ "items") . number))
   (map (lambda (layer)
          (let ((sent (planned-layer-sent layer)))
            (list (number-cell (planned-layer-number layer))
                  (size-cell (planned-layer-size layer))
                  (size-cell (averages-rebuilt sent))
                  (size-cell (averages-grafted sent))
                  (string-append (reason-word (planned-layer-reason layer))
                                 ": "
                                 (reason-sentence
                                  (planned-layer-reason layer)))
                  (number-cell (length (planned-layer-items layer))))))
        (plan-report-layers report))))

(define (items-table report)
  "Return the table of the items of REPORT."
  (call-with-values (lambda () (item-kinds report))
    (lambda (item-kind kind-texts)
      (page-table
       (G_ "All items.")
       `((,(G_ "layer") . number) ,(G_ "item") (,(G_ "size") . number)
         ,(G_ "what it is"))
       (append-map (lambda (layer)
                     (map (lambda (item)
                            (list (number-cell (planned-layer-number layer))
                                  (item-file-name (sized-item-path item))
                                  (size-cell (sized-item-size item))
                                  (list-ref kind-texts
                                            (item-kind layer item))))
                          (planned-layer-items layer)))
                   (plan-report-layers report))
       #:searched? #t))))

(define (fleet-table fleet)
  "Return the table of the images of FLEET."
  (page-table
   (format #f (G_ "stored: ~a (at least ~a, each item once; ~a if nothing were \
shared)")
           (size->string (fleet-stored-size fleet))
           (size->string (fleet-unique-size fleet))
           (size->string (fleet-sum-size fleet)))
   `(,(G_ "image") (,(G_ "layers") . number) (,(G_ "size") . number)
     (,(G_ "shared layers") . number) (,(G_ "size") . number))
   (map (lambda (image)
          (list (fleet-image-name image)
                (number-cell (fleet-image-layers image))
                (size-cell (fleet-image-size image))
                (number-cell (fleet-image-shared-layers image))
                (size-cell (fleet-image-shared-size image))))
        (fleet-images fleet))))

(define (curve-table curve)
  "Return the table of CURVE."
  (define stored?
    (every curve-point-stored curve))

  (page-table
   (G_ "Bytes against the number of layers.")
   `((,(G_ "layers") . number) (,(G_ "rebuilt") . number)
     (,(G_ "grafted") . number)
     ,@(if stored? `((,(G_ "stored") . number)) '()))
   (map (lambda (point)
          `(,(number-cell (curve-point-max-layers point))
            ,(size-cell (averages-rebuilt (curve-point-sent point)))
            ,(size-cell (averages-grafted (curve-point-sent point)))
            ,@(if stored? (list (size-cell (curve-point-stored point))) '())))
        curve)))

(define (report-page report name)
  "Return the page of REPORT on the plan of NAME, for 'display-markup'."
  (define title
    (report-title report name))

  (apply make-page title (facts report)
         `(,(G_ "Picture")
           ,(page-figure (report-treemap report title #f)
                         (G_ "Areas are in proportion to sizes; frames are \
layers."))
           ,@(match (plan-report-curve report)
               (#f '())
               (curve
                (list (G_ "Number of layers")
                      (page-figure (report-curve-picture
                                    report (curve-title name) #f)
                                   (G_ "What other numbers of layers would \
re-send."))
                      (curve-table curve))))
           ,@(match (plan-report-fleet report)
               (#f '())
               (fleet
                (list (G_ "Images") (fleet-table fleet))))
           ,(G_ "Layers") ,(layers-table report)
           ,(G_ "Items") ,(items-table report))))
