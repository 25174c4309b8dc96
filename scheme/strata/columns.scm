;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Tables of text whose columns are as wide as what is in them, and which fit a
;;; terminal of 80 columns: the last column has what is left.
;;; Code:

(define-module (strata columns)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata text)
  #:export (names->string
            display-columns))

(define line-width 79)                  ;so that no terminal breaks the line
(define least-last-width 20)
(define gap 2)

(define (shortened text width)
  "Return TEXT, cut to WIDTH."
  (if (<= (string-length text) width)
      text
      (string-append (string-take text (max 0 (- width 3))) "...")))

(define (names->string names width)
  "Return as many of NAMES, the first ones, as there is room for in WIDTH, and
how many more there are."
  (define (with-rest text more)
    (if (zero? more)
        text
        (format #f (ngettext "~a and ~a more" "~a and ~a more" more "strata")
                text more)))

  (define (shown count)
    (with-rest (string-join (take names count) ", ")
               (- (length names) count)))

  (define (shown-in-part)
    (let* ((more (- (length names) 1))
           (room (- width (string-length (with-rest "" more)))))
      (with-rest (shortened (first names) room) more)))

  (if (null? names)
      ""
      (let loop ((count (min (length names) (+ 1 (quotient width 3)))))
        (cond ((zero? count)
               (shown-in-part))
              ((<= (string-length (shown count)) width)
               (shown count))
              (else
               (loop (- count 1)))))))

(define (column-width head cells)
  "Return the width of the column of CELLS under HEAD."
  (fold (lambda (cell width)
          (max width (string-length cell)))
        (string-length head)
        cells))

(define* (display-columns heads rows #:optional (port (current-output-port)))
  "Write a table to PORT.  HEADS is a list of texts; a row is a list of as many
cells, texts.  All columns but the last are right-aligned.  The last cell of a
row may be a list of names, as for 'names->string'."
  (define front
    (- (length heads) 1))

  (define widths
    (map (lambda (column)
           (column-width (list-ref heads column)
                         (map (lambda (row) (list-ref row column)) rows)))
         (iota front)))

  (define last-width
    (max least-last-width
         (- line-width (apply + widths) (* gap (+ 1 front)))))

  (define (display-row cells)
    (for-each (lambda (cell width)
                (display (string-pad cell (+ gap width)) port))
              (take cells front) widths)
    (display (string-append
              (make-string gap #\space)
              (match (last cells)
                ((? string? text) (shortened text last-width))
                (names (names->string names last-width)))
              "\n")
             port))

  (for-each display-row (cons heads rows)))
