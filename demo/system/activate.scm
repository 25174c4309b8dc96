;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Makes the system that the variable GUIX_NEW_SYSTEM names the current one:
;;; sets the link /run/current-system and makes the files of /etc.  It may run
;;; again at any time.
;;; Code:

(use-modules (ice-9 ftw))

(define new-system
  (canonicalize-path (getenv "GUIX_NEW_SYSTEM")))

(define etc
  (canonicalize-path (string-append new-system "/etc")))

;; Engines read these in the image's root, where a link into the store may lead
;; nowhere.
(define regular-files
  '("passwd" "group"))

(define (say . strings)
  "Write STRINGS as a message."
  (for-each (lambda (string)
              (display string (current-error-port)))
            `("activate: " ,@strings "\n")))

(define (put-in-place make file)
  "Call MAKE with a temporary name, and give what it has made the name FILE."
  (catch 'system-error
    (lambda ()
      (let ((new (string-append file ".new")))
        (when (false-if-exception (lstat new))
          (delete-file new))
        (make new)
        (rename-file new file)))
    (lambda arguments
      (say "error: cannot make " file ": "
           (strerror (system-error-errno arguments)))
      (primitive-exit 1))))

(define (replace-link target link)
  "Make LINK point to TARGET."
  (put-in-place (lambda (new)
                  (symlink target new))
                link))

(define (make-etc-file name)
  "Make the file NAME of /etc."
  (let ((file (string-append "/etc/" name)))
    (if (member name regular-files)
        (put-in-place (lambda (new)
                        (copy-file (string-append etc "/" name) new)
                        (chmod new #o644))
                      file)
        (replace-link (string-append "/etc/static/" name) file))))

;; The process stays, so its messages must not wait for its end.
(setvbuf (current-error-port) 'line)
(unless (access? "/run" W_OK)
  (say "error: cannot write in /run")
  (display "hint: in a container with a read-only root, '--tmpfs /run' helps\n"
           (current-error-port))
  (primitive-exit 1))
(replace-link new-system "/run/current-system")

;; Services do without these files: no reason to give up.
(if (access? "/etc" W_OK)
    (begin
      (replace-link etc "/etc/static")
      (for-each make-etc-file
                (scandir etc (lambda (name)
                               (not (member name '("." "..")))))))
    (say "warning: cannot write in /etc; its files stay as the image has them"))
