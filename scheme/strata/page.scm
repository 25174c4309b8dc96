;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; A page of HTML with facts, pictures and tables, all in one file: nothing is
;;; loaded from elsewhere.  It can be read without scripts; with them items can
;;; be searched, tips come up, and tables are sorted.
;;; Code:

(define-module (strata page)
  #:use-module (ice-9 match)
  #:use-module (strata markup)
  #:use-module (strata page-parts)
  #:use-module (strata text)
  #:export (make-page
            page-figure
            page-table
            size-cell
            number-cell))

;; Nothing may be loaded, whatever a name looks like.
(define %policy "default-src 'none'; style-src 'unsafe-inline'; \
script-src 'unsafe-inline'")

(define (number-cell number)
  "Return a cell of a table that shows NUMBER."
  `(td (@ (class "number")) ,number))

(define (size-cell bytes)
  "Return a cell of a table that shows BYTES for people, and sorts them
exactly."
  `(td (@ (class "number") (data-value ,bytes)
          (title ,(format #f (ngettext "~a byte" "~a bytes" bytes "strata")
                          bytes)))
       ,(size->string bytes)))

(define* (page-table caption heads rows #:key searched?)
  "Return a table with CAPTION.  HEADS is a list of texts, or pairs of a text
and 'number.  ROWS is a list of lists of cells: texts, or elements 'td'.  If
SEARCHED? is true, the search is for its rows, numbered from 0."
  `(div (@ (class "wide"))
        (table
         (caption ,caption)
         (thead
          (tr ,@(map (match-lambda
                       ((text . 'number)
                        `(th (@ (scope "col") (class "number")) ,text))
                       (text
                        `(th (@ (scope "col")) ,text)))
                     heads)))
         (tbody
          ,@(map (lambda (cells number)
                   `((verbatim "\n") (tr (@ (data-row ,(and searched? number)))
                              ,@(map (match-lambda
                                       ((? string? text) `(td ,text))
                                       (cell cell))
                                     cells))))
                 rows (iota (length rows)))))))

(define (page-figure picture caption)
  "Return the figure that shows PICTURE, an element 'svg', with CAPTION."
  `(figure ,picture (figcaption ,caption)))

(define (search-form)
  "Return the form for searches, which only scripts can do."
  `(form (@ (id "search") (role "search") (hidden "hidden")
            ;; TRANSLATORS: %1 and %2 are numbers.
            (data-found ,(G_ "%1 of %2 items")))
         (label (@ (for "words")) ,(G_ "Search items: "))
         (input (@ (id "words") (type "search") (autocomplete "off")
                   (spellcheck "false")))
         " "
         (output (@ (for "words") (aria-live "polite")))))

(define (make-page title facts . parts)
  "Return a document of HTML called TITLE, for 'display-markup'.  FACTS is a
list of pairs of texts.  PARTS are a heading, elements below it, and so on; the
search is above the first of them."
  (html-document
   ;; TRANSLATORS: the code of your language in ISO 639, such as de.
   `(html (@ (lang ,(G_ "en")))
          (head
           (meta (@ (charset "utf-8")))
           (meta (@ (http-equiv "Content-Security-Policy")
                    (content ,%policy)))
           (meta (@ (name "viewport")
                    (content "width=device-width, initial-scale=1")))
           (title ,title)
           (style ,page-style))
          (body
           (h1 ,title)
           (dl ,@(map (match-lambda
                        ((name . value)
                         `((dt ,name) (dd ,value))))
                      facts))
           ,(search-form)
           ,@(map (lambda (part)
                    (if (string? part)
                        `(h2 ,part)
                        part))
                  parts)
           (div (@ (id "tip") (hidden "hidden") (aria-hidden "true")))
           (script ,page-script)))))
