# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything prints TAP: programs in C++ (Check), Scheme files (SRFI-64) and
# shell scripts.
TEST_EXTENSIONS = .scm .sh
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
  $(top_srcdir)/build-aux/tap-driver.sh
SCM_LOG_DRIVER = $(LOG_DRIVER)
SH_LOG_DRIVER = $(LOG_DRIVER)
SCM_LOG_COMPILER = ./pre-inst-env timeout -k 10 300 \
  $(GUILE_ENVIRONMENT) $(GUILE) \
  --no-auto-compile $(srcdir)/%D%/support/run-scheme-test.scm
SH_LOG_COMPILER = ./pre-inst-env timeout -k 30 900 bash
AM_TESTS_ENVIRONMENT = \
  top_srcdir='$(abs_top_srcdir)' top_builddir='$(abs_top_builddir)'; \
  CK_TAP_LOG_FILE_NAME=- CK_VERBOSITY=silent CK_DEFAULT_TIMEOUT=120; \
  MAKE='$(MAKE)' CXX='$(CXX)'; unset MAKEFLAGS MFLAGS MAKELEVEL; \
  export top_srcdir top_builddir CK_TAP_LOG_FILE_NAME CK_VERBOSITY \
    CK_DEFAULT_TIMEOUT MAKE CXX;

# --- Programs.  Each name here is the test %D%/NAME.cc.

test_programs = \
  %D%/check-bad-image \
  %D%/check-base-file \
  %D%/check-base-image \
  %D%/check-base-json \
  %D%/check-base-text \
  %D%/check-base-threads \
  %D%/check-base-walk \
  %D%/check-cache \
  %D%/check-compressor \
  %D%/check-image \
  %D%/check-image-limits \
  %D%/check-layer \
  %D%/check-pack \
  %D%/check-plan \
  %D%/check-plan-expected \
  %D%/check-plan-input \
  %D%/check-plan-manual \
  %D%/check-plan-popularity \
  %D%/check-plan-properties \
  %D%/check-plan-report \
  %D%/check-profile \
  %D%/check-reference \
  %D%/check-saved-plan \
  %D%/check-sink \
  %D%/check-store-add \
  %D%/check-store-database \
  %D%/check-store-graph \
  %D%/check-store-lookup \
  %D%/check-store-nar \
  %D%/check-store-path \
  %D%/check-store-reference-graph \
  %D%/check-timings \
  %D%/check-tree
if HAVE_CHECK
check_PROGRAMS += $(test_programs)
TESTS += $(test_programs)
endif
AM_DEFAULT_SOURCE_EXT = .cc
AM_CPPFLAGS = -I$(srcdir)/src -I$(srcdir)/tests -I$(srcdir) $(CHECK_CFLAGS) $(SQLITE_CFLAGS) \
  $(LIBARCHIVE_CFLAGS)
LDADD = src/libcore.la $(CHECK_LIBS)

# --- Scheme.

scheme_tests = \
  %D%/scheme-creation-time.scm \
  %D%/scheme-manifest.scm \
  %D%/scheme-options.scm \
  %D%/scheme-pack.scm \
  %D%/scheme-system.scm \
  %D%/scheme-text.scm \
  %D%/scheme-treemap.scm

# --- Shell.

shell_tests = \
  %D%/architecture.sh \
  %D%/bad-image.sh \
  %D%/bad-items.sh \
  %D%/bad-options.sh \
  %D%/bad-output.sh \
  %D%/bad-plan.sh \
  %D%/bad-store.sh \
  %D%/cache-plain.sh \
  %D%/cache.sh \
  %D%/command-line.sh \
  %D%/demo-store.sh \
  %D%/diff.sh \
  %D%/deterministic.sh \
  %D%/docker.sh \
  %D%/fuzz.sh \
  %D%/guix-docker.sh \
  %D%/install.sh \
  %D%/interrupt.sh \
  %D%/manual-example.sh \
  %D%/nix-derivation.sh \
  %D%/odd-files.sh \
  %D%/options.sh \
  %D%/outputs.sh \
  %D%/pack-options.sh \
  %D%/plan-command.sh \
  %D%/plan-label.sh \
  %D%/plan-previous.sh \
  %D%/plan-update.sh \
  %D%/podman.sh \
  %D%/skopeo.sh \
  %D%/store-nix.sh \
  %D%/stream.sh \
  %D%/stress.sh \
  %D%/stuck-input.sh \
  %D%/stuck-reader.sh \
  %D%/system-docker.sh \
  %D%/system-root.sh \
  %D%/timings.sh \
  %D%/translations.sh \
  %D%/umoci.sh \
  %D%/write-store-database.sh

TESTS += $(scheme_tests) $(shell_tests)
EXTRA_DIST += $(scheme_tests) $(shell_tests) \
  %D%/distcheck.sh \
  %D%/sanitizers.sh \
  %D%/scale.sh \
  %D%/data/image.golden \
  %D%/data/layer.golden \
  %D%/fuzz/base-image.cc \
  %D%/fuzz/broken.cc \
  %D%/fuzz/build.mk \
  %D%/fuzz/corpus \
  %D%/fuzz/fuzz.hh \
  %D%/fuzz/graph-check.hh \
  %D%/fuzz/image-check.hh \
  %D%/fuzz/image-parts.cc \
  %D%/fuzz/json.cc \
  %D%/fuzz/make-corpus \
  %D%/fuzz/manifests.scm \
  %D%/fuzz/reference-graph.cc \
  %D%/fuzz/saved-plan.cc \
  %D%/fuzz/store-rows.cc \
  %D%/support/bad-input.sh \
  %D%/support/browser.sh \
  %D%/support/check-main.hh \
  %D%/support/fixtures.hh \
  %D%/support/nix-store.sh \
  %D%/support/image-files.hh \
  %D%/support/pack-fixture.hh \
  %D%/support/plan-fixture.hh \
  %D%/support/run-scheme-test.scm \
  %D%/support/servers.sh \
  %D%/support/store-fixture.hh \
  %D%/support/summarize.sh \
  %D%/support/tap.sh

# The sums over all results of the last `make check`.
.PHONY: test-summary
test-summary:
	@$(top_srcdir)/%D%/support/summarize.sh $(TEST_LOGS:.log=.trs)

# What takes too long for every day.
.PHONY: check-long
check-long: check dist bench/measure
	+CI= ./pre-inst-env bash $(srcdir)/%D%/distcheck.sh \
	  $(abs_top_builddir)/$(distdir).tar.gz
	+CI= ./pre-inst-env bash $(srcdir)/%D%/sanitizers.sh \
	  $(abs_top_builddir)/$(distdir).tar.gz
	+STRATA_LONG=yes ./pre-inst-env bash $(srcdir)/%D%/fuzz.sh
	+STRATA_LONG=yes ./pre-inst-env bash $(srcdir)/%D%/stress.sh
	+./pre-inst-env bash $(srcdir)/%D%/scale.sh

mostlyclean-local:
	-test ! -d %D%/demo-store || chmod -R u+w %D%/demo-store
	-rm -rf %D%/demo-store %D%/demo-store.* %D%/fuzz-build
