;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Plans: which items share a layer of an image, why, and what updates re-send.
;;;
;;;   (use-modules (strata store) (strata plan))
;;;   (define report
;;;     (report-plan (open-store #:root "demo-store") '("hello")
;;;                  #:max-layers 20))
;;;   (averages-rebuilt (plan-report-sent report))
;;; Code:

(define-module (strata plan)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-9)
  #:use-module (srfi srfi-9 gnu)
  #:use-module (strata errors)
  #:use-module (strata image-update)
  #:use-module (strata output-files)
  #:use-module (strata primitives)
  #:use-module (strata request)
  #:use-module (strata store)
  #:export (plan-image
            plan-request

            plan?
            plan-groups
            plan-update

            group?
            group-items
            group-size
            group-comment

            report-plan
            report-request

            plan-report?
            plan-report-strategy
            plan-report-max-layers
            plan-report-size
            plan-report-sent
            plan-report-least
            plan-report-layers
            plan-report-update
            plan-report-explanation
            plan-report-fleet
            plan-report-curve
            plan-report-saved

            averages?
            averages-rebuilt
            averages-grafted

            planned-layer?
            planned-layer-number
            planned-layer-items
            planned-layer-size
            planned-layer-reason
            planned-layer-sent

            make-sized-item
            sized-item?
            sized-item-path
            sized-item-size
            fields->sized-items

            explanation?
            explanation-item
            explanation-layer
            explanation-rebuilt
            explanation-grafted

            change?
            change-items
            change-layers
            change-item-size
            change-layer-size

            fleet?
            fleet-images
            fleet-stored-size
            fleet-unique-size
            fleet-sum-size

            fleet-image?
            fleet-image-name
            fleet-image-layers
            fleet-image-size
            fleet-image-shared-layers
            fleet-image-shared-size

            curve-point?
            curve-point-max-layers
            curve-point-sent
            curve-point-stored))


;;; Plans as they are packed.

(define-immutable-record-type <plan>
  (make-plan groups update)
  plan?
  (groups plan-groups)                  ;the lowest layer's first
  (update plan-update))                 ;as of (strata image-update) | #f

(define-immutable-record-type <group>
  (make-group items size comment)
  group?
  (items   group-items)                 ;paths, '() for the root layer
  (size    group-size)                  ;of the plain layer, bytes
  (comment group-comment))              ;string, for people

(define (fields->group fields)
  "Return the group that FIELDS, an alist of the core, describes."
  (make-group (assq-ref fields 'items)
              (assq-ref fields 'plain-size)
              (assq-ref fields 'comment)))

(define (plan-request request)
  "Return the plan of the image that REQUEST asks for.  Nothing is written."
  (let ((result (checked %plan (request-fields request)
                         (request-progress request))))
    (make-plan (map fields->group (assq-ref result 'layers))
               (fields->image-update (assq-ref result 'update)))))

(define (plan-image store items . options)
  "Return the plan of the image that 'pack' would make of STORE, ITEMS and
OPTIONS, keywords and values as 'make-request' takes them.  Nothing is
written."
  (plan-request (apply make-request store items options)))


;;; Reports.  All sizes are bytes of items, uncompressed: their NAR sizes.

(define-immutable-record-type <plan-report>
  (make-plan-report strategy max-layers size sent least layers update
                    explanation fleet curve saved)
  plan-report?
  (strategy    plan-report-strategy)    ;"expected"
  (max-layers  plan-report-max-layers)  ;number; the root layer is one of them
  (size        plan-report-size)        ;bytes
  (sent        plan-report-sent)        ;<averages> of all layers
  (least       plan-report-least)       ;<averages>; no plan can do better
  (layers      plan-report-layers)      ;<planned-layer>s, the lowest first
  (update      plan-report-update)      ;as 'plan-update'
  (explanation plan-report-explanation) ;<explanation> | #f
  (fleet       plan-report-fleet)       ;<fleet> | #f
  (curve       plan-report-curve)       ;list of <curve-point>s | #f
  (saved       plan-report-saved))      ;text for the file of the plan | #f

;; What the average update of one source re-sends.
(define-immutable-record-type <averages>
  (make-averages rebuilt grafted)
  averages?
  (rebuilt averages-rebuilt)            ;with all that depends on it
  (grafted averages-grafted))           ;with only what refers to it

(define-immutable-record-type <planned-layer>
  (make-planned-layer number items size reason sent)
  planned-layer?
  (number planned-layer-number)         ;from 1; of those that hold items
  (items  planned-layer-items)          ;<sized-item>s
  (size   planned-layer-size)           ;bytes
  (reason planned-layer-reason)         ;symbol: why it is one layer
  (sent   planned-layer-sent))          ;<averages>

(define-immutable-record-type <sized-item>
  (make-sized-item path size)
  sized-item?
  (path sized-item-path)
  (size sized-item-size))

(define-immutable-record-type <explanation>
  (make-explanation item layer rebuilt grafted)
  explanation?
  (item    explanation-item)            ;path
  (layer   explanation-layer)           ;number of its layer
  (rebuilt explanation-rebuilt)         ;<change>: with all that depends on it
  (grafted explanation-grafted))        ;<change>: with what refers to it

(define-immutable-record-type <change>
  (make-change items layers item-size layer-size)
  change?
  (items      change-items)             ;paths of items that are new then
  (layers     change-layers)            ;numbers of the layers that hold them
  (item-size  change-item-size)         ;bytes of these items: the least
  (layer-size change-layer-size))       ;bytes of these layers: what is sent

(define-immutable-record-type <fleet>
  (make-fleet images stored-size unique-size sum-size)
  fleet?
  (images      fleet-images)            ;list of <fleet-image>s
  (stored-size fleet-stored-size)       ;bytes of all layers, equal ones once
  (unique-size fleet-unique-size)       ;bytes of all items, each once
  (sum-size    fleet-sum-size))         ;bytes if nothing were shared

(define-immutable-record-type <fleet-image>
  (make-fleet-image name layers size shared-layers shared-size)
  fleet-image?
  (name          fleet-image-name)
  (layers        fleet-image-layers)    ;how many hold items
  (size          fleet-image-size)      ;bytes
  (shared-layers fleet-image-shared-layers) ;how many another image has too
  (shared-size   fleet-image-shared-size))

(define-immutable-record-type <curve-point>
  (make-curve-point max-layers sent stored)
  curve-point?
  (max-layers curve-point-max-layers)
  (sent       curve-point-sent)         ;<averages>
  (stored     curve-point-stored))      ;bytes of it and its siblings | #f

(define (fields->averages fields)
  "Return the averages in FIELDS, a pair."
  (match fields
    ((rebuilt . grafted)
     (make-averages rebuilt grafted))))

(define (fields->sized-items fields)
  "Return the items in FIELDS, pairs of paths and sizes."
  (map (match-lambda
         ((path . size)
          (make-sized-item path size)))
       fields))

(define (fields->planned-layer fields number)
  "Return the layer NUMBER that FIELDS describe."
  (make-planned-layer number
                      (fields->sized-items (assq-ref fields 'items))
                      (assq-ref fields 'size)
                      (assq-ref fields 'reason)
                      (fields->averages (assq-ref fields 'sent))))

(define (fields->change fields)
  "Return the change that FIELDS describe."
  (make-change (assq-ref fields 'items)
               (assq-ref fields 'layers)
               (assq-ref fields 'item-size)
               (assq-ref fields 'layer-size)))

(define (fields->explanation fields)
  "Return the explanation that FIELDS describe."
  (make-explanation (assq-ref fields 'item)
                    (assq-ref fields 'layer)
                    (fields->change (assq-ref fields 'rebuilt))
                    (fields->change (assq-ref fields 'grafted))))

(define (fields->fleet fields own-name sibling-names)
  "Return the fleet that FIELDS describe.  OWN-NAME is that of the image, and
SIBLING-NAMES are those of its siblings."
  (make-fleet (map (lambda (fields name)
                     (make-fleet-image name
                                       (assq-ref fields 'layers)
                                       (assq-ref fields 'size)
                                       (assq-ref fields 'shared-layers)
                                       (assq-ref fields 'shared-size)))
                   (assq-ref fields 'images)
                   (let ((names (map (lambda (place)
                                       (list-ref sibling-names place))
                                     (assq-ref fields 'siblings))))
                     (if (assq-ref fields 'with-own)
                         (cons own-name names)
                         names)))
              (assq-ref fields 'stored-size)
              (assq-ref fields 'unique-size)
              (assq-ref fields 'sum-size)))

(define (fields->curve fields)
  "Return the points of the curve that FIELDS describe."
  (map (match-lambda
         ((max-layers sent stored)
          (make-curve-point max-layers (fields->averages sent) stored)))
       fields))

(define* (report-request request #:key explain curve? (save? #t))
  "Return a report on the plan of the image that REQUEST asks for.  EXPLAIN is
#f or the path of an item: the report says what its change re-sends.  If CURVE?
is true it says what other numbers of layers would re-send.  Items are not read,
and no image is written; the plan is, to the file that REQUEST names for it,
unless SAVE? is #f."
  (define result
    (checked %report-plan
             `((explain . ,explain)
               (curve . ,curve?)
               ,@(request-fields request))
             (request-progress request)))

  (define (part key proc)
    (and=> (assq-ref result key) proc))

  (and=> (and save? (assq-ref result 'saved))
         (lambda (text)
           (write-output-files
            `((,(assq-ref (request-fields request) 'plan-file) . ,text)))))
  (make-plan-report (assq-ref result 'strategy)
                    (assq-ref result 'max-layers)
                    (assq-ref result 'size)
                    (fields->averages (assq-ref result 'sent))
                    (fields->averages (assq-ref result 'least))
                    (let ((layers (assq-ref result 'layers)))
                      (map fields->planned-layer
                           layers (iota (length layers) 1)))
                    (fields->image-update (assq-ref result 'update))
                    (part 'explanation fields->explanation)
                    (part 'fleet
                          (lambda (fields)
                            (fields->fleet fields
                                           (request-name request)
                                           (assq-ref (request-fields request)
                                                     'sibling-names))))
                    (part 'curve fields->curve)
                    (assq-ref result 'saved)))

(define* (report-plan store items #:key explain curve?
                      #:allow-other-keys #:rest options)
  "Return a report on the plan of the image that 'pack' would make of STORE,
ITEMS and OPTIONS, keywords and values as 'make-request' takes them.  EXPLAIN,
an item as for 'request-item', and CURVE? are as for 'report-request'."
  (let ((request (apply make-request store items
                        (without-keywords options '(#:explain #:curve?)))))
    (report-request request
                    #:explain (and explain
                                   (request-item request store explain))
                    #:curve? curve?)))
