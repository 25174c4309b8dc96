;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; guile manifests.scm FILE SEED SECONDS SEED-FILE...
;;; Fuzzes the reader of profile manifests: changes the SEED-FILEs at random, the
;;; same way for the same SEED, and reads what comes out.  FILE holds the input
;;; that is read, also after the program died of it.  With SECONDS 0, each
;;; SEED-FILE is read once as it is, and must be a manifest if it is called
;;; good-*.
;;; Code:

(use-modules (ice-9 binary-ports)
             (ice-9 match)
             (rnrs bytevectors)
             (srfi srfi-1)
             (strata manifest)
             (strata search-paths))

(define longest-run 5)                  ;seconds
(define longest-input 65536)            ;bytes
(define most-changes 8)

;; What manifests are made of, for the changes.
(define words
  (map string->utf8
       '("(" ")" "()" "\"" "\\" ";" "#f" "#t" "#" "'" "." " " "\n" "1e999"
         "-1/0" "+nan.0" "(manifest" "(version 4)" "(packages (" "(repeated "
         "(propagated-inputs (" "(search-paths (" "directory" "regular"
         "((\"A\" (\"a\") \":\" regular \"(a*)*\"))" "\"[[:alpha:]]*$\""
         "../" "\x00" "é" "\ufffd" "|" "{")))

(define (read-bytes file)
  (match (call-with-input-file file get-bytevector-all #:binary #t)
    ((? eof-object?) (make-bytevector 0))
    (bytes bytes)))

(define (part bytes start end)
  "Return the bytes of BYTES from START to END."
  (let ((result (make-bytevector (- end start))))
    (bytevector-copy! bytes start result 0 (- end start))
    result))

(define (joined . parts)
  (call-with-values open-bytevector-output-port
    (lambda (port result)
      (for-each (lambda (part) (put-bytevector port part)) parts)
      (result))))

(define (pick list state)
  (list-ref list (random (length list) state)))

(define (changed bytes others state)
  "Return BYTES with one change, maybe with a piece of OTHERS."
  (let* ((size  (bytevector-length bytes))
         (a     (random (+ size 1) state))
         (b     (random (+ size 1) state))
         (start (min a b))
         (end   (max a b))
         (near  (min size (+ start (random 8 state))))
         (piece (part bytes start end)))
    (define (with middle rest)
      (joined (part bytes 0 start) middle (part bytes rest size)))

    (match (random 7 state)
      (0 (with (make-bytevector 1 (random 256 state)) (min size (+ start 1))))
      (1 (with (pick words state) start))
      (2 (with (pick words state) near))
      (3 (with (make-bytevector 0) near))
      (4 (with piece start))
      (5 (with (apply joined (make-list (random 20 state) piece)) end))
      (6 (let ((other (pick others state)))
           (with (part other (min a (bytevector-length other))
                       (bytevector-length other))
                 end))))))

(define (mutated corpus state)
  "Return a member of CORPUS with some changes."
  (let loop ((bytes (pick corpus state))
             (count (+ 1 (random most-changes state))))
    ;; What is too long is cut at once, lest the changes fill the memory.
    (let ((bytes (part bytes 0 (min longest-input (bytevector-length bytes)))))
      (if (zero? count)
          bytes
          (loop (changed bytes corpus state) (- count 1))))))

(define (path-kind path)
  "Return the type of PATH in a profile that is made up."
  (match (modulo (string-hash path) 3)
    (0 #f)
    (1 'regular)
    (2 'directory)))

(define (path-entries path)
  "Return the names in the folder PATH of a profile that is made up."
  (if (< (string-length path) 30)
      '("a" "aaaaaaaaaaaaaaaaaaaab")
      '()))

(define (use-manifest file)
  "Do with the manifest FILE all that 'strata pack' does; return its entries."
  (let ((entries (read-manifest file)))
    (when entries
      (image-name (friendly-name (manifest-names entries)))
      (for-each (match-lambda
                  (((? string? variable) . (? string? value))
                   #t))
                (evaluate-search-paths (manifest-search-paths entries)
                                       "/profile" path-kind path-entries)))
    entries))

(define (try file bytes)
  "Write BYTES to FILE and use it as a manifest, in the time for a run."
  (call-with-output-file file
    (lambda (port) (put-bytevector port bytes))
    #:binary #t)
  (alarm longest-run)                   ;ends the program
  (let ((entries (use-manifest file)))
    (alarm 0)
    entries))

(define (fuzz file state end corpus)
  "Read what CORPUS becomes at random until the time END; return how many times
it was read, and how many of them it was a manifest."
  (let loop ((runs 0) (read 0) (corpus corpus))
    (if (< (current-time) end)
        (let* ((bytes (mutated corpus state))
               (good? (try file bytes)))
          ;; What is still a manifest is where the next changes begin.
          (loop (+ runs 1) (if good? (+ read 1) read)
                (if (and good? (< (length corpus) 1000))
                    (cons bytes corpus)
                    corpus)))
        (values runs read))))

(match (command-line)
  ((_ file seed "0" seed-files ...)
   (for-each (lambda (seed-file)
               (unless (or (try file (read-bytes seed-file))
                           (not (string-prefix? "good-" (basename seed-file))))
                 (error "not read as a manifest:" seed-file)))
             seed-files))
  ((_ file seed seconds seed-files ...)
   (call-with-values
       (lambda ()
         (fuzz file (seed->random-state (string->number seed))
               (+ (current-time) (string->number seconds))
               (map read-bytes seed-files)))
     (lambda (runs read)
       (format #t "~a runs, ~a read as manifests~%" runs read)
       (exit (positive? read))))))
