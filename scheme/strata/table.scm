;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What commands show: the table of layers, and lines with a name and a value.
;;; Code:

(define-module (strata table)
  #:use-module ((ice-9 format) #:select (format))
  #:use-module (ice-9 match)
  #:use-module (strata image)
  #:use-module (strata image-update)
  #:use-module (strata plan)
  #:use-module (strata text)
  #:export (display-field
            display-plan
            display-layers
            display-image-update
            display-activities))

(define (display-field name value)
  "Write a line that says that NAME is VALUE."
  (display (string-append name ": " (printable value) "\n")))

(define size-width 14)

(define (display-row number size item port)
  "Write a row of the table to PORT; all are strings."
  (display (string-append (string-pad number
                                      (max 5 (string-length (G_ "layer"))))
                          (string-pad size size-width)
                          "  " item "\n")
           port))

(define (display-rows number size items port)
  "Write the rows of the layer NUMBER to PORT: a line for each of ITEMS, the
first of which has NUMBER and SIZE, in bytes."
  (match items
    ((first . rest)
     (display-row (number->string number)
                  (size->string size)
                  (printable first) port)
     (for-each (lambda (item)
                 (display-row "" "" (printable item) port))
               rest))))

(define (display-table sizes items comments port)
  "Write the table of layers to PORT.  SIZES, ITEMS and COMMENTS are lists with
an element for each layer; the comment is shown for a layer without items."
  (display-row (G_ "layer") (G_ "size") (G_ "items") port)
  (for-each (lambda (number size items comment)
              (display-rows number size
                            (if (null? items) (list comment) items)
                            port))
            (iota (length sizes) 1) sizes items comments)
  (display (string-append
            (format #f (ngettext "~a layer, ~a" "~a layers, ~a"
                                 (length sizes) "strata")
                    (length sizes) (size->string (apply + sizes)))
            "\n")
           port))

(define (display-plan plan port)
  "Write the groups of PLAN to PORT, with the sizes of plain layers."
  (let ((groups (plan-groups plan)))
    (display-table (map group-size groups)
                   (map group-items groups)
                   (map group-comment groups)
                   port)))

(define (display-layers image port)
  "Write the layers of IMAGE to PORT, with the sizes that they have in it."
  (let ((layers (image-layers image)))
    (display-table (map layer-size layers)
                   (map layer-items layers)
                   (map layer-comment layers)
                   port)))

(define (display-image-update update port)
  "Write what UPDATE says, which may be #f, to PORT."
  (when update
    (let ((layers (image-update-layers update)))
      (display (string-append
                (format #f (ngettext "kept: ~a of ~a layer of items; to send: ~a \
(new items: ~a)"
                                     "kept: ~a of ~a layers of items; to send: ~a \
(new items: ~a)"
                                     layers "strata")
                        (image-update-kept-layers update)
                        layers
                        (size->string (image-update-sent-size update))
                        (size->string (image-update-least-size update)))
                "\n")
               port))))

(define (display-activities image port)
  "Write to PORT what was done to make IMAGE: bytes, and seconds of all threads
together."
  (define (row name size seconds speed)
    (display (string-append (string-pad-right name 12)
                            (string-pad size size-width)
                            (string-pad seconds 12)
                            (string-pad speed 12)
                            "\n")
             port))

  (define (speed bytes seconds)
    (if (and (positive? bytes) (positive? seconds))
        (number->string (inexact->exact (round (/ bytes seconds 1e6))))
        "-"))

  (row (G_ "activity") (G_ "size") (G_ "seconds") "MB/s")
  (for-each (match-lambda
              ((name bytes seconds)
               (row name
                    (if (zero? bytes) "-" (size->string bytes))
                    (format #f "~,3f" seconds)
                    (speed bytes seconds))))
            (image-activities image))
  (let ((found (image-cache-found image)))
    (display (string-append
              (format #f (G_ "items from the cache: ~a of ~a")
                      found (+ found (image-cache-missed image)))
              "\n")
             port)))
