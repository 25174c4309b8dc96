;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Siblings: the images that share layers with the one that is made.
;;; Code:

(define-module (strata siblings)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata errors)
  #:use-module (strata primitives)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (read-fleet
            sibling-fields))

;; What is not between words, such as a carriage return at the end of a line.
(define %word-characters
  (char-set-complement (char-set #\space #\tab #\return)))

(define (line-words line)
  "Return the words of LINE, without the comment at its end."
  (take-while (lambda (word)
                (not (string-prefix? "#" word)))
              (string-tokenize line %word-characters)))

(define (read-fleet file)
  "Return the images that FILE lists, pairs of a name and a list of items, as
strings for 'resolve-item'.  Each line is a name and the items after it, with
blanks between them; what follows a '#' after a blank is a comment."
  (define (refuse number reason)
    (raise-strata-error
     (format #f (G_ "cannot read the fleet '~a', line ~a: ~a")
             (printable file) number reason)
     (G_ "each line is 'NAME ITEM...'")))

  (define (add line number images)
    (match (line-words line)
      (() images)
      ((name)
       (refuse number (format #f (G_ "the image '~a' has no items")
                              (printable name))))
      ((name . items)
       (when (assoc name images)
         (refuse number (format #f (G_ "the image '~a' is there twice")
                                (printable name))))
       (acons name items images))))

  (let ((lines (string-split (checked %read-text-file file) #\newline)))
    (reverse (fold add '() lines (iota (length lines) 1)))))

(define (sibling-fields store siblings fleet profile-trees)
  "Return the fields of a request for SIBLINGS and FLEET.  SIBLINGS is a list of
strings, the names of files or of items of STORE, and of lists of items; FLEET
is #f, a file for 'read-fleet', or what that returns.  PROFILE-TREES returns, for a list of paths in
STORE, the list of virtual items that an image of them has."
  (define (file? sibling)
    (and (string? sibling)
         (checked %plan-input? sibling)))

  (define (image items)
    (let ((paths (delete-duplicates
                  (map (lambda (item)
                         (resolve-item store item))
                       items))))
      (list paths (profile-trees paths))))

  (define images
    (cond ((not fleet) '())
          ((string? fleet) (read-fleet fleet))
          (else fleet)))

  (define (name sibling)
    (if (string? sibling)
        sibling
        (string-join sibling ", ")))

  (call-with-values (lambda () (partition file? siblings))
    (lambda (files items)
      `((siblings . ,files)
        (sibling-images
         . ,(map image
                 (append (map (lambda (sibling)
                                (if (string? sibling)
                                    (list sibling)
                                    sibling))
                              items)
                         (map cdr images))))
        (sibling-names . ,(append files
                                  (map name items)
                                  (map car images)))))))
