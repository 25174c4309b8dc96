# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Benchmarks are run by hand, never inside `make check`: `make bench`.
EXTRA_PROGRAMS = %D%/core %D%/judge-plan %D%/measure %D%/plan-scale
%C%_measure_LDADD =
%C%_core_SOURCES = %D%/core.cc
%C%_core_LDADD = src/libcore.la
%C%_judge_plan_LDADD = src/libcore.la
%C%_plan_scale_LDADD = src/libcore.la
CLEANFILES += $(EXTRA_PROGRAMS)
dist_noinst_SCRIPTS += \
  %D%/as-guix \
  %D%/count-instructions \
  %D%/item-reads \
  %D%/make-store \
  %D%/make-stores \
  %D%/memory \
  %D%/plan \
  %D%/rebuild \
  %D%/report \
  %D%/run \
  %D%/scale \
  %D%/speed
dist_noinst_DATA += \
  %D%/chart-text.awk \
  %D%/chart.awk \
  %D%/functions.sh \
  %D%/instructions \
  %D%/large.awk \
  %D%/large.sh \
  %D%/layers.scm \
  %D%/memory.awk \
  %D%/peers.sh \
  %D%/rebuild.awk \
  %D%/results.awk \
  %D%/scale.awk \
  %D%/speed.awk \
  %D%/targets.awk \
  %D%/write-database.scm

# Stores and images are in memory; stores are kept until `make bench-clean`.
BENCH_FOLDER = /dev/shm/strata-bench
# What is measured: all, or some of speed, rebuild, memory, scale and plan.
BENCH_PARTS =
# How often each case is.
BENCH_ROUNDS = 5
STRATA_PEERS = $(abs_top_srcdir)/../shared/peers
PLAN_JUDGE = $(abs_top_srcdir)/../shared/layering
benchmarks = env STRATA_PEERS="$(STRATA_PEERS)" PLAN_JUDGE="$(PLAN_JUDGE)" \
  CXX="$(CXX)" BENCH_ROUNDS="$(BENCH_ROUNDS)" ./pre-inst-env

.PHONY: bench bench-report bench-instructions bench-clean bench-plan
bench: all $(EXTRA_PROGRAMS)
	$(benchmarks) $(srcdir)/%D%/run "$(BENCH_FOLDER)" bench-results \
	  $(BENCH_PARTS)
	$(MAKE) bench-report

# The tables, which the manual has as well.
bench-report:
	$(srcdir)/%D%/report bench-results $(srcdir)/doc/bench

bench-instructions: $(EXTRA_PROGRAMS)
	$(benchmarks) $(srcdir)/%D%/count-instructions $(srcdir)/%D%/instructions

bench-clean:
	-test ! -e "$(BENCH_FOLDER)/stores" || \
	  { chmod -R u+w "$(BENCH_FOLDER)"; rm -rf "$(BENCH_FOLDER)"; }

# Plans alone: how long they take, and what their judge says of them.
bench-plan:
	$(MAKE) bench BENCH_PARTS=plan

distclean-local:
	-rm -rf bench-results
