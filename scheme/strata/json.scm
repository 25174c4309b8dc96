;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Writing of JSON (RFC 8259).  Objects are alists whose keys are symbols,
;;; arrays are vectors; numbers are whole and exact; 'null is null.
;;; Code:

(define-module (strata json)
  #:use-module (ice-9 match)
  #:export (display-json))

(define (escape character)
  "Return CHARACTER as it stands in a string of JSON."
  (match character
    (#\" "\\\"")
    (#\\ "\\\\")
    (#\newline "\\n")
    (_
     (let ((code (char->integer character)))
       (if (or (< code #x20) (<= #x7F code #x9F))
           (string-append "\\u"
                          (string-pad (number->string code 16) 4 #\0))
           (string character))))))

(define (display-text text port)
  "Write TEXT as a string of JSON to PORT."
  (display "\"" port)
  (string-for-each (lambda (character)
                     (display (escape character) port))
                   text)
  (display "\"" port))

(define (display-between open close separator display-element elements port)
  "Write ELEMENTS, each by DISPLAY-ELEMENT, between OPEN and CLOSE to PORT, with
SEPARATOR between them."
  (display open port)
  (unless (null? elements)
    (display-element (car elements))
    (for-each (lambda (element)
                (display separator port)
                (display-element element))
              (cdr elements)))
  (display close port))

(define (scalar? value)
  "Return true unless VALUE is an array or object."
  (not (or (vector? value) (pair? value))))

(define (flat? value)
  "Return true if VALUE holds no array or object."
  (match value
    (#(elements ...)
     (and-map scalar? elements))
    (((_ . values) ...)
     (and-map scalar? values))))

(define (display-value value indent port)
  "Write VALUE to PORT; it stands INDENT columns in."
  (define inner
    (+ indent 2))

  (define (line columns)
    (string-append "\n" (make-string columns #\space)))

  (define (display-all open close display-element elements)
    (if (flat? value)
        (display-between open close ", " display-element elements port)
        (display-between (string-append open (line inner))
                         (string-append (line indent) close)
                         (string-append "," (line inner))
                         display-element elements port)))

  (match value
    (#t (display "true" port))
    (#f (display "false" port))
    ('null (display "null" port))
    ((? string? text)
     (display-text text port))
    ((and (? integer?) (? exact?))
     (display value port))
    (#(elements ...)
     (display-all "[" "]"
                  (lambda (element)
                    (display-value element inner port))
                  elements))
    (((_ . _) ...)
     (display-all "{" "}"
                  (match-lambda
                    ((key . value)
                     (display-text (symbol->string key) port)
                     (display ": " port)
                     (display-value value inner port)))
                  value))))

(define (display-json value port)
  "Write VALUE and a newline to PORT, in lines for people: what holds no array
or object is on one."
  (display-value value 0 port)
  (newline port))
