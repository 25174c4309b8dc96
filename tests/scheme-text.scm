;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Texts for people: printable names, sizes, and the line that shows progress.
;;; Code:

(use-modules (srfi srfi-1)
             (srfi srfi-64)
             (ice-9 match)
             (rnrs bytevectors)
             (strata progress)
             (strata text))

(test-begin "text")

(for-each
 (match-lambda
   ((name expected)
    (test-equal (object->string name) expected (printable name))))
 '(("hello" "hello")
   ("" "")
   ("naïve" "naïve")
   ("a\nb" "a\\012b")
   ("\x1b[31m" "\\033[31m")
   ("\x7f" "\\177")
   ("\x85" "\\302\\205")))

(test-equal "printable bytes" "a\\377\\033b"
  (printable-bytes (u8-list->bytevector '(97 255 27 98))))

(for-each
 (match-lambda
   ((bytes expected)
    (test-equal (number->string bytes) expected (size->string bytes))))
 '((0 "0.0 KiB")
   (1023 "1.0 KiB")
   (1536 "1.5 KiB")
   (1048576 "1.0 MiB")
   (1153434 "1.1 MiB")
   (10737418240 "10.0 GiB")))

(test-equal "MiB" "0.5" (bytes->mebibytes 524288))

(test-equal "progress with a bar"
  "writing [##########          ]  50%"
  (progress-line "writing" 50 100 35))
(test-equal "progress, widest bar" (+ 40 (string-length "writing   50%"))
  (string-length (progress-line "writing" 50 100 500)))
(test-equal "progress without room for a bar" "writing  50%"
  (progress-line "writing" 50 100 20))
(test-equal "progress, narrow" "writ" (progress-line "writing" 50 100 4))
(test-equal "progress, no room" "" (progress-line "writing" 50 100 0))
(test-equal "progress, end" "writing 100%" (progress-line "writing" 9 9 20))
(test-equal "progress, more than all" "writing 100%"
  (progress-line "writing" 12 9 20))
(test-equal "progress, no total" "writing 1.5 KiB"
  (progress-line "writing" 1536 0 80))
(test-assert "progress, never wider"
  (every (lambda (columns)
           (<= (string-length (progress-line "writing" 7 9 columns)) columns))
         (iota 200)))

(test-end "text")
