;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Names of packages and images, and the texts in a profile.
;;; Code:

(use-modules (srfi srfi-1)
             (srfi srfi-64)
             (ice-9 match)
             (ice-9 receive)
             (strata manifest))

(define (item name)
  "Return the path of an item called NAME."
  (string-append "/gnu/store/" (make-string 32 #\0) "-" name))

(define (call-with-text-file text procedure)
  "Call PROCEDURE with the name of a file that holds TEXT."
  (let* ((port (mkstemp "/tmp/strata-test-XXXXXX"))
         (file (port-filename port)))
    (display text port)
    (close-port port)
    (dynamic-wind
      (const #t)
      (lambda () (procedure file))
      (lambda () (delete-file file)))))

(test-begin "manifest")

(for-each
 (match-lambda
   ((text name version)
    (test-equal text
      (list name version)
      (receive (name version) (item-name->name+version text)
        (list name version)))))
 '(("hello-2.10" "hello" "2.10")
   ("hello" "hello" "")
   ("gcc-toolchain-12.2" "gcc-toolchain" "12.2")
   ("python-3.10-lib" "python" "3.10-lib")
   ("x-" "x-" "")
   ("-1" "-1" "")
   ("a-b-c" "a-b-c" "")
   ("7zip-16" "7zip" "16")))

(test-equal "name of an item" "hello-2.10"
  (item-path->name (item "hello-2.10")))
(test-equal "name of what is no item" "x"
  (item-path->name "/gnu/store/x"))

(test-equal "manifest, as Guix reads it"
  `(manifest
    (version 4)
    (packages
     (("hello" "2.10" "out" ,(item "hello-2.10")
       (propagated-inputs ()) (search-paths ()))
      ("bash" "" "out" ,(item "bash")
       (propagated-inputs ()) (search-paths ())))))
  (call-with-input-string
      (items->manifest (list (item "hello-2.10") (item "bash")))
    read))

(test-equal "names in a manifest"
  '("hello" "bash" "x")
  (call-with-text-file
   "(manifest (version 4) (packages ((\"hello\" \"2\" \"out\" \"/x\")
      (repeated \"bash\" \"5\" \"/y\") 7 (\"x\"))))"
   manifest-names))
(for-each
 (lambda (text)
   (test-equal (string-append "no manifest: " text) #f
     (call-with-text-file text manifest-names)))
 '("" "(manifest" "(manifest (version 4))" "{\"elements\": []}" "#<x>"
   "#.(exit 3)"))
(for-each
 (match-lambda
   ((name text)
    (test-equal name #f (call-with-text-file text manifest-names))))
 `(("deep" ,(make-string 2000 #\())
   ("long" ,(string-append "(manifest (version 4) (packages ()))"
                           (make-string 5000000 #\space)))))
(test-equal "a folder" #f (manifest-names "/"))
(let* ((folder (mkdtemp "/tmp/strata-test-XXXXXX"))
       (fifo   (string-append folder "/fifo")))
  (mknod fifo 'fifo #o600 0)
  (test-equal "a FIFO" #f (manifest-names fifo))
  (delete-file fifo)
  (rmdir folder))
(test-equal "no file" #f (manifest-names "/nonexistent/manifest"))

(let ((line (find (lambda (line) (string-prefix? "export " line))
                  (string-split (etc-profile '("bin" "sbin")) #\newline))))
  (test-equal "etc/profile"
    (string-append "export PATH=\"${GUIX_PROFILE:?}/bin:"
                   "${GUIX_PROFILE:?}/sbin${PATH:+:}$PATH\"")
    line))

(define (letters count)
  "Return COUNT letters."
  (make-string count #\a))

(for-each
 (match-lambda
   ((names expected)
    (test-equal (object->string names) expected (friendly-name names))))
 `((("hello") "hello")
   (("hello" "bash") "hello-bash")
   ((,(letters 19) ,(letters 19)) ,(string-append (letters 19) "-"
                                                  (letters 19)))
   ((,(letters 20) ,(letters 19)) ,(letters 20))
   ((,(letters 20) ,(letters 30) "b") ,(letters 20))
   ((,(letters 60)) ,(letters 60))))

(for-each
 (match-lambda
   ((name expected)
    (test-equal (string-append "image name: " name)
      expected (image-name name))))
 '(("hello" "hello")
   ("Hello" "hello")
   ("gtk+" "gtk")
   ("libstdc++-doc" "libstdc-doc")
   ("a.b_c__d--e" "a.b_c__d--e")
   ("a..b" "a-b")
   ("a___b" "a-b")
   ("a.-b" "a-b")
   ("-a-" "a")
   ("a=b?c" "a-b-c")
   ("???" "image")
   ("" "image")))

(test-end "manifest")
