# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

info_TEXINFOS += %D%/strata.texi
dist_man1_MANS += %D%/strata.1
%C%_strata_TEXINFOS = \
  %D%/bench.texi \
  %D%/bench/large.texi \
  %D%/bench/machine.texi \
  %D%/bench/memory.texi \
  %D%/bench/plans.texi \
  %D%/bench/rebuild.texi \
  %D%/bench/scale.texi \
  %D%/bench/speed.texi \
  %D%/bench/targets.texi \
  %D%/demo-system.texi \
  %D%/formats.texi \
  %D%/planning.texi \
  %D%/scheme.texi
EXTRA_DIST += %D%/bench/chart.svg %D%/bench/chart.txt \
  %D%/planning.svg %D%/planning.txt \
  %D%/example-gexp.scm %D%/example-pack.scm
