# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Benchmarks are run by hand, never inside `make check`: `make bench`.
EXTRA_PROGRAMS = %D%/judge-plan %D%/measure %D%/plan-scale
%C%_measure_LDADD =
%C%_judge_plan_LDADD = src/libcore.la
%C%_plan_scale_LDADD = src/libcore.la
CLEANFILES += $(EXTRA_PROGRAMS)
dist_noinst_SCRIPTS += %D%/judge %D%/make-store %D%/run

.PHONY: bench
bench: all %D%/measure
	./pre-inst-env $(srcdir)/%D%/make-store bench-store
	./pre-inst-env $(srcdir)/%D%/run bench-store

# Plans: how long they take, and what the judge of layer plans says; it is no
# part of Strata.
PLAN_JUDGE = $(abs_top_srcdir)/../shared/layering
.PHONY: bench-plan
bench-plan: %D%/judge-plan %D%/plan-scale
	%D%/plan-scale
	test ! -f $(PLAN_JUDGE)/judge.py || $(srcdir)/%D%/judge $(PLAN_JUDGE)

distclean-local:
	-test ! -e bench-store || { chmod -R u+w bench-store; rm -rf bench-store; }
