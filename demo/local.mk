# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

dist_noinst_SCRIPTS += %D%/make-demo-store %D%/make-demo-system
dist_noinst_DATA += \
  %D%/functions.sh \
  %D%/system/activate.scm \
  %D%/system/boot.scm \
  %D%/system/fickle.scm \
  %D%/system/greeter.scm \
  %D%/system/supervisor.scm
