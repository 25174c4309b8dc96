;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; How far the work is: a line at the bottom of the terminal, for work that
;;; takes more than a second, gone once the work is done.
;;; Code:

(define-module (strata progress)
  #:use-module (rnrs bytevectors)
  #:use-module (strata messages)
  #:use-module (strata text)
  #:autoload (system foreign) (int unsigned-long bytevector->pointer)
  #:autoload (system foreign-library) (foreign-library-function)
  #:export (call-with-progress
            progress-line))

(define seconds-before-line 1)
(define narrowest-bar 10)               ;columns
(define widest-bar 40)

;; TIOCGWINSZ of Linux: asm-generic/ioctls.h, and what differs from it.
(define window-size-request
  (if (member (substring %host-type 0 (string-index %host-type #\-))
              '("alpha" "mips" "mipsel" "mips64" "mips64el" "powerpc"
                "powerpc64" "powerpc64le" "sparc" "sparc64"))
      #x40087468
      #x5413))

(define (terminal-columns port)
  "Return the width of the terminal PORT."
  (let* ((ioctl  (foreign-library-function
                  #f "ioctl" #:return-type int
                  #:arg-types (list int unsigned-long '*)))
         (size   (make-bytevector 8 0))  ;struct winsize: rows, columns, ...
         (status (ioctl (fileno port) window-size-request
                        (bytevector->pointer size)))
         (width  (bytevector-u16-native-ref size 2)))
    (if (and (zero? status) (positive? width))
        width
        80)))

(define (bar done total width)
  "Return a bar of WIDTH columns for DONE of TOTAL."
  (let* ((inner  (- width 2))
         (filled (quotient (* inner done) total)))
    (string-append "[" (make-string filled #\#)
                   (make-string (- inner filled) #\space) "]")))

(define (progress-line stage done total columns)
  "Return a line of at most COLUMNS characters that says that DONE of TOTAL
bytes of STAGE are done.  A TOTAL of 0 means that it is not known."
  (let* ((done   (if (zero? total) done (min done total)))
         (amount (if (zero? total)
                     (size->string done)
                     (string-pad
                      (string-append
                       (number->string (quotient (* 100 done) total)) "%")
                      4)))
         (line   (string-append stage " " amount))
         (room   (min widest-bar (- columns (string-length line) 1))))
    (cond ((and (positive? total) (<= narrowest-bar room))
           (string-append stage " " (bar done total room) " " amount))
          ((<= (string-length line) columns) line)
          (else (substring line 0 (max 0 columns))))))

(define (seconds-since start)
  "Return the seconds since START, in internal time units."
  (/ (- (get-internal-real-time) start) internal-time-units-per-second))

(define (call-with-progress verbosity procedure)
  "Call PROCEDURE with a progress procedure for the core.  With a VERBOSITY of 0
it shows nothing, else warnings, and the progress if standard error is a
terminal."
  (define port (current-error-port))
  (define start (get-internal-real-time))
  (define terminal?
    (and (isatty? port)
         (not (member (or (getenv "TERM") "dumb") '("" "dumb")))))
  (define shown? #f)

  (define (erase)
    (when shown?
      (set! shown? #f)
      (display "\r\x1b[K" port)))

  (define (show line)
    (display (string-append "\r" line "\x1b[K") port)
    (set! shown? #t))

  (define (progress stage done total warnings)
    (unless (null? warnings)
      (erase)
      (for-each show-warning warnings))
    (when (and terminal?
               (< seconds-before-line (seconds-since start)))
      (show (progress-line stage done total
                           (- (terminal-columns port) 1)))))

  (dynamic-wind
    (const #t)
    (lambda ()
      (procedure (if (zero? verbosity) (const #t) progress)))
    erase))
