;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The options that say how a container is run: the fields of the config of an
;;; image.  Those that say which program have no meaning for systems.
;;; Code:

(define-module (strata config-options)
  #:use-module (ice-9 regex)
  #:use-module (srfi srfi-37)
  #:use-module (strata errors)
  #:use-module (strata options)
  #:use-module (strata text)
  #:export (%program-options
            show-program-options-help
            entry-point-arguments

            %config-options
            show-config-options-help
            config-arguments

            docker-format-help-option))

(define (show-program-options-help)
  (display (G_ "
      --entry-point=FILE let containers run FILE of the profile"))
  (display (G_ "
  -A, --entry-point-argument=ARGUMENT
                         give ARGUMENT to the entry point; may be given
                         several times"))
  (display (G_ "
      --cmd=ARGUMENT     let ARGUMENT follow unless whoever runs a container
                         says another; may be given several times"))
  (display (G_ "
      --user=USER        run as USER, NAME[:GROUP] or UID[:GID]")))

(define (show-config-options-help)
  (display (G_ "
      --env=NAME=VALUE   set the variable NAME to VALUE; may be given several
                         times"))
  (display (G_ "
      --working-directory=DIR
                         start in the folder DIR of the image"))
  (display (G_ "
      --label=NAME=VALUE label the image; may be given several times"))
  (display (G_ "
      --expose=PORT[/PROTOCOL]
                         say that programs listen on PORT; may be given
                         several times"))
  (display (G_ "
      --volume=DIR       let the folder DIR be a volume; may be given several
                         times"))
  (display (G_ "
      --stop-signal=SIGNAL
                         stop containers by SIGNAL, such as 'SIGINT'")))

(define (refuse text form example)
  "Raise an error because TEXT is not of the FORM that EXAMPLE shows."
  (raise-strata-error
   (format #f (G_ "'~a' is not of the form ~a") (printable text) form)
   (format #f (G_ "for example '~a'") example)))

(define (pair-parser example)
  "Return a procedure that makes a pair of NAME=VALUE, such as EXAMPLE."
  (lambda (text)
    (let ((index (or (string-index text #\=) 0)))
      (when (zero? index)
        (refuse text (G_ "NAME=VALUE") example))
      (cons (substring text 0 index)
            (substring text (+ index 1))))))

(define (checker pattern form example)
  "Return a procedure that returns a string if PATTERN matches it; FORM and
EXAMPLE are for the error."
  (lambda (text)
    (unless (string-match pattern text)
      (refuse text form example))
    text))

(define (parse-port text)
  "Return TEXT, a port with or without a protocol."
  (let ((found (string-match "^([0-9]{1,5})(/(tcp|udp|sctp))?$" text)))
    (unless found
      (refuse text (G_ "PORT[/tcp|udp|sctp]") "80/tcp"))
    (unless (<= 1 (string->number (match:substring found 1)) 65535)
      (raise-strata-error (format #f (G_ "'~a' is no port")
                                  (match:substring found 1))))
    text))

(define parse-folder
  (checker "^/" (G_ "/FOLDER") "/srv/data"))

(define %program-options
  (list (value-option '("entry-point") 'entry-point)
        (value-option '(#\A "entry-point-argument") 'entry-point-argument)
        (value-option '("cmd") 'cmd)
        (value-option '("user") 'user (checker "^[^:]+(:[^:]+)?$"
                                               (G_ "USER[:GROUP]")
                                               "1000:100"))))

(define %config-options
  (list (value-option '("env") 'env (pair-parser "LANG=C.UTF-8"))
        (value-option '("working-directory") 'working-directory parse-folder)
        (value-option '("label") 'label (pair-parser "version=1"))
        (value-option '("expose") 'expose parse-port)
        (value-option '("volume") 'volume parse-folder)
        (value-option '("stop-signal") 'stop-signal
                      (checker "^(SIG[A-Z]+([+-][0-9]+)?|[0-9]+)$"
                               (G_ "SIGNAL") "SIGINT"))))

(define (docker-format-help-option show-help)
  "Return the option that calls SHOW-HELP, which shows the options that say how
a container is run, and ends the program."
  (option '("help-docker-format") #f #f
          (lambda _
            (show-help)
            (newline)
            (exit 0))))

(define (entry-point-arguments options)
  "Return what OPTIONS say of the program as arguments of 'make-request'."
  `(,@(option-arguments options '(entry-point user))
    #:entry-point-arguments ,(option-values options 'entry-point-argument)
    #:command ,(option-values options 'cmd)))

(define (config-arguments options)
  "Return what else OPTIONS say of the config as arguments of 'make-request'."
  `(,@(option-arguments options '(working-directory stop-signal))
    #:environment ,(option-values options 'env)
    #:labels ,(option-values options 'label)
    #:exposed-ports ,(option-values options 'expose)
    #:volumes ,(option-values options 'volume)))
