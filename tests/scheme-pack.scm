;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; What a script can do: make a store, look into it, plan, pack and inspect.
;;; Code:

(use-modules (srfi srfi-1)
             (srfi srfi-64)
             (ice-9 exceptions)
             (ice-9 ftw)
             (ice-9 match)
             (ice-9 textual-ports)
             (strata))

(define root (mkdtemp "/tmp/strata-test-XXXXXX"))

(define (below . names)
  "Return the file name of NAMES below the folder of this test."
  (string-join (cons root names) "/"))

(define (write-file name text)
  "Write TEXT to the file NAME below the folder of this test."
  (let loop ((folders (drop-right (string-split name #\/) 1)) (folder root))
    (match folders
      (() #t)
      ((first . rest)
       (let ((folder (string-append folder "/" first)))
         (unless (file-exists? folder)
           (mkdir folder))
         (loop rest folder)))))
  (call-with-output-file (below name)
    (lambda (port)
      (display text port))))

(define (delete-all file)
  "Delete FILE and all below it."
  (file-system-fold (const #t)
                    (lambda (file . _) (delete-file file))
                    (lambda (folder stat _) (chmod folder #o700))
                    (lambda (folder . _) (rmdir folder))
                    (const #t) (const #t) #t
                    file))

(define (error-of thunk)
  "Return the message of the &strata-error that THUNK raises, \"\" if none."
  (guard (condition ((strata-error? condition)
                     (strata-error-message condition)))
    (thunk)
    ""))

(define-syntax-rule (test-error-message pattern expression)
  (test-assert pattern
    (string-contains (error-of (lambda () expression)) pattern)))

(define (name-of path)
  "Return the name in the item PATH."
  (substring path (+ (string-length "/gnu/store/") 32 1)))

(test-begin "pack")

;; Two items, of which one refers to the other, and each has a 'bin/run'.
(write-file "base/bin/run" "base\n")
(write-file "base/lib/data" (make-string 100000 #\x))
(define base (add-to-store "base-1.0" (below "base") #:root (below "store")))
(write-file "tool/bin/run" (string-append "tool of " base "\n"))
(write-file "tool/sbin/tool" (make-string 50000 #\x))
(define tool (add-to-store "tool-2.0-rc1" (below "tool")
                           #:root (below "store")))

(define store (open-store #:root (below "store")))
(define output (below "image.tar"))


;; The store.

(test-assert "store" (store? store))
(test-equal "directory" "/gnu/store" (store-directory store))
(test-equal "root" (below "store") (store-root store))
(test-equal "items" (sort (list base tool) string<?) (store-items store))
(let ((item (store-item store tool)))
  (test-assert "item" (store-item? item))
  (test-equal "path" tool (store-item-path item))
  (test-equal "deriver" #f (store-item-deriver item))
  (test-equal "references" (list base) (store-item-references item))
  (test-assert "NAR hash" (string-prefix? "sha256:"
                                          (store-item-nar-hash item)))
  (test-equal "closure size" (+ (store-item-nar-size item)
                                (store-item-nar-size (store-item store base)))
              (closure-size store (list tool))))
(test-equal "closure" (list base tool) (store-closure store (list tool)))
(test-equal "referrers" (list tool) (store-referrers store base))
(test-equal "name" tool (resolve-item store "tool"))
(test-equal "name and version" tool (resolve-item store "tool@2.0-rc1"))
(test-equal "path" base (resolve-item store base))
(test-error-message "'nothing'" (resolve-item store "nothing"))
(test-error-message "'/gnu/store/x'" (store-item store "/gnu/store/x"))
(test-equal "verify" '() (verify-store store))
(test-error-message "database" (open-store #:root (below "nowhere")))
(test-error-message "cannot be read together"
                    (open-store #:database "x" #:reference-graphs '("y")))


;; Plans.

(define (plan-names plan)
  "Return the names of the items in the groups of PLAN."
  (map (lambda (group)
         (sort (map name-of (group-items group)) string<?))
       (plan-groups plan)))

(let ((plan (plan-image store '("tool"))))
  (test-assert "plan" (plan? plan))
  (test-equal "groups" '(("base-1.0") ("tool-2.0-rc1") ("profile") ())
              (plan-names plan))
  (test-assert "sizes" (every (lambda (group) (< 512 (group-size group)))
                              (plan-groups plan)))
  (test-equal "comments" '("base-1.0" "tool-2.0-rc1" "profile")
              (drop-right (map group-comment (plan-groups plan)) 1)))
(test-equal "one layer" '(("base-1.0" "profile" "tool-2.0-rc1"))
            (plan-names (plan-image store '("tool") #:max-layers 1)))
(test-equal "three layers" '(("base-1.0") ("profile" "tool-2.0-rc1") ())
            (plan-names (plan-image store '("tool") #:max-layers 3)))


;; Images.

(define warnings '())

(define image
  (pack store (list "tool" "base" tool)
        #:output output
        #:tags '("example.org:5000/tools/run:1" "run")
        #:symlinks '(("/bin" . "bin") ("/opt/base" . "lib/data"))
        #:entry-point "bin/run"
        #:entry-point-arguments '("--fast")
        #:environment '(("HOME" . "/"))
        #:max-layers 5
        #:created 0
        #:system "aarch64-linux"
        #:progress (lambda (stage done total new-warnings)
                     (set! warnings (append warnings new-warnings)))))

(define found (first (inspect-images output)))

(test-assert "image" (image? image))
(test-equal "file" output (image-file image))
(test-equal "tags" '("example.org:5000/tools/run:1" "run:latest")
            (image-tags image))
(test-assert "a collision is told"
  (any (lambda (warning) (string-contains warning "/bin/run")) warnings))
(test-equal "inspected: architecture" "arm64" (image-architecture found))
(test-equal "inspected: created" "1970-01-01T00:00:00Z" (image-created found))
(test-equal "inspected: manifest" (image-manifest-digest image)
            (image-manifest-digest found))
(test-equal "inspected: digests" (map layer-digest (image-layers image))
            (map layer-digest (image-layers found)))
(test-equal "inspected: diff ids" (map layer-diff-id (image-layers image))
            (map layer-diff-id (image-layers found)))
(test-equal "inspected: sizes" (map layer-size (image-layers image))
            (map layer-size (image-layers found)))
(test-equal "inspected: items" (map layer-items (image-layers image))
            (map layer-items (image-layers found)))

(define profile
  (find (lambda (path) (string-suffix? "-profile" path))
        (append-map layer-items (image-layers image))))

(define (config-has? text)
  "Return true if TEXT is in the config of the image."
  (string-contains (image-config found) text))

(test-assert "PATH"
  (config-has? (string-append "\"PATH=" profile "/bin:" profile "/sbin\"")))
(test-assert "environment" (config-has? "\"HOME=/\""))
(test-assert "entry point"
  (config-has? (string-append "\"Entrypoint\":[\"" profile
                              "/bin/run\",\"--fast\"]")))

(test-equal "the same again" (image-manifest-digest image)
            (image-manifest-digest
             (pack store '("tool" "base")
                   #:output (below "again.tar")
                   #:tags '("example.org:5000/tools/run:1" "run")
                   #:symlinks '(("/bin" . "bin") ("/opt/base" . "lib/data"))
                   #:entry-point "/bin/run"
                   #:entry-point-arguments '("--fast")
                   #:environment '(("HOME" . "/"))
                   #:max-layers 5 #:created 0 #:jobs 1
                   #:system "aarch64-linux")))


;; A single item that is a profile.

(write-file "profile/manifest"
            (string-append "(manifest (version 4) (packages ((\"one\" \"1\" "
                           "\"out\" \"/x\") (\"Two\" \"2\" \"out\" \"/y\"))))"))
(write-file "profile/bin/run" tool)
(define made (add-to-store "profile" (below "profile") #:root (below "store")))
(define new-store (open-store #:root (below "store")))

(let ((image (pack new-store (list made) #:output output #:format "docker")))
  (test-equal "a profile is used as it is" '("one-two:latest")
              (image-tags image))
  (test-equal "its items" (sort (list base made tool) string<?)
              (sort (append-map layer-items (image-layers image)) string<?)))
(test-equal "a profile among items is joined with them" '("profile" "profile")
            (filter (lambda (name) (string=? name "profile"))
                    (append-map (lambda (names) names)
                                (plan-names
                                 (plan-image new-store (list made "base"))))))

(chdir root)
(test-equal "OCI, default name" "one-two-oci-image"
            (image-file (pack new-store (list made) #:format "oci")))
(test-assert "OCI: inspected" (image? (first (inspect-images
                                              "one-two-oci-image"))))

(define plan-file (below "plan.json"))

(define (update-sizes update)
  "Return what UPDATE says: layers of items that are new, and their bytes."
  (list (- (image-update-layers update) (image-update-kept-layers update))
        (image-update-sent-size update)
        (image-update-least-size update)))

(test-equal "no previous image, no update" #f
            (image-update (pack new-store (list made) #:output output
                                #:plan-file plan-file)))
(for-each (lambda (previous)
            (test-equal "all is kept" '(0 0 0)
                        (update-sizes
                         (image-update
                          (pack new-store (list made) #:previous previous
                                #:output (below "next.tar"))))))
          (list output plan-file))
(delete-file (below "next.tar"))
(test-assert "a plan has its update too"
  (match (update-sizes (plan-update (plan-image new-store (list made "base")
                                                #:plan-file plan-file)))
    ((layers sent least)
     (and (positive? layers) (<= least sent)))))
(write-file "fleet" "# comment\nmade base tool # two\n\nother base\n")
(test-equal "siblings: items, lists, files, fleets"
            (plan-names (plan-image new-store (list made) #:max-layers 3
                                    #:siblings `("base" ("base" "tool"))
                                    #:sharing 200 #:min-layer-size 10))
            (plan-names (plan-image new-store (list made) #:max-layers 3
                                    #:fleet (below "fleet")
                                    #:siblings (list plan-file)
                                    #:sharing 200 #:min-layer-size 10)))


;; What is refused, before anything is written.

(delete-file output)
(define (try items . options)
  "Pack ITEMS with OPTIONS."
  (apply pack store items #:output output options))

(test-error-message "at least one item" (try '()))
(test-error-message "'nope'" (try '("nope")))
(test-error-message "'zip'" (try '("tool") #:format "zip"))
(test-error-message "'rar:3'" (try '("tool") #:compression "rar:3"))
(test-error-message "0 layers" (try '("tool") #:max-layers 0))
(test-error-message "1.5 layers" (try '("tool") #:max-layers 1.5))
(test-error-message "x layers" (try '("tool") #:max-layers 'x))
(test-error-message "entry point: 'bin/nope'"
                    (try '("tool") #:entry-point "bin/nope"))
(test-error-message "/gnu/store/nope"
                    (try '("tool") #:entry-point "/gnu/store/nope"))
(test-error-message "'/x': 'nope'"
                    (try '("tool") #:symlinks '(("/x" . "nope"))))
(test-error-message "'x': its name must be an absolute path"
                    (try '("tool") #:symlinks '(("x" . "bin"))))
(test-error-message "'/': it would replace the root"
                    (try '("tool") #:symlinks '(("/" . "bin"))))
(test-error-message "'/a/../b'"
                    (try '("tool") #:symlinks '(("/a/../b" . "bin"))))
(test-error-message "'Upper'" (try '("tool") #:tags '("Upper")))
(test-error-message "'vax-vms'" (try '("tool") #:system "vax-vms"))
(test-error-message "'nope'" (try '("tool") #:siblings '(("base" "nope"))))
(test-error-message "'sharing'" (try '("tool") #:sharing 1001))
(test-error-message "'size' does not look"
                    (try '("tool") #:strategy "size" #:siblings '("base")))
(test-error-message "'fancy'" (try '("tool") #:strategy "fancy"))
(test-assert "nothing was written" (not (file-exists? output)))

(test-equal "a throw from the progress procedure passes on" 'enough
            (catch 'enough
              (lambda ()
                (try '("tool") #:progress (lambda _ (throw 'enough))))
              (lambda (key) key)))
(test-assert "and nothing is left behind"
  (not (any (lambda (name) (string-prefix? ".image.tar" name))
            (scandir root))))

(chdir "/")
(delete-all root)
(test-end "pack")
