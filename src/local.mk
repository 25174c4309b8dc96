# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The core.  It is linked into both the library and the tests, so that tests
# see what no Scheme code sees.
noinst_LTLIBRARIES += %D%/libcore.la
%C%_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(LIBARCHIVE_CFLAGS) \
  $(JSON_C_CFLAGS) $(SQLITE_CFLAGS) $(LIBCRYPTO_CFLAGS) $(LIBDEFLATE_CFLAGS) \
  $(LIBZSTD_CFLAGS)
%C%_libcore_la_CXXFLAGS = $(AM_CXXFLAGS) -pthread
%C%_libcore_la_LIBADD = $(LIBARCHIVE_LIBS) $(JSON_C_LIBS) $(SQLITE_LIBS) \
  $(LIBCRYPTO_LIBS) $(LIBDEFLATE_LIBS) $(LIBZSTD_LIBS) $(LTLIBINTL) -lpthread
%C%_libcore_la_SOURCES = \
  %D%/base/database.cc \
  %D%/base/database.hh \
  %D%/base/error.cc \
  %D%/base/error.hh \
  %D%/base/file.cc \
  %D%/base/file.hh \
  %D%/base/json.cc \
  %D%/base/json.hh \
  %D%/base/monitor.cc \
  %D%/base/monitor.hh \
  %D%/base/output.cc \
  %D%/base/output.hh \
  %D%/base/sha256.cc \
  %D%/base/sha256.hh \
  %D%/base/text.cc \
  %D%/base/text.hh \
  %D%/base/threads.cc \
  %D%/base/threads.hh \
  %D%/base/walk.cc \
  %D%/base/walk.hh \
  %D%/store/graph.cc \
  %D%/store/graph.hh \
  %D%/store/location.cc \
  %D%/store/location.hh \
  %D%/store/nar.cc \
  %D%/store/nar.hh \
  %D%/store/store_path.cc \
  %D%/store/store_path.hh \
  %D%/tree/image_files.cc \
  %D%/tree/image_files.hh \
  %D%/tree/profile.cc \
  %D%/tree/profile.hh \
  %D%/tree/tree.cc \
  %D%/tree/tree.hh \
  %D%/tree/virtual_item.hh \
  %D%/plan/largest_alone.cc \
  %D%/plan/largest_alone.hh \
  %D%/plan/plan.cc \
  %D%/plan/plan.hh \
  %D%/layer/compressed_fragments.cc \
  %D%/layer/compressed_fragments.hh \
  %D%/layer/compressor.cc \
  %D%/layer/compressor.hh \
  %D%/layer/layer.cc \
  %D%/layer/layer.hh \
  %D%/layer/tar_writer.cc \
  %D%/layer/tar_writer.hh

# The only shared library: the core and its binding, a Guile extension.
extension_LTLIBRARIES += %D%/libstrata.la
%C%_libstrata_la_CPPFLAGS = $(AM_CPPFLAGS) $(GUILE_CFLAGS)
%C%_libstrata_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
  -Wl,--version-script=$(srcdir)/%D%/libstrata.map
%C%_libstrata_la_LIBADD = %D%/libcore.la $(GUILE_LIBS)
%C%_libstrata_la_SOURCES =
EXTRA_%C%_libstrata_la_DEPENDENCIES = %D%/libstrata.map
EXTRA_DIST += %D%/libstrata.map
