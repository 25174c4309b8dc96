;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; A service that answers each who connects to its socket in /run with the text
;;; in the file beside this program.
;;; Code:

(use-modules (ice-9 match)
             ((ice-9 textual-ports) #:select (get-string-all)))

(define socket-name "/run/greeter.socket")

(define text
  (call-with-input-file (string-append (dirname (car (command-line))) "/text")
    get-string-all))

(define (answer client)
  "Send the text to CLIENT, which may be gone already."
  (catch 'system-error
    (lambda ()
      (display text client)
      (close-port client))
    (const #t)))

(define (serve server)
  "Answer all who connect to SERVER."
  (match (accept server)
    ((client . address)
     (answer client)
     (serve server))))

(sigaction SIGPIPE SIG_IGN)
(when (file-exists? socket-name)
  (delete-file socket-name))
(let ((server (socket PF_UNIX SOCK_STREAM 0)))
  (bind server AF_UNIX socket-name)
  (listen server 8)
  (serve server))
