;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

(use-modules (guix gexp) (guix store) (gnu packages base))

(define hello-image
  (computed-file "hello-docker-image.tar"
    (with-extensions (list strata)
      #~(begin
          (use-modules (strata docker) (strata store))
          (let ((store (open-store #:directory #$(%store-prefix)
                                   #:reference-graphs '("graph"))))
            (build-docker-image #$output
                                (store-closure store (list #$hello))
                                #$hello
                                #:reference-graphs '("graph")
                                #:repository "hello"
                                #:max-layers 100
                                #:layer-compression "gzip"
                                #:entry-point
                                (list #$(file-append hello "/bin/hello"))))))
    #:options `(#:references-graphs (("graph" ,hello)))))

hello-image
