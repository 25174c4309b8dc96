;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The first process of a container: activates the system that the variable
;;; GUIX_NEW_SYSTEM names, then supervises its services.
;;; Code:

;; The kernel gives the first process only those signals that it handles; until
;; there are services, nothing is left to be ended.
(sigaction SIGTERM (lambda (signal) (primitive-exit 0)))

(define new-system
  (getenv "GUIX_NEW_SYSTEM"))

(define (run-program name)
  "Run the program NAME of the system in this process, but in a module of its
own."
  (save-module-excursion
   (lambda ()
     (set-current-module (make-fresh-user-module))
     (primitive-load (string-append new-system "/" name)))))

(define (note-booted-system)
  "Make /run/booted-system what /run/current-system is now.  Activating another
system later changes only the latter."
  (let ((link "/run/booted-system"))
    (when (false-if-exception (lstat link))
      (delete-file link))
    (symlink (readlink "/run/current-system") link)))

(unless (and new-system
             (file-exists? (string-append new-system "/activate")))
  (display "boot: error: GUIX_NEW_SYSTEM does not name a system\n"
           (current-error-port))
  (primitive-exit 1))

(run-program "activate")
(note-booted-system)
(run-program "supervisor")
