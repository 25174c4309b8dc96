;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The words in which plans are explained, wherever they are shown.
;;; Code:

(define-module (strata plan-words)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata image-update)
  #:use-module (strata plan)
  #:use-module (strata text)
  #:export (%reasons
            reason-word
            reason-sentence
            item-file-name
            item-short-name
            item-names
            layer-count
            item-count
            averages-sentence
            update-sentence))

;; Why items share a layer, in the order of (strata colors).
(define %reasons '(alone change-together joined kept shared named))

(define (reason-word reason)
  "Return REASON, a symbol of the core, as a word or two."
  (match reason
    ('alone (G_ "alone"))
    ('change-together (G_ "together"))
    ('joined (G_ "joined"))
    ('kept (G_ "kept"))
    ('shared (G_ "shared"))
    ('named (G_ "named"))))

(define (reason-sentence reason)
  "Return what REASON, a symbol of the core, means."
  (match reason
    ('alone (G_ "it is one item"))
    ('change-together (G_ "what changes one item changes all of them"))
    ('joined
     (G_ "too small for layers of their own, or too few layers"))
    ('kept (G_ "the previous image has the same layer"))
    ('shared (G_ "the same other images hold all of them"))
    ('named (G_ "a rule says so"))))

(define (item-file-name path)
  "Return the name of the item PATH without its store, hash and all."
  (match (string-rindex path #\/)
    (#f path)
    (index (substring path (+ index 1)))))

(define (item-short-name path)
  "Return the name of the item PATH without store and hash."
  (let ((name (item-file-name path)))
    (if (and (< 33 (string-length name))
             (char=? #\- (string-ref name 32)))
        (substring name 33)
        name)))

(define (item-names items)
  "Return the names of ITEMS, <sized-item>s, without store and hash, fit for a
message."
  (map (lambda (item)
         (printable (item-short-name (sized-item-path item))))
       items))

(define (layer-count count)
  "Return COUNT as a number of layers."
  (format #f (ngettext "~a layer" "~a layers" count "strata") count))

(define (item-count count)
  "Return COUNT as a number of items."
  (format #f (ngettext "~a item" "~a items" count "strata") count))

(define (averages-sentence sent least)
  "Return SENT, the averages of a plan, and LEAST, their bounds, as a sentence."
  (format #f (G_ "the average update of one item re-sends ~a if all that \
depends on that item is rebuilt (at least ~a, whatever the layers), ~a if it is \
grafted (at least ~a)")
          (size->string (averages-rebuilt sent))
          (size->string (averages-rebuilt least))
          (size->string (averages-grafted sent))
          (size->string (averages-grafted least))))

(define (update-sentence update)
  "Return UPDATE, what who has the previous image needs, as a sentence."
  (let ((kept (image-update-kept-layers update)))
    (format #f (ngettext "of the previous image ~a layer is kept; ~a are \
sent (at least ~a: items that are new)"
                         "of the previous image ~a layers are kept; ~a are \
sent (at least ~a: items that are new)"
                         kept "strata")
            kept
            (size->string (image-update-sent-size update))
            (size->string (image-update-least-size update)))))
