;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Reports on plans as JSON; the manual has the schema.
;;; Code:

(define-module (strata plan-json)
  #:use-module (srfi srfi-1)
  #:use-module (strata image-update)
  #:use-module (strata plan)
  #:export (report->json
            sized-items->json))

(define (averages->json averages)
  `((rebuilt . ,(averages-rebuilt averages))
    (grafted . ,(averages-grafted averages))))

(define (sized-items->json items)
  "Return ITEMS, <sized-item>s, as JSON."
  (list->vector (map (lambda (item)
                       `((path . ,(sized-item-path item))
                         (size . ,(sized-item-size item))))
                     items)))

(define (layer->json layer)
  `((number . ,(planned-layer-number layer))
    (size . ,(planned-layer-size layer))
    (reason . ,(symbol->string (planned-layer-reason layer)))
    (sent . ,(averages->json (planned-layer-sent layer)))
    (items . ,(sized-items->json (planned-layer-items layer)))))

(define (update->json update)
  `((layers . ,(image-update-layers update))
    (kept_layers . ,(image-update-kept-layers update))
    (sent_size . ,(image-update-sent-size update))
    (least_size . ,(image-update-least-size update))))

(define (change->json change)
  `((item_size . ,(change-item-size change))
    (layer_size . ,(change-layer-size change))
    (layers . ,(list->vector (change-layers change)))
    (items . ,(list->vector (change-items change)))))

(define (explanation->json explanation)
  `((item . ,(explanation-item explanation))
    (layer . ,(explanation-layer explanation))
    (rebuilt . ,(change->json (explanation-rebuilt explanation)))
    (grafted . ,(change->json (explanation-grafted explanation)))))

(define (fleet->json fleet)
  `((stored_size . ,(fleet-stored-size fleet))
    (unique_size . ,(fleet-unique-size fleet))
    (sum_size . ,(fleet-sum-size fleet))
    (images . ,(list->vector
                (map (lambda (image)
                       `((name . ,(fleet-image-name image))
                         (layers . ,(fleet-image-layers image))
                         (size . ,(fleet-image-size image))
                         (shared_layers . ,(fleet-image-shared-layers image))
                         (shared_size . ,(fleet-image-shared-size image))))
                     (fleet-images fleet))))))

(define (curve->json curve)
  (list->vector
   (map (lambda (point)
          `((max_layers . ,(curve-point-max-layers point))
            ,@(averages->json (curve-point-sent point))
            (stored . ,(or (curve-point-stored point) 'null))))
        curve)))

(define (report->json report)
  "Return REPORT as JSON, for 'display-json'."
  (define (part value convert)
    (if value (convert value) 'null))

  `((version . 1)
    (strategy . ,(plan-report-strategy report))
    (max_layers . ,(plan-report-max-layers report))
    (size . ,(plan-report-size report))
    (sent . ,(averages->json (plan-report-sent report)))
    (least . ,(averages->json (plan-report-least report)))
    (update . ,(part (plan-report-update report) update->json))
    (explanation . ,(part (plan-report-explanation report) explanation->json))
    (fleet . ,(part (plan-report-fleet report) fleet->json))
    (curve . ,(part (plan-report-curve report) curve->json))
    (layers . ,(list->vector (map layer->json (plan-report-layers report))))))
