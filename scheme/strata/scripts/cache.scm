;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The subcommand 'strata cache'.
;;; Code:

(define-module (strata scripts cache)
  #:use-module (ice-9 match)
  #:use-module (strata cache)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata progress)
  #:use-module (strata table)
  #:use-module (strata text)
  #:export (strata-cache))

(define largest-size (- (expt 2 63) 1)) ;that the core takes

(define (show-help)
  (display (G_ "Usage: strata cache info [OPTION]...
  or:  strata cache verify [OPTION]...
  or:  strata cache prune [OPTION]...
Show what is in the cache of compressed items, verify it, or make it smaller.\n"))
  (display (G_ "
'info' shows how much there is.\n"))
  (display (G_ "
'verify' reads all of it, tells what is damaged, and removes that.\n"))
  (display (G_ "
'prune' removes what was not used for longest until the rest is small enough,
and what commands that were killed have left.\n"))
  (display (G_ "
      --cache=DIR        the cache is in DIR (default: strata below
                         XDG_CACHE_HOME or HOME/.cache)\n"))
  (display (G_ "
Only for 'prune':"))
  (display (G_ "
      --max-size=SIZE    keep at most SIZE bytes; SIZE may end in a unit such
                         as K, M, G (powers of 1024) or MB (default 10G)\n"))
  (display (G_ "
  -h, --help             display this help and exit\n")))

(define %common-options
  (list (file-option '("cache") 'cache)
        (help-option show-help)))

(define %prune-options
  (cons (value-option '("max-size") 'max-size (string->size largest-size))
        %common-options))

(define (info directory options)
  "Show what is in the cache in DIRECTORY."
  (let ((cache (find-cache directory)))
    (display-field (G_ "cache") (cache-directory cache))
    (display-field (G_ "fragments") (number->string (cache-fragments cache)))
    (display-field (G_ "layers") (number->string (cache-layers cache)))
    (display-field (G_ "size") (size->string (cache-size cache)))
    (display-field (G_ "limit") (size->string (cache-limit cache)))))

(define (verify directory options)
  "Remove what is damaged from the cache in DIRECTORY, and show it."
  (let ((problems (call-with-progress 1
                    (lambda (progress)
                      (verify-cache directory #:progress progress)))))
    (for-each show-error problems)
    (unless (null? problems)
      (exit 1))))

(define (prune directory options)
  "Make the cache in DIRECTORY as small as OPTIONS say."
  (prune-cache directory #:max-size (option-value options 'max-size)))

(define (action procedure options)
  "Return the action that calls PROCEDURE with the directory of the cache and
what OPTIONS make of the command line, which has no operands."
  (lambda (arguments)
    (let ((result (parse-options arguments options)))
      (match (option-operands result)
        (()
         (procedure (option-value result 'cache) result))
        ((extra . _)
         (refuse-operand extra))))))

(define %actions
  `(("info" . ,(action info %common-options))
    ("verify" . ,(action verify %common-options))
    ("prune" . ,(action prune %prune-options))))

(define (strata-cache arguments)
  "Do what the command line ARGUMENTS, those of 'strata cache', say."
  (run-action arguments %actions show-help))
