;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What the image of a system has outside the store: the folders that Guix's
;;; systems expect, the links of the first generation, and the program that
;;; boots the system with a Guile of its closure.
;;; Code:

(define-module (strata system root)
  #:use-module (ice-9 match)
  #:use-module (srfi srfi-1)
  #:use-module (strata errors)
  #:use-module (strata manifest)
  #:use-module (strata profile)
  #:use-module (strata store)
  #:use-module (strata text)
  #:export (boot-program-path
            check-system
            system-guile
            has-daemon?
            system-directives))

;; Not /sbin/init: podman would take it for systemd, and stop it by a signal of
;; systemd's.
(define boot-program-path "/boot-program")

(define (status store path)
  "Return the status of the file to which PATH leads in STORE, or #f."
  (and=> (resolve-path store path)
         (lambda (path)
           (stat (string-append (store-root store) path)))))

(define (path-item store path)
  "Return the path of the item of STORE in which the file PATH is."
  (let ((start (+ 1 (string-length (store-directory store)))))
    (substring path 0 (or (string-index path #\/ start)
                          (string-length path)))))


;;; Systems.

;; What there is in a system, and what it leads to.
(define system-parts
  '(("boot" . regular) ("activate" . regular)
    ("profile" . directory) ("etc" . directory)))

(define (check-system store system)
  "Raise an error unless the item SYSTEM of STORE is a system."
  (define (missing? part)
    (match part
      ((name . type)
       (not (eq? type (and=> (status store (string-append system "/" name))
                             stat:type))))))

  (match (filter missing? system-parts)
    (() #t)
    (parts
     (raise-strata-error
      (format #f (G_ "'~a' is not a system: it has no ~a")
              (printable system)
              (string-join (map (match-lambda
                                  ((name . _)
                                   (string-append "'" name "'")))
                                parts)
                           ", "))
      (G_ "a system is the item that 'guix system build' makes")))))

(define (has-daemon? store paths)
  "Return true if one of the items PATHS of STORE holds the build daemon."
  (any (lambda (path)
         (resolve-path store (string-append path "/bin/guix-daemon")))
       paths))


;;; Guile.

(define (own-guile? store path)
  "Return true if the item PATH of STORE has an executable 'bin/guile' that is
not a link into another item."
  (let ((guile (resolve-path store (string-append path "/bin/guile"))))
    (and guile
         (string=? path (path-item store guile))
         (let ((status (stat (string-append (store-root store) guile))))
           (and (eq? 'regular (stat:type status))
                (not (zero? (logand #o100 (stat:perms status)))))))))

(define (version-parts version)
  "Return the numbers and the strings between them in VERSION, in order."
  (define (digit? character)
    (char<=? #\0 character #\9))

  (let loop ((rest version) (parts '()))
    (if (string-null? rest)
        (reverse parts)
        (let* ((number? (digit? (string-ref rest 0)))
               (end     (or (if number?
                                (string-skip rest digit?)
                                (string-index rest digit?))
                            (string-length rest)))
               (part    (substring rest 0 end)))
          (loop (substring rest end)
                (cons (if number? (string->number part 10) part) parts))))))

(define (parts<? parts others)
  "Return true if a version with PARTS is lower than one with OTHERS.  A number
is higher than a string."
  (match (list parts others)
    ((_ ()) #f)
    ((() _) #t)
    (((part . parts) (other . others))
     (cond ((equal? part other)
            (parts<? parts others))
           ((and (number? part) (number? other))
            (< part other))
           ((and (string? part) (string? other))
            (string<? part other))
           (else
            (number? other))))))

(define (item-version path)
  "Return the parts of the version in the name of the item PATH."
  (call-with-values
      (lambda ()
        (item-name->name+version (item-path->name path)))
    (lambda (name version)
      (version-parts version))))

(define (newest paths)
  "Return the one of the items PATHS with the highest version; of several, the
one whose path comes first."
  (fold (lambda (path best)
          (if (parts<? (item-version best) (item-version path))
              path
              best))
        (first (sort paths string<?))
        (sort paths string<?)))

(define (system-guile store system paths)
  "Return the name of the Guile that boots SYSTEM, whose closure in STORE is
PATHS: one to which the item with its 'boot' or its 'activate' refers if there
is one, else any; of several, the newest."
  (define direct
    (append-map (lambda (name)
                  (store-item-references
                   (store-item store
                               (path-item store
                                          (resolve-path
                                           store
                                           (string-append system name))))))
                '("/boot" "/activate")))

  (match (filter (lambda (path) (own-guile? store path)) paths)
    (()
     (raise-strata-error
      (format #f (G_ "the closure of '~a' has no Guile to boot it")
              (printable system))
      (G_ "one of its items must have an executable 'bin/guile'")))
    (guiles
     (string-append (newest (match (lset-intersection string=? guiles direct)
                              (() guiles)
                              (referred referred)))
                    "/bin/guile"))))

(define (boot-program guile)
  "Return the text of the program that boots the system named by its argument
with GUILE.  It does not start another Guile: until the first process handles
signals, they are lost."
  (format #f "#!~a --no-auto-compile
!#
;; Boots the system whose store item is the argument, in this process.
(sigaction SIGTERM (lambda (signal) (primitive-exit 0)))
(let* ((system (cadr (command-line)))
       (boot   (string-append system \"/boot\")))
  (setenv \"GUIX_NEW_SYSTEM\" system)
  (set-program-arguments (list boot))
  (primitive-load boot))
" guile))


;;; Directives.

;; Runtimes read these inside the image, and do not follow links into the store
;; (containerd issue 12683).  An activation that makes them replaces them.
(define minimal-files
  '(("passwd" . "root:x:0:0:root:/root:/bin/sh\n")
    ("group" . "root:x:0:\n")))

(define (user-file store system name text)
  "Return the directive for the file NAME in /etc: a copy of the one that SYSTEM
has there, or TEXT."
  (let* ((path (resolve-path store (string-append system "/etc/" name)))
         (file (and=> path
                      (lambda (path)
                        (string-append (store-root store) path)))))
    (if (and file (eq? 'regular (stat:type (stat file))))
        `(disk-file ,(string-append "/etc/" name) ,file #o644 0 0)
        `(file ,(string-append "/etc/" name) ,text #o644 0 0))))

(define (system-directives store system guile)
  "Return the directives for the root layer of an image of SYSTEM, an item of
STORE that GUILE boots."
  (define (folder mode)
    (lambda (path)
      `(directory ,path #f ,mode 0 0)))

  (define link
    (match-lambda
      ((path . target)
       `(symlink ,path ,target #f 0 0))))

  `(,((folder #o1775) (store-directory store))
    ,@(map (folder #o755)
           '("/bin" "/etc" "/home" "/mnt" "/run" "/var/db" "/var/empty"
             "/var/guix/gcroots" "/var/guix/profiles/per-user/root"
             "/var/log" "/var/run"))
    ,@(map (folder #o1777)
           '("/tmp" "/var/lock" "/var/tmp"))
    ,((folder #o700) "/root")
    ,@(map link
           `(("/var/guix/profiles/system-1-link" . ,system)
             ("/var/guix/profiles/system" . "system-1-link")
             ("/var/guix/gcroots/booted-system" . "/run/booted-system")
             ("/var/guix/gcroots/current-system" . "/run/current-system")
             ("/var/guix/gcroots/profiles" . "/var/guix/profiles")))
    ,@(map (match-lambda
             ((name . text)
              (user-file store system name text)))
           minimal-files)
    (file ,boot-program-path ,(boot-program guile) #o555 0 0)))
