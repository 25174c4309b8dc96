;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Command lines: what they mean, and which ones are refused.
;;; Code:

(use-modules (srfi srfi-64)
             (ice-9 match)
             (strata options))

(define %options
  (list (value-option '(#\o "output") 'output)
        (value-option '("max-layers") 'max-layers
                      (string->whole-number 1 1000))
        (flag-option '(#\n "dry-run") 'dry-run)))

(define (parse . arguments)
  "Return what %OPTIONS make of ARGUMENTS."
  (parse-options arguments %options))

(define (refusal . arguments)
  "Return the message and the hint with which ARGUMENTS are refused."
  (catch 'strata-usage
    (lambda ()
      (apply parse arguments)
      #f)
    (lambda (key message hint)
      (list message hint))))

(test-begin "options")

(for-each
 (match-lambda
   ((arguments expected)
    (test-equal (string-join arguments " ")
      expected (apply parse arguments))))
 '((() ())
   (("-o" "x") ((output . "x")))
   (("-ox") ((output . "x")))
   (("--output=x") ((output . "x")))
   (("--output" "x") ((output . "x")))
   (("--output=") ((output . "")))
   (("--output=a=b") ((output . "a=b")))
   (("--output" "-n") ((output . "-n")))
   (("-o" "-n") ((output . "-n")))
   (("-no" "x") ((dry-run . #t) (output . "x")))
   (("a" "--dry-run" "b") ((operand . "a") (dry-run . #t) (operand . "b")))
   (("-n" "--" "-o" "--output" "x")
    ((dry-run . #t) (operand . "-o") (operand . "--output") (operand . "x")))
   (("-") ((operand . "-")))
   (("") ((operand . "")))
   (("--max-layers" "5" "--max-layers=7") ((max-layers . 5) (max-layers . 7)))))

(for-each
 (match-lambda
   ((arguments message hint)
    (test-equal (string-append "refused: " (string-join arguments " "))
      (list message hint) (apply refusal arguments))))
 '((("-x") "unknown option '-x'" #f)
   (("-nx") "unknown option '-x'" #f)
   (("--outptu=x") "unknown option '--outptu'" "did you mean '--output'?")
   (("--max-layer=1") "unknown option '--max-layer'"
    "did you mean '--max-layers'?")
   (("--completely-different") "unknown option '--completely-different'" #f)
   (("--a\x1bb") "unknown option '--a\\033b'" #f)
   (("-o") "option '-o' needs a value" #f)
   (("--output") "option '--output' needs a value" #f)
   (("--dry-run=yes") "option '--dry-run' has no value" #f)
   (("--max-layers=0")
    "--max-layers: '0' is not a whole number from 1 to 1000" #f)
   (("--max-layers=-1")
    "--max-layers: '-1' is not a whole number from 1 to 1000" #f)
   (("--max-layers=+1")
    "--max-layers: '+1' is not a whole number from 1 to 1000" #f)
   (("--max-layers" "x")
    "--max-layers: 'x' is not a whole number from 1 to 1000" #f)
   (("--max-layers=")
    "--max-layers: '' is not a whole number from 1 to 1000" #f)
   (("--max-layers=1.0")
    "--max-layers: '1.0' is not a whole number from 1 to 1000" #f)
   (("--max-layers=1001")
    "--max-layers: '1001' is not a whole number from 1 to 1000" #f)
   (("--max-layers=1e3")
    "--max-layers: '1e3' is not a whole number from 1 to 1000" #f)
   (("--max-layers=٣")
    "--max-layers: '٣' is not a whole number from 1 to 1000" #f)))

(let ((result (parse "-o" "a" "x" "-o" "b" "y")))
  (test-equal "all values" '("a" "b") (option-values result 'output))
  (test-equal "the last value" "b" (option-value result 'output))
  (test-equal "no value" #f (option-value result 'dry-run))
  (test-equal "a default" 7 (option-value result 'max-layers 7))
  (test-equal "operands" '("x" "y") (option-operands result))
  (test-equal "keyword arguments" '(#:output "b")
              (option-arguments result '(output max-layers))))

(for-each
 (match-lambda
   ((name expected)
    (test-equal (string-append "nearest: " name)
      expected (nearest name '("pack" "inspect" "store")))))
 `(("pakc" "pack")
   ("pac" "pack")
   ("Store" "store")
   ("insepct" "inspect")
   ("p" #f)
   ("" #f)
   ("frobnicate" #f)
   (,(make-string 10000 #\p) #f)))

(test-end "options")
