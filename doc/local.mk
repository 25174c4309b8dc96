# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

info_TEXINFOS += %D%/strata.texi
dist_man1_MANS += %D%/strata.1
%C%_strata_TEXINFOS = %D%/demo-system.texi %D%/scheme.texi \
  %D%/formats.texi
EXTRA_DIST += %D%/example-gexp.scm %D%/example-pack.scm
