;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; guile run-scheme-test.scm FILE: runs the SRFI-64 tests of FILE and prints
;;; their results as TAP.
;;; Code:

(use-modules (srfi srfi-64)
             (ice-9 match)
             (ice-9 format))

(define (one-line value)
  "Return VALUE as text of one line."
  (string-map (lambda (character)
                (if (char=? character #\newline) #\space character))
              (format #f "~s" value)))

(define (report-result runner)
  "Print the result of RUNNER's current test."
  (let ((kind (test-result-kind runner)))
    (format #t "~a ~a - ~a~a~%"
            (if (memq kind '(fail xpass)) "not ok" "ok")
            (+ (test-runner-pass-count runner)
               (test-runner-fail-count runner)
               (test-runner-xpass-count runner)
               (test-runner-xfail-count runner)
               (test-runner-skip-count runner))
            (test-runner-test-name runner)
            (if (eq? kind 'skip) " # SKIP" ""))
    (when (memq kind '(fail xpass))
      (for-each (match-lambda
                  ((property . value)
                   (format #t "# ~a: ~a~%" property (one-line value))))
                (test-result-alist runner)))))

(define (tap-runner)
  "Return a test runner that prints TAP and exits at the end."
  (let ((runner (test-runner-null)))
    (test-runner-on-test-end! runner report-result)
    (test-runner-on-final! runner
      (lambda (runner)
        (let ((failed (+ (test-runner-fail-count runner)
                         (test-runner-xpass-count runner))))
          (format #t "1..~a~%"
                  (+ failed
                     (test-runner-pass-count runner)
                     (test-runner-xfail-count runner)
                     (test-runner-skip-count runner)))
          (primitive-exit (if (zero? failed) 0 1)))))
    runner))

(setvbuf (current-output-port) 'line)
(setlocale LC_ALL "C.UTF-8")
(match (command-line)
  ((_ file)
   (test-with-runner (tap-runner)
     (load (canonicalize-path file)))))
