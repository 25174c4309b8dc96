;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What is written about packages: the names in item paths, the 'manifest'
;;; and 'etc/profile' files of a profile, and names for images.
;;;
;;; A manifest is one expression, Guix's format version 4:
;;;
;;;   (manifest
;;;    (version 4)
;;;    (packages
;;;     ((NAME VERSION OUTPUT PATH (propagated-inputs ()) (search-paths ()))
;;;      ...)))
;;; Code:

(define-module (strata manifest)
  #:use-module ((ice-9 exceptions) #:select (&error))
  #:use-module (ice-9 match)
  #:use-module ((ice-9 textual-ports) #:select (get-string-all))
  #:use-module (srfi srfi-1)
  #:use-module (strata search-paths)
  #:export (item-path->name
            item-name->name+version
            items->manifest
            etc-profile
            read-manifest
            manifest-names
            manifest-search-paths
            friendly-name
            image-name))

(define item-hash-length 32)            ;digits

(define (item-path->name path)
  "Return \"hello-2.10\" for PATH \"/gnu/store/<hash>-hello-2.10\"."
  (let ((start (+ item-hash-length 2
                  (or (string-rindex path #\/) -1))))
    (if (< start (string-length path))
        (substring path start)
        (basename path))))

(define (item-name->name+version name)
  "Return two values, \"hello\" and \"2.10\" for NAME \"hello-2.10\": it is cut
before the first hyphen that a digit follows.  Without one, the version is
\"\"."
  (let loop ((start 0))
    (match (string-index name #\- start)
      (#f
       (values name ""))
      (hyphen
       (if (and (< 0 hyphen (- (string-length name) 1))
                (char-set-contains? char-set:ascii-digit
                                    (string-ref name (+ hyphen 1))))
           (values (substring name 0 hyphen)
                   (substring name (+ hyphen 1)))
           (loop (+ hyphen 1)))))))

(define char-set:ascii-digit
  (string->char-set "0123456789"))

(define (item->manifest-entry path)
  "Return the line of a manifest for the item PATH."
  (call-with-values
      (lambda ()
        (item-name->name+version (item-path->name path)))
    (lambda (name version)
      (object->string
       `(,name ,version "out" ,path
               (propagated-inputs ()) (search-paths ()))))))

(define (items->manifest paths)
  "Return the text of the manifest of a profile that joins PATHS."
  (string-append "(manifest\n (version 4)\n (packages\n  ("
                 (string-join (map item->manifest-entry paths) "\n   ")
                 ")))\n"))

(define (etc-profile directories)
  "Return the text of 'etc/profile' for a profile whose programs are in
DIRECTORIES, names relative to it.  It has no name of its own to write there:
that depends on its content."
  (string-append "\
# Shell code that makes the programs of this profile known.  First set
# GUIX_PROFILE to the name of the profile that has this file.
export PATH=\""
                 (string-join (map (lambda (directory)
                                     (string-append "${GUIX_PROFILE:?}/"
                                                    directory))
                                   directories)
                              ":")
                 "${PATH:+:}$PATH\"\n"))

;; What is read before it is known to be a manifest is bounded.
(define most-manifest-bytes 4000000)
(define deepest-manifest 1000)          ;open parentheses
(define longest-word 1000)              ;characters of a symbol or number
(define most-search-paths 1000)

(define plain-characters
  (char-set-union char-set:letter+digit char-set:whitespace
                  (string->char-set "()-+*/<>=!?:$%&^_~@.#")))

(define (plain-syntax? text)
  "Return true if TEXT has only the syntax that manifests have: lists, strings,
symbols, numbers, #t and #f.  Everything else that Scheme can read is refused,
so that reading takes neither much time nor memory."
  (let loop ((state 'plain) (depth 0) (word 0) (characters (string->list text)))
    (match characters
      (()
       (and (eq? state 'plain) (zero? depth)))
      ((character . rest)
       (match state
         ('escape
          (loop 'string depth 0 rest))
         ('string
          (loop (case character
                  ((#\\) 'escape)
                  ((#\") 'plain)
                  (else 'string))
                depth 0 rest))
         ('comment
          (loop (if (char=? character #\newline) 'plain 'comment)
                depth 0 rest))
         ('plain
          (case character
            ((#\") (loop 'string depth 0 rest))
            ((#\;) (loop 'comment depth 0 rest))
            ((#\()
             (and (< depth deepest-manifest)
                  (loop 'plain (+ depth 1) 0 rest)))
            ((#\))
             (and (positive? depth)
                  (loop 'plain (- depth 1) 0 rest)))
            ((#\#)
             (match rest
               (((or #\t #\f) . rest)
                (loop 'plain depth word rest))
               (_ #f)))
            (else
             (and (char-set-contains? plain-characters character)
                  (< word longest-word)
                  (loop 'plain depth
                        (if (char-whitespace? character) 0 (+ word 1))
                        rest))))))))))

(define (manifest-text file)
  "Return the text of the manifest FILE, or #f if it cannot be one."
  (let ((status (stat file)))
    (and (eq? 'regular (stat:type status))
         (<= (stat:size status) most-manifest-bytes)
         (let ((text (call-with-input-file file get-string-all
                                           #:encoding "UTF-8")))
           (and (plain-syntax? text) text)))))

(define (read-manifest file)
  "Return the list of the entries in the manifest FILE, of format version 3 or
4; #f if it cannot be read as one."
  (with-exception-handler
      (const #f)
    (lambda ()
      (match (and=> (manifest-text file)
                    (lambda (text)
                      (call-with-input-string text read)))
        (('manifest ('version _) ('packages (entries ...)) . _)
         entries)
        (_ #f)))
    #:unwind? #t
    #:unwind-for-type &error))

(define (manifest-names entries)
  "Return the names of the packages in ENTRIES, those of a manifest."
  (filter-map (match-lambda
                (('repeated (? string? name) . _) name)
                (((? string? name) . _) name)
                (_ #f))
              entries))

(define (entry-fields entry key)
  "Return the list that the field KEY of ENTRY holds, '() if it has none."
  (match entry
    (((? string?) (? string?) (? string?) (? string?) . (? list? fields))
     (match (find (match-lambda
                    (((? symbol? name) . _) (eq? name key))
                    (_ #f))
                  fields)
       ((_ (? list? values)) values)
       (_ '())))
    (_ '())))

(define (manifest-search-paths entries)
  "Return the search paths of the packages in ENTRIES and of those that they
propagate, each once."
  (define seen (make-hash-table))

  (define (transitive entry)
    (cons entry (append-map transitive
                            (entry-fields entry 'propagated-inputs))))

  (define (new? fields)
    (let ((text (object->string fields)))
      (and (not (hash-ref seen text))
           (hash-set! seen text #t))))

  (let ((fields (filter new?
                        (append-map (lambda (entry)
                                      (entry-fields entry 'search-paths))
                                    (append-map transitive entries)))))
    (filter-map fields->search-path
                (take fields (min most-search-paths (length fields))))))

(define (friendly-name names)
  "Return NAMES joined by hyphens, as many of the first ones as make less than
40 characters, and at least one."
  (let ((text (string-join names "-")))
    (match names
      ((or () (_)) text)
      (_ (if (< (string-length text) 40)
             text
             (friendly-name (drop-right names 1)))))))

(define char-set:image-name
  (string->char-set "abcdefghijklmnopqrstuvwxyz0123456789"))

(define (separator text)
  "Return TEXT if it may separate the parts of an image's name, else a hyphen
(OCI distribution-spec 1.1, \"Pulling manifests\")."
  (if (or (member text '("." "_" "__"))
          (string-every #\- text))
      text
      "-"))

(define (image-name name)
  "Return NAME with all that an image's name must not have replaced; \"image\"
if nothing is left."
  (let* ((name  (string-downcase name))
         (start (string-index name char-set:image-name)))
    (if start
        (let loop ((start start) (parts '()))
          (let* ((end  (or (string-skip name char-set:image-name start)
                           (string-length name)))
                 (part (substring name start end))
                 (next (string-index name char-set:image-name end)))
            (if next
                (loop next
                      (cons* (separator (substring name end next))
                             part parts))
                (string-concatenate (reverse (cons part parts))))))
        "image")))
