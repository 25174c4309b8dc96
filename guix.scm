;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; Builds this checkout with GNU Guix:
;;;   guix build -f guix.scm
;;;   guix shell -D -f guix.scm
;;; Code:

(use-modules (guix packages)
             (guix gexp)
             (guix git-download)
             (guix build-system gnu)
             ((guix licenses) #:prefix license:)
             (gnu packages autotools)
             (gnu packages backup)
             (gnu packages check)
             (gnu packages compression)
             (gnu packages gettext)
             (gnu packages guile)
             (gnu packages pkg-config)
             (gnu packages sqlite)
             (gnu packages texinfo)
             (gnu packages tls)
             (gnu packages web))

(define %source-directory
  (dirname (current-filename)))

(package
  (name "strata")
  (version "0.1.0-git")
  (source (local-file %source-directory "strata-checkout"
                      #:recursive? #t
                      #:select? (or (git-predicate %source-directory)
                                    (const #t))))
  (build-system gnu-build-system)
  (native-inputs
   (list autoconf automake check gettext-minimal guile-3.0 libtool pkg-config
         texinfo))
  (inputs
   (list guile-3.0 json-c libarchive libdeflate openssl sqlite
         `(,zstd "lib")))
  (synopsis "Make layered container images from a functional package store")
  (description
   "Strata turns the items of a functional package store, such as that of GNU
Guix, into layered container images for Docker and other engines.  It reads the
store by itself, plans which items share a layer, and writes images that are
the same, byte for byte, on every machine.")
  (home-page #f)
  (license license:gpl3+))
