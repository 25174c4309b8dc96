;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; write-database.scm ROOT: makes the database of the store below ROOT from
;;; ROOT/graph, a reference-graph file.
;;; Code:

(use-modules (ice-9 match)
             (strata store))

(match (command-line)
  ((_ root)
   (let ((store (open-store #:root root
                            #:reference-graphs
                            (list (string-append root "/graph"))))
         (folder (string-append root "/var/guix/db")))
     (system* "mkdir" "-p" folder)
     (write-store-database (string-append folder "/db.sqlite") store
                           (store-items store)))))
