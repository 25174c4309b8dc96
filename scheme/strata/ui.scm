;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The command 'strata': finds the subcommand, and turns whatever ends it into
;;; messages and an exit status: 0, 1 for errors, 2 for bad usage.
;;; Code:

(define-module (strata ui)
  #:use-module (ice-9 exceptions)
  #:use-module (ice-9 match)
  #:use-module (strata arguments)
  #:use-module (strata config)
  #:use-module (strata errors)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata signals)
  #:use-module (strata text)
  #:export (main))

(define %commands
  '("pack" "system" "plan" "diff" "inspect" "store" "cache" "stream"))

(define (show-help)
  (display (G_ "Usage: strata COMMAND [OPTION]... ARGUMENT...
Turn items of a functional package store into layered container images.\n"))
  (display (G_ "
Commands:\n"))
  (display (G_ "
  pack                   make an image of items and all they refer to"))
  (display (G_ "
  system                 make an image of a whole operating system"))
  (display (G_ "
  plan                   show which items would share a layer, and why"))
  (display (G_ "
  diff                   show what two images have in common"))
  (display (G_ "
  inspect                show the layers of an image and verify its digests"))
  (display (G_ "
  store                  query a store, add items to it, verify it"))
  (display (G_ "
  cache                  show, verify or prune the cache of compressed items"))
  (display (G_ "
  stream                 write the image that a JSON document describes"))
  (display (G_ "
  help [COMMAND]         display this help, or that of COMMAND\n"))
  (display (G_ "
  -h, --help             display this help and exit"))
  (display (G_ "
  -V, --version          display version information and exit\n"))
  (display (G_ "
'strata COMMAND --help' tells the options of COMMAND.\n")))

(define (show-version)
  (format #t "strata ~a~%" %strata-version)
  (display (G_ "Copyright (C) 2026 The Strata authors
License GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>
This is free software: you are free to change and redistribute it.
There is NO WARRANTY, to the extent permitted by law.\n")))

(define (command-procedure name)
  "Return the procedure of the subcommand NAME, whose module is loaded now."
  (module-ref (resolve-interface `(strata scripts ,(string->symbol name)))
              (string->symbol (string-append "strata-" name))))

(define (run-command arguments)
  "Do what ARGUMENTS, the command line without the name of the program, say."
  (match arguments
    (()
     (usage-error (G_ "missing command")))
    ((or ("-h" . _) ("--help" . _) ("help"))
     (show-help))
    ((or ("-V" . _) ("--version" . _))
     (show-version))
    (("help" command . _)
     (run-command (list command "--help")))
    (((? (lambda (name) (member name %commands)) command) . arguments)
     ((command-procedure command) arguments))
    ((command . _)
     (if (string-prefix? "-" command)
         (usage-error (format #f (G_ "unknown option '~a'")
                              (printable command))
                      (nearest-hint command '("--help" "--version")))
         (usage-error (format #f (G_ "unknown command '~a'")
                              (printable command))
                      (nearest-hint command %commands))))))

(define (set-up-ports-and-locale)
  "Take the user's locale.  File names are UTF-8 whatever it is, as they are in
images."
  (false-if-exception (setlocale LC_ALL ""))
  (unless (string-contains-ci (setlocale LC_CTYPE) "utf")
    (false-if-exception (setlocale LC_CTYPE "C.UTF-8")))
  (bindtextdomain "strata" %localedir)
  (for-each (lambda (port)
              (set-port-encoding! port "UTF-8"))
            (list (current-output-port) (current-error-port)))
  ;; Else messages come late, and not at all from a process that is killed.
  (setvbuf (current-error-port) 'none))

(define (show-usage-error arguments message hint)
  "Show MESSAGE and HINT for the command line ARGUMENTS, and where there is
more."
  (show-error message hint)
  (display (string-append
            (match arguments
              (((? (lambda (name) (member name %commands)) command) . _)
               (format #f (G_ "Try 'strata ~a --help' for more information.")
                       command))
              (_
               (G_ "Try 'strata --help' for more information.")))
            "\n")
           (current-error-port)))

(define (show-system-error procedure errno)
  "Show that PROCEDURE failed with ERRNO, such as on a full disk behind standard
output."
  (when (= errno EPIPE)
    (die-of-broken-pipe))
  (show-error (string-append (if (string=? procedure "fport_write")
                                 (G_ "write error")
                                 procedure)
                             ": " (strerror errno))))

(define (call-with-status arguments thunk)
  "Call THUNK, which does what ARGUMENTS say, and write out what it displayed.
Return the exit status for what became of it; show errors."
  (catch 'quit
    (lambda ()
      (catch 'strata-usage
        (lambda ()
          (catch 'system-error
            (lambda ()
              (guard (condition
                      ((strata-error? condition)
                       (when (strata-broken-pipe? condition)
                         (die-of-broken-pipe))
                       (show-error (strata-error-message condition)
                                      (strata-error-hint condition))
                       1))
                (dynamic-wind
                  (const #t)
                  thunk
                  (lambda ()
                    (force-output (current-output-port))))
                0))
            (lambda (key procedure message arguments data)
              (show-system-error procedure (car data))
              1)))
        (lambda (key message hint)
          (show-usage-error arguments message hint)
          2)))
    (lambda* (key #:optional (status 0))
      status)))

(define (main arguments)
  "Run the command line ARGUMENTS, whose first element is the program's name,
and end the process."
  (set-up-ports-and-locale)
  (primitive-exit
   (call-with-signals
    (lambda ()
      (call-with-status
       (cdr arguments)
       (lambda ()
         (run-command (exact-arguments (cdr arguments)))))))))
