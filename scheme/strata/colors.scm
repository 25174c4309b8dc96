;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; How pictures look, in light and in dark.  What a colour says, a pattern says
;;; as well.  Texts have a contrast of more than 7 : 1 on all areas, and curves
;;; of more than 6 : 1 on the background.
;;; Code:

(define-module (strata colors)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:export (%kind-count
            picture-style
            kind-patterns
            pattern-reference))

;; The area of a kind in light and in dark, and the lines upon it, in a square
;; of 8 by 8.
(define %kinds
  '(("#cfe3f5" "#1d4568" "")
    ("#ffe0ad" "#664508" "M-2 2l4 -4M0 8l8 -8M6 10l4 -4")
    ("#f8cac4" "#742b25" "M0 0l8 8M0 8l8 -8")
    ("#d0ebcd" "#22522a" "M0 4h8")
    ("#e4d6f3" "#49336c" "M4 0v8")
    ("#e0e0e0" "#424242" "M4 3v2M3 4h2")))

(define %kind-count
  (length %kinds))                      ;that can be told apart

;; Text, background, frames, lines upon areas, first and second curve.
(define %light
  '("#1a1a1a" "#ffffff" "#333333" "#000000" "#0b5c94" "#a83a08"))
(define %dark
  '("#f2f2f2" "#16181d" "#d0d0d0" "#ffffff" "#78bdf2" "#ffa470"))

(define (scheme-rules colors kinds)
  "Return the rules of CSS for COLORS, and for KINDS, the colours of areas."
  (match colors
    ((text background frame line first second)
     (string-append
      ".s-text{fill:" text "}"
      ".s-back{fill:" background "}"
      ".s-frame{stroke:" frame "}"
      ".s-line{stroke:" line "}"
      ".s-first{stroke:" first "}"
      ".s-second{stroke:" second "}"
      ".s-first-mark{fill:" first "}"
      ".s-second-mark{fill:" second "}"
      (string-concatenate
       (map (lambda (color number)
              (string-append ".s-kind" (number->string number)
                             "{fill:" color "}"))
            kinds (iota %kind-count)))
      "\n"))))

(define picture-style
  (string-append
   ".s-text{font:13px sans-serif}"
   ".s-name{font:11px monospace}"
   ".s-number{font:bold 11px monospace}"
   ".s-heading{font:bold 15px sans-serif}"
   ".s-frame{fill:none;stroke-width:1.6}"
   ".s-edge{fill:none;stroke-width:.4}"
   ".s-line{fill:none;stroke-opacity:.18}"
   ".s-grid{fill:none;stroke-width:1;stroke-opacity:.18}"
   ".s-curve{fill:none;stroke-width:2}"
   ".s-bound{fill:none;stroke-width:1.5;stroke-dasharray:2 4}"
   ".s-second.s-curve{stroke-dasharray:9 3}"
   "\n"
   (scheme-rules %light (map first %kinds))
   "@media (prefers-color-scheme:dark){\n"
   (scheme-rules %dark (map second %kinds))
   "}\n"))

(define (pattern-name id number)
  (string-append id "-kind" (number->string number)))

(define (kind-patterns id)
  "Return the patterns of all kinds for the picture ID, elements of SVG."
  (map (lambda (kind number)
         (match kind
           ((_ _ path)
            `(pattern (@ (id ,(pattern-name id number))
                         (width 8) (height 8)
                         (patternUnits "userSpaceOnUse"))
                      (rect (@ (width 8) (height 8)
                               (class ,(string-append
                                        "s-kind" (number->string number)))))
                      ,(if (string-null? path)
                           '()
                           `(path (@ (class "s-line") (d ,path))))))))
       %kinds (iota %kind-count)))

(define (pattern-reference id number)
  "Return how the picture ID refers to the pattern of the kind NUMBER."
  (string-append "url(#" (pattern-name id number) ")"))
