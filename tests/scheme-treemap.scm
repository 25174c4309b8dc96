;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Treemaps: areas in proportion, nothing overlaps, nothing is left out; what
;;; is drawn of them; JSON and markup with hostile names; tables of 80 columns.
;;; Code:

(use-modules (ice-9 match)
             (srfi srfi-1)
             (srfi srfi-64)
             (sxml simple)
             (strata columns)
             (strata curve-picture)
             (strata json)
             (strata markup)
             (strata treemap)
             (strata treemap-picture))

(test-begin "treemap")

(define frame (make-rectangle 100 200 960000 560000))

(define (right rectangle)
  (+ (rectangle-x rectangle) (rectangle-width rectangle)))

(define (bottom rectangle)
  (+ (rectangle-y rectangle) (rectangle-height rectangle)))

(define (inside? outer rectangle)
  "Return true if RECTANGLE is in OUTER."
  (and (<= (rectangle-x outer) (rectangle-x rectangle))
       (<= (rectangle-y outer) (rectangle-y rectangle))
       (<= (right rectangle) (right outer))
       (<= (bottom rectangle) (bottom outer))))

(define (overlap? one other)
  "Return true if ONE and OTHER have an area in common."
  (and (< (rectangle-x one) (right other))
       (< (rectangle-x other) (right one))
       (< (rectangle-y one) (bottom other))
       (< (rectangle-y other) (bottom one))))

(define (any-overlap? rectangles)
  (match rectangles
    (() #f)
    ((first . rest)
     (or (any (lambda (other) (overlap? first other)) rest)
         (any-overlap? rest)))))

(define (in-proportion? sizes rectangles outer)
  "Return true if the areas of RECTANGLES are, but for the rounding of edges,
SIZES of OUTER."
  (let ((total (apply + sizes)))
    (every (lambda (size rectangle)
             (let ((wanted (/ (* size (rectangle-area outer)) total)))
               (<= (abs (- (rectangle-area rectangle) wanted))
                   ;; An edge is off by a few units at most.
                   (* 4 (+ 1 (rectangle-width rectangle)
                           (rectangle-height rectangle))))))
           sizes rectangles)))

(define (check name sizes)
  "Check the treemap of SIZES in the frame."
  (let ((rectangles (squarify sizes frame)))
    (test-equal (string-append name ": all") (length sizes)
      (length rectangles))
    (test-assert (string-append name ": inside")
      (every (lambda (rectangle) (inside? frame rectangle)) rectangles))
    (test-assert (string-append name ": no overlap")
      (not (any-overlap? rectangles)))
    (test-equal (string-append name ": nothing is left free")
      (rectangle-area frame) (apply + (map rectangle-area rectangles)))
    (test-assert (string-append name ": in proportion")
      (in-proportion? sizes rectangles frame))
    (test-equal (string-append name ": the same again") rectangles
      (squarify sizes frame))))

(define (made-up-sizes count seed)
  "Return COUNT sizes, most of them small, that depend on SEED alone."
  (let loop ((count count) (state seed) (result '()))
    (if (zero? count)
        result
        (let ((state (modulo (+ (* state 1103515245) 12345) (expt 2 31))))
          (loop (- count 1) state
                (cons (+ 1 (quotient (expt 2 26) (+ 1 (modulo state 3000))))
                      result))))))

(check "one" '(7))
(check "two" '(1 3))
(check "equal" (make-list 12 5))
(check "as in the article" '(6 6 4 3 2 2 1))
(check "huge" (list (- (expt 2 64) 1) (expt 2 63) (expt 2 60)))
(for-each (lambda (count)
            (check (format #f "~a made up" count) (made-up-sizes count count)))
          '(3 10 50 200 400))

(test-assert "shapes are near to squares"
  (let* ((rectangles (squarify (make-list 100 1) frame))
         (shape      (lambda (rectangle)
                       (let ((width  (rectangle-width rectangle))
                             (height (rectangle-height rectangle)))
                         (/ (max width height) (min width height))))))
    (every (lambda (rectangle) (< (shape rectangle) 3)) rectangles)))

(test-equal "none" '() (squarify '() frame))
(test-equal "nothing but zeros" '(0 0)
  (map rectangle-area (squarify '(0 0) frame)))
(test-equal "a zero takes no room" (rectangle-area frame)
  (rectangle-area (second (squarify '(0 9) frame))))
(test-equal "order is kept" #t
  (match (squarify '(1 5 3) frame)
    ((one five three)
     (< (rectangle-area one) (rectangle-area three) (rectangle-area five)))))
(test-assert "a frame without area"
  (every (lambda (rectangle) (zero? (rectangle-area rectangle)))
         (squarify '(1 2 3) (make-rectangle 0 0 0 10))))

(test-assert "two levels: items are inside of their groups"
  (every (match-lambda
           ((group . items)
            (every (lambda (item) (inside? group item)) items)))
         (treemap '((1 2 3) (4) (5 6 7 8)) frame)))


;;; Pictures.

(define (written document)
  "Return DOCUMENT as text."
  (call-with-output-string
    (lambda (port)
      (display-markup document port))))

(define (elements name tree)
  "Return all elements called NAME in TREE, as 'xml->sxml' makes it."
  (match tree
    ((head . rest)
     (append (if (and (symbol? head)
                      (string-suffix? (string-append ":" name)
                                      (string-append
                                       ":" (symbol->string head))))
                 (list tree)
                 '())
             (append-map (lambda (child) (elements name child))
                         (if (symbol? head) rest tree))))
    (_ '())))

(define (group-of tiles)
  (make-tile-group "1" "layer 1" tiles))

(define (picture groups)
  (xml->sxml (written (svg-document
                       (treemap-picture "t" groups '("kept" "new")
                                        #:title "A & B" #:description "<d>")))
             #:namespaces '((svg . "http://www.w3.org/2000/svg"))))

(define hostile "</title><script>alert('1')</script>&\"\x01\x1b[31m\uffff")

(test-assert "a hostile name stays text"
  (let ((tree (picture (list (group-of
                              (list (make-tile hostile 10 0 hostile '(0))))))))
    (and (null? (elements "script" tree))
         (any (lambda (title)
                (and (string? (last title))
                     (string-prefix? "</title><script>" (last title))))
              (elements "title" tree)))))

(test-assert "no area at all"
  (pair? (elements "svg:svg" (picture (list (group-of
                                             (list (make-tile "a" 0 0 "a"
                                                              '(0)))))))))
(test-assert "no group" (pair? (elements "svg:svg" (picture '()))))

(define (rows tree)
  "Return the rows that the tiles in TREE stand for."
  (append-map (match-lambda
                ((_ ('@ . attributes) . _)
                 (match (assq 'data-rows attributes)
                   ((_ text) (map string->number (string-split text #\space)))
                   (#f '())))
                (_ '()))
              (elements "svg:g" tree)))

(let* ((count 10000)
       (tiles (map (lambda (size number)
                     (make-tile (format #f "item-~a" number) size
                                (modulo number 2) "note" (list number)))
                   (made-up-sizes count 1) (iota count)))
       (tree  (picture (list (group-of (take tiles 4000))
                             (group-of (drop tiles 4000))))))
  (test-assert "10,000 items: few tiles"
    (< (length (elements "svg:g" tree)) 5000))
  (test-assert "10,000 items: each is there once"
    (equal? (iota count) (sort (rows tree) <))))

(let* ((count 3000)
       (tree  (picture (map (lambda (number)
                              (group-of (list (make-tile "a" 1 0 "a"
                                                         (list number)))))
                            (iota count)))))
  (test-assert "3,000 layers: each is there once"
    (equal? (iota count) (sort (rows tree) <))))

(test-assert "a curve of one point, and bytes of zero"
  (xml->sxml
   (written
    (svg-document
     (curve-picture "c" (list (make-panel "p" (list (make-curve "a" '((1 . 0))
                                                                0 "b"))))
                    #:title "t" #:description "d")))))


;;; Documents.

(define (json value)
  (call-with-output-string
    (lambda (port) (display-json value port))))

(test-equal "JSON"
  "{\n  \"a\": [1, \"x\\\"\\\\\\n\\u001b\\u0085é\", null, true, false]\n}\n"
  (json '((a . #(1 "x\"\\\n\x1b\x85é" null #t #f)))))
(test-equal "JSON: numbers are exact" "[18446744073709551615]\n"
  (json (vector (- (expt 2 64) 1))))
(test-equal "JSON: empty" "[\n  {},\n  []\n]\n" (json '#(() #())))

(test-equal "markup" "<p a=\"&lt;&#39;&quot;&amp;\">&gt;\\033?</p>"
  (written '(p (@ (a "<'\"&") (b #f)) ">\x1b\ufffe")))


;;; Tables.

(test-equal "names that fit" "a, b" (names->string '("a" "b") 10))
(test-equal "names that do not" "aaaa and 2 more"
  (names->string '("aaaa" "bbbb" "cccc") 15))
(test-equal "one long name" "aaaaa..." (names->string '("aaaaaaaaaa") 8))
(test-assert "tables fit 80 columns"
  (every (lambda (line) (< (string-length line) 80))
         (string-split
          (with-output-to-string
            (lambda ()
              (display-columns '("layer" "size" "items")
                               (list (list "1" "10.0 GiB"
                                           (make-list 1000 "name-1.2.3"))
                                     (list "2" "1.0 KiB"
                                           (list (make-string 200 #\x)))))))
          #\newline)))

(test-end "treemap")
