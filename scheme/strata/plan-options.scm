;;; Strata: layered container images from a functional package store.
;;; Copyright (C) 2026 The Strata authors
;;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:
;;; The options that say what a plan depends on besides the items.
;;; Code:

(define-module (strata plan-options)
  #:use-module (strata messages)
  #:use-module (strata options)
  #:use-module (strata text)
  #:export (%plan-options
            show-plan-options-help
            plan-arguments))

(define most-layers 1000000)            ;that the core takes
(define most-sharing 1000)              ;likewise
(define most-bytes (- (expt 2 63) 1))

(define (show-plan-options-help)
  (display (G_ "
      --max-layers=N     use at most N layers (default 100)"))
  (display (G_ "
      --strategy=NAME    choose who shares a layer by strategy NAME: 'expected'
                         (the default): what changes together; 'size': the
                         largest items are alone; 'popularity': those that most
                         others lead to are alone; 'single': all share one;
                         'manual': as '--rules' says"))
  (display (G_ "
      --rules=FILE       take the layers of the strategy 'manual' from FILE,
                         lines 'layer NAME GLOB...' and 'rest [STRATEGY]'"))
  (display (G_ "
      --previous=IMAGE   keep the layers of IMAGE, which the new one replaces:
                         an archive, an OCI layout directory or a saved plan;
                         FILE:NAME is the image NAME of those in FILE"))
  (display (G_ "
      --plan-file=FILE   save the plan in FILE, and keep the layers of the plan
                         that is there already"))
  (display (G_ "
      --sibling=IMAGE    share layers with IMAGE, as for '--previous', or a
                         reference graph, or an item and all that it refers to;
                         may be given several times"))
  (display (G_ "
      --fleet=FILE       share layers with the images that FILE lists, each in a
                         line 'NAME ITEM...'"))
  (display (G_ "
      --sharing=PERCENT  weigh what is shared PERCENT as much, 0 to 1000
                         (default 100), against what updates re-send"))
  (display (G_ "
      --min-layer-size=SIZE
                         make no layer of items that are smaller together
                         (default 256KiB, less in small images)")))

(define %plan-options
  (list (value-option '("max-layers") 'max-layers
                      (string->whole-number 1 most-layers))
        (value-option '("strategy") 'strategy)
        (file-option '("rules") 'rules)
        (file-option '("previous") 'previous)
        (file-option '("plan-file") 'plan-file)
        (value-option '("sibling") 'sibling)
        (file-option '("fleet") 'fleet)
        (value-option '("sharing") 'sharing
                      (string->whole-number 0 most-sharing))
        (value-option '("min-layer-size") 'min-layer-size
                      (string->size most-bytes))))

(define (plan-arguments options)
  "Return what OPTIONS say of the plan, but for the number of layers, as
arguments of a request."
  (define manual?
    (equal? (option-value options 'strategy) "manual"))

  (when (and manual? (not (option-value options 'rules)))
    (usage-error (G_ "the strategy 'manual' needs '--rules'")))
  (when (and (option-value options 'rules) (not manual?))
    (usage-error (G_ "option '--rules' needs '--strategy=manual'")))
  `(,@(option-arguments options '(strategy rules previous plan-file fleet sharing
                                           min-layer-size))
    #:siblings ,(option-values options 'sibling)))
