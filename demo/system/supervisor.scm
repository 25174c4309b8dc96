;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Runs the services of the current system and starts each again when it has
;;; ended.  The service NAME is the program services/NAME/run; while it runs, its
;;; process id is in /run/NAME.pid.  SIGTERM and SIGINT end the services, then
;;; this process.
;;;
;;; As the first process of a container this is the parent of all whose parent
;;; has ended, so it waits for any child.  It polls: a blocking 'waitpid' would
;;; keep Guile from running the handler of a signal.
;;; Code:

(use-modules (ice-9 ftw)
             (ice-9 match)
             (srfi srfi-1)
             (srfi srfi-9))

(define services-directory "/run/current-system/services")
(define guile "/run/current-system/profile/bin/guile")

(define poll-interval 100000)           ;microseconds
(define restart-interval 1)             ;seconds, at least
(define grace-period 3)                 ;seconds between SIGTERM and SIGKILL

(define-record-type <service>
  (make-service name pid started)
  service?
  (name    service-name)
  (pid     service-pid set-service-pid!)           ;#f while it does not run
  (started service-started set-service-started!))  ;seconds since 1970

(define services
  (map (lambda (name)
         (make-service name #f 0))
       (scandir services-directory
                (lambda (name)
                  (not (string-prefix? "." name))))))

(define stopping? #f)

(define (say . strings)
  "Write STRINGS as a message."
  (for-each display `("supervisor: " ,@strings "\n")))

(define (pid-file service)
  "Return the name of the file that has SERVICE's process id."
  (string-append "/run/" (service-name service) ".pid"))

(define (become service)
  "Make this process the program of SERVICE."
  (for-each (lambda (signal)
              (sigaction signal SIG_DFL))
            (list SIGTERM SIGINT))
  (setsid)
  (execl guile guile "--no-auto-compile"
         (string-append services-directory "/" (service-name service) "/run")))

(define (start service)
  "Start SERVICE."
  (match (primitive-fork)
    (0
     (catch #t
       (lambda ()
         (become service))
       (lambda (key . arguments)
         (print-exception (current-error-port) #f key arguments)
         (force-output (current-error-port))
         (primitive-_exit 127))))
    (pid
     (set-service-pid! service pid)
     (set-service-started! service (current-time))
     (call-with-output-file (pid-file service)
       (lambda (port)
         (write pid port)
         (newline port)))
     (say "started " (service-name service)))))

(define (note-end pid status)
  "Note that the process PID, maybe a service, has ended with STATUS."
  (let ((service (find (lambda (service)
                         (eqv? pid (service-pid service)))
                       services)))
    (when service
      (set-service-pid! service #f)
      (delete-file (pid-file service))
      (say (service-name service) " ended, "
           (if (status:exit-val status) "exit status " "signal ")
           (or (status:exit-val status) (status:term-sig status))))))

(define (reap)
  "Note all processes that have ended."
  (match (false-if-exception (waitpid WAIT_ANY WNOHANG))
    ((or #f (0 . _))                    ;no child at all, or none that has ended
     #t)
    ((pid . status)
     (note-end pid status)
     (reap))))

(define (due? service)
  "Return true if SERVICE is to be started now."
  (and (not (service-pid service))
       (> (- (current-time) (service-started service)) restart-interval)))

(define (signal-services signal)
  "Send SIGNAL to the services that run."
  (for-each (lambda (pid)
              (kill pid signal))
            (filter-map service-pid services)))

(define (stop-services)
  "End all services."
  (let ((deadline (+ (current-time) grace-period)))
    (signal-services SIGTERM)
    (let loop ()
      (reap)
      (when (any service-pid services)
        (when (> (current-time) deadline)
          (signal-services SIGKILL))
        (usleep poll-interval)
        (loop)))))

(define (supervise)
  "Keep the services running until a signal says to stop."
  (unless stopping?
    (reap)
    (for-each start (filter due? services))
    (usleep poll-interval)
    (supervise)))

(setvbuf (current-output-port) 'line)
(for-each (lambda (signal)
            (sigaction signal
              (lambda (signal)
                (set! stopping? #t))))
          (list SIGTERM SIGINT))
(supervise)
(stop-services)
(say "all services have ended")
(primitive-exit 0)
