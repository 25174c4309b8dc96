;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Writing of SVG and HTML from trees in the manner of SXML:
;;;
;;;   (NAME (@ (ATTRIBUTE VALUE) ...) CHILD ...)
;;;
;;; A child is a tree, a list of children, a string, or a number; an attribute
;;; whose value is #f is left out.  What is written is XML, and HTML as well:
;;; browsers and XML parsers read the same tree in it.  Names that came from
;;; outside cannot get out of their place: all text is escaped, and characters
;;; that XML does not have become \ooo.
;;; Code:

(define-module (strata markup)
  #:use-module (ice-9 match)
  #:use-module (strata text)
  #:export (svg-document
            html-document
            display-markup))

;; Of HTML: these have no end tag, and all others must have one.
(define %void-elements '(br col hr input link meta))

(define (svg-document tree)
  "Return TREE, an element 'svg', as what 'display-markup' takes."
  `((verbatim "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") ,tree))

(define (html-document tree)
  "Return TREE, an element 'html', as what 'display-markup' takes."
  `((verbatim "<!DOCTYPE html>\n") ,tree))

(define (not-in-xml? character)
  "Return true if no XML document has CHARACTER, though it is no control
character."
  (memv (char->integer character) '(#xFFFE #xFFFF)))

(define (escape text)
  "Return TEXT as it stands in XML, between tags or in an attribute."
  (string-concatenate
   (map (lambda (character)
          (match character
            (#\& "&amp;")
            (#\< "&lt;")
            (#\> "&gt;")
            (#\" "&quot;")
            (#\' "&#39;")
            ((? not-in-xml?) "?")
            (_ (string character))))
        (string->list (printable text)))))

(define (special? character)
  (or (memv character '(#\& #\< #\> #\" #\'))
      (not-in-xml? character)))

(define (display-text value port)
  "Write VALUE, a string or a number, to PORT, escaped."
  (let ((text (if (number? value)
                  (number->string value)
                  (printable value))))
    (display (if (string-any special? text) (escape text) text) port)))

(define (display-attributes attributes port)
  "Write ATTRIBUTES to PORT."
  (for-each (match-lambda
              ((_ #f) #f)
              ((name value)
               (display " " port)
               (display name port)
               (display "=\"" port)
               (display-text value port)
               (display "\"" port)))
            attributes))

(define (display-element name attributes children port)
  "Write the element NAME to PORT."
  (display "<" port)
  (display name port)
  (display-attributes attributes port)
  (cond ((memq name %void-elements)
         (display "/>" port))
        (else
         (display ">" port)
         (for-each (lambda (child)
                     (display-markup child port))
                   children)
         (display "</" port)
         (display name port)
         (display ">" port))))

(define (display-code name code port)
  "Write CODE, text of ours, as the element NAME, 'style' or 'script', to PORT."
  (display (string-append "<" name ">/*<![CDATA[*/\n" code
                          "/*]]>*/</" name ">")
           port))

(define (display-markup tree port)
  "Write TREE to PORT."
  (match tree
    (()
     #f)
    ((? string? text)
     (display-text text port))
    ((? number? number)
     (display-text number port))
    (('verbatim text)
     (display text port))
    (('style code)
     (display-code "style" code port))
    (('script code)
     (display-code "script" code port))
    (((? symbol? name) ('@ attributes ...) children ...)
     (display-element name attributes children port))
    (((? symbol? name) children ...)
     (display-element name '() children port))
    ((children ...)
     (for-each (lambda (child)
                 (display-markup child port))
               children))))
