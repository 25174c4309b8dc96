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
             (strata manifest)
             (strata search-paths))

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

(define (file-names file)
  "Return the names of the packages in the manifest FILE, #f if it is none."
  (and=> (read-manifest file) manifest-names))

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
   file-names))
(for-each
 (lambda (text)
   (test-equal (string-append "no manifest: " text) #f
     (call-with-text-file text file-names)))
 '("" "(manifest" "(manifest (version 4))" "{\"elements\": []}" "#<x>"
   "#.(exit 3)" "'x" "#;(x)" "#1000000000(x)" "\"x" "(\"\\\")" ")(" "1/0"
   "(manifest (version 1e999999999999) (packages ()))"
   "(manifest (version #e1e999999999) (packages ()))"
   "(manifest (version 4) (packages (#!fold-case)))"
   "(manifest (version 4) (packages . x))"))
(for-each
 (match-lambda
   ((name text)
    (test-equal name #f (call-with-text-file text file-names))))
 `(("deep" ,(make-string 2000 #\())
   ("a long number"
    ,(string-append "(manifest (version " (make-string 2000 #\9)
                    ") (packages ()))"))
   ("long" ,(string-append "(manifest (version 4) (packages ()))"
                           (make-string 5000000 #\space)))))
(test-equal "a folder" #f (file-names "/"))
(let* ((folder (mkdtemp "/tmp/strata-test-XXXXXX"))
       (fifo   (string-append folder "/fifo")))
  (mknod fifo 'fifo #o600 0)
  (test-equal "a FIFO" #f (file-names fifo))
  (delete-file fifo)
  (rmdir folder))
(test-equal "no file" #f (file-names "/nonexistent/manifest"))

;; Search paths: of packages and of what they propagate, as Guix writes them.
(define (variables version text)
  "Return what the search paths in a manifest of VERSION with the entries TEXT
set, for a profile where everything is a folder but what is called 'file'."
  (evaluate-search-paths
   (manifest-search-paths
    (call-with-text-file
     (string-append "(manifest (version " version ") (packages (" text ")))")
     read-manifest))
   "/p"
   (lambda (path)
     (match (basename path)
       ("nothing" #f)
       ("file" 'regular)
       (_ 'directory)))
   (lambda (path)
     (if (string=? path "/p/xml") '("dtd" "other") '("file")))))

(for-each
 (match-lambda
   ((name text expected)
    (for-each (lambda (version)
                (test-equal (string-append name ", version " version)
                  expected (variables version text)))
              '("3" "4"))))
 '(("none" "(\"a\" \"1\" \"out\" \"/x\")" ())
   ("one" "(\"a\" \"1\" \"out\" \"/x\" (propagated-inputs ())
     (search-paths ((\"A\" (\"lib\" \"nothing\" \"share\") \":\" directory #f))))"
    (("A" . "/p/lib:/p/share")))
   ("of a propagated input"
    "(\"a\" \"1\" \"out\" \"/x\"
      (propagated-inputs ((\"b\" \"1\" \"out\" \"/y\"
        (search-paths ((\"B\" (\"b\") \":\" directory #f))))))
      (search-paths ((\"A\" (\"a\") \";\" directory #f)))
      (properties ((x . \"y\"))))
     (repeated \"b\" \"1\" \"/y\")"
    (("A" . "/p/a") ("B" . "/p/b")))
   ("a single file, no separator"
    "(\"a\" \"1\" \"out\" \"/x\" (search-paths
      ((\"F\" (\"dir\" \"etc/file\" \"b/file\") #f regular #f))))"
    (("F" . "/p/etc/file")))
   ("a pattern"
    "(\"a\" \"1\" \"out\" \"/x\" (search-paths
      ((\"XML\" (\"xml\") \" \" regular \"^fil.$\"))))"
    (("XML" . "/p/xml/dtd/file /p/xml/other/file")))
   ("nothing found is left out"
    "(\"a\" \"1\" \"out\" \"/x\" (search-paths
      ((\"A\" (\"nothing\") \":\" directory #f))))"
    ())
   ("what has another form is left out"
    "(\"a\" \"1\" \"out\" \"/x\" (search-paths
      ((\"A=B\" (\"a\") \":\" directory #f) (\"A\" (\"../a\") \":\" directory #f)
       (\"A\" \"a\" \":\" directory #f) (\"A\" (\"a\") \":\" socket #f) x 7
       (\"A\" (\"a\") \":\" directory \"(a\")
       (\"A\" (\"a\") \":\" directory \"a{1000}\")
       (\"A\" (\"a\") \":\" directory \"(a*)\\\\1\")
       (\"Z\" (\"z\") \":\" directory #f))))
     (\"b\" 1 \"out\" \"/x\" (search-paths ((\"B\" (\"b\") \":\" directory #f))))
     (\"c\" \"1\" \"out\" \"/x\" search-paths)
     (\"d\" \"1\" \"out\" \"/x\" (search-paths . x))"
    (("Z" . "/p/z")))))

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
