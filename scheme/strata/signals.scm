;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; A signal becomes a throw, so that unwinding removes what is half done; then
;;; the process dies of that signal, as it would have without a handler.  A
;;; broken pipe is known from the failed write, not from a signal.
;;; Code:

(define-module (strata signals)
  #:use-module (ice-9 match)
  #:use-module (strata messages)
  #:use-module (strata text)
  #:export (call-with-signals
            die-of-broken-pipe))

(define %signals
  `((,SIGINT . "SIGINT") (,SIGTERM . "SIGTERM") (,SIGHUP . "SIGHUP")))

;; Whether the one who started us ignores SIGPIPE.
(define broken-pipe-ignored? #f)

(define (ignored? signal)
  "Return true if SIGNAL is ignored, as SIGHUP is below nohup."
  (eqv? (car (sigaction signal)) SIG_IGN))

(define (die-of-signal signal)
  "End this process by SIGNAL, whose default is to do so."
  (sigaction signal SIG_DFL)
  (kill (getpid) signal)
  (primitive-_exit (+ 128 signal)))

(define (die-of-broken-pipe)
  "End this process silently by SIGPIPE, unless that is ignored."
  (unless broken-pipe-ignored?
    (die-of-signal SIGPIPE)))

(define (call-with-signals thunk)
  "Call THUNK.  If a signal interrupts it, unwind it, say so, and die of that
signal."
  (define interrupted? #f)

  (define (interrupt signal)
    ;; One is enough: another would interrupt the unwinding.
    (unless interrupted?
      (set! interrupted? #t)
      (throw 'strata-interrupted signal)))

  (set! broken-pipe-ignored? (ignored? SIGPIPE))
  (sigaction SIGPIPE SIG_IGN)
  (catch 'strata-interrupted
    (lambda ()
      (for-each (match-lambda
                  ((signal . _)
                   (unless (ignored? signal)
                     (sigaction signal interrupt))))
                %signals)
      (thunk))
    (lambda (key signal)
      (catch 'system-error
        (lambda ()
          (show-note (format #f (G_ "interrupted by ~a")
                                (assv-ref %signals signal))))
        (const #f))
      (die-of-signal signal))))
