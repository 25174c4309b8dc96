# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The core.  It is linked into both the library and the tests, so that tests
# see what no Scheme code sees.
noinst_LTLIBRARIES += %D%/libcore.la
%C%_libcore_la_CPPFLAGS = -I$(srcdir)/%D% $(LIBARCHIVE_CFLAGS) \
  $(JSON_C_CFLAGS) $(SQLITE_CFLAGS) $(LIBCRYPTO_CFLAGS) $(LIBDEFLATE_CFLAGS) \
  $(LIBZSTD_CFLAGS) $(LIBLZMA_CFLAGS)
%C%_libcore_la_CXXFLAGS = $(AM_CXXFLAGS) -pthread
%C%_libcore_la_LIBADD = $(LIBARCHIVE_LIBS) $(JSON_C_LIBS) $(SQLITE_LIBS) \
  $(LIBCRYPTO_LIBS) $(LIBDEFLATE_LIBS) $(LIBZSTD_LIBS) $(LIBLZMA_LIBS) $(LIBBZ2) $(LIBLZ) $(LTLIBINTL) -lpthread
%C%_libcore_la_SOURCES = \
  %D%/base/database.cc \
  %D%/base/database.hh \
  %D%/base/error.cc \
  %D%/base/error.hh \
  %D%/base/file.cc \
  %D%/base/file.hh \
  %D%/base/file_copy.cc \
  %D%/base/file_copy.hh \
  %D%/base/folder_lock.cc \
  %D%/base/folder_lock.hh \
  %D%/base/input.cc \
  %D%/base/input.hh \
  %D%/base/filter_process.cc \
  %D%/base/filter_process.hh \
  %D%/base/iso_time.cc \
  %D%/base/iso_time.hh \
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
  %D%/base/timings.cc \
  %D%/base/timings.hh \
  %D%/base/walk.cc \
  %D%/base/walk.hh \
  %D%/store/add.cc \
  %D%/store/add.hh \
  %D%/store/canonical_copy.cc \
  %D%/store/canonical_copy.hh \
  %D%/store/closure_database.cc \
  %D%/store/closure_database.hh \
  %D%/store/closure_registration.cc \
  %D%/store/closure_registration.hh \
  %D%/store/graph.cc \
  %D%/store/graph.hh \
  %D%/store/item_size.cc \
  %D%/store/item_size.hh \
  %D%/store/link_walk.cc \
  %D%/store/link_walk.hh \
  %D%/store/live_database.cc \
  %D%/store/live_database.hh \
  %D%/store/location.cc \
  %D%/store/location.hh \
  %D%/store/lookup.cc \
  %D%/store/lookup.hh \
  %D%/store/nar.cc \
  %D%/store/nar.hh \
  %D%/store/reference_graph_file.cc \
  %D%/store/reference_graph_file.hh \
  %D%/store/reference_scanner.cc \
  %D%/store/reference_scanner.hh \
  %D%/store/store_database.cc \
  %D%/store/store_database.hh \
  %D%/store/store_path.cc \
  %D%/store/store_path.hh \
  %D%/store/store_schema.cc \
  %D%/store/store_schema.hh \
  %D%/store/store_writer.cc \
  %D%/store/store_writer.hh \
  %D%/store/verify.cc \
  %D%/store/verify.hh \
  %D%/tree/image_files.cc \
  %D%/tree/image_files.hh \
  %D%/tree/link_check.cc \
  %D%/tree/profile.cc \
  %D%/tree/profile.hh \
  %D%/tree/directive.cc \
  %D%/tree/directive.hh \
  %D%/tree/tree.cc \
  %D%/tree/tree.hh \
  %D%/tree/virtual_item.hh \
  %D%/plan/bit_rows.cc \
  %D%/plan/bit_rows.hh \
  %D%/plan/buckets.cc \
  %D%/plan/buckets.hh \
  %D%/plan/change_sets.cc \
  %D%/plan/change_sets.hh \
  %D%/plan/expected_bytes.cc \
  %D%/plan/expected_bytes.hh \
  %D%/plan/first_alone.cc \
  %D%/plan/first_alone.hh \
  %D%/plan/fleet_report.cc \
  %D%/plan/fleet_report.hh \
  %D%/plan/group_costs.cc \
  %D%/plan/group_costs.hh \
  %D%/plan/joint_groups.cc \
  %D%/plan/joint_groups.hh \
  %D%/plan/joint_objects.cc \
  %D%/plan/joint_objects.hh \
  %D%/plan/kept_groups.cc \
  %D%/plan/kept_groups.hh \
  %D%/plan/largest_alone.cc \
  %D%/plan/largest_alone.hh \
  %D%/plan/layer_order.cc \
  %D%/plan/layer_order.hh \
  %D%/plan/merging.cc \
  %D%/plan/merging.hh \
  %D%/plan/parse_saved_plan.cc \
  %D%/plan/plan.cc \
  %D%/plan/plan.hh \
  %D%/plan/plan_difference.cc \
  %D%/plan/plan_difference.hh \
  %D%/plan/plan_report.cc \
  %D%/plan/plan_report.hh \
  %D%/plan/popularity.cc \
  %D%/plan/popularity.hh \
  %D%/plan/relocation.cc \
  %D%/plan/relocation.hh \
  %D%/plan/saved_plan.cc \
  %D%/plan/saved_plan.hh \
  %D%/plan/sibling_items.cc \
  %D%/plan/sibling_items.hh \
  %D%/plan/single_layer.cc \
  %D%/plan/single_layer.hh \
  %D%/plan/small_groups.cc \
  %D%/plan/small_groups.hh \
  %D%/plan/sorted_items.cc \
  %D%/plan/sorted_items.hh \
  %D%/plan/weights.cc \
  %D%/plan/weights.hh \
  %D%/layer/archive_input.cc \
  %D%/layer/archive_input.hh \
  %D%/layer/cache_upkeep.cc \
  %D%/layer/cache_upkeep.hh \
  %D%/layer/cached_fragments.cc \
  %D%/layer/cached_fragments.hh \
  %D%/layer/compressed_fragments.cc \
  %D%/layer/compressed_fragments.hh \
  %D%/layer/compression.cc \
  %D%/layer/compressor.cc \
  %D%/layer/compressor.hh \
  %D%/layer/dense.cc \
  %D%/layer/dense.hh \
  %D%/layer/entry_style.hh \
  %D%/layer/fragment_cache.cc \
  %D%/layer/fragment_cache.hh \
  %D%/layer/fragment_index.cc \
  %D%/layer/fragment_index.hh \
  %D%/layer/fragment_keys.cc \
  %D%/layer/fragment_keys.hh \
  %D%/layer/layer.cc \
  %D%/layer/layer.hh \
  %D%/layer/layer_stamp.cc \
  %D%/layer/layer_stamp.hh \
  %D%/layer/layer_scan.cc \
  %D%/layer/layer_scan.hh \
  %D%/layer/tar_reader.cc \
  %D%/layer/tar_reader.hh \
  %D%/layer/tar_writer.cc \
  %D%/layer/tar_writer.hh \
  %D%/layer/transformation.cc \
  %D%/layer/transformation.hh \
  %D%/image/base_image.cc \
  %D%/image/base_image.hh \
  %D%/image/config.cc \
  %D%/image/config.hh \
  %D%/image/found_image.cc \
  %D%/image/found_image.hh \
  %D%/image/found_plan.cc \
  %D%/image/found_plan.hh \
  %D%/image/image_choice.cc \
  %D%/image/image_choice.hh \
  %D%/image/image_reader.cc \
  %D%/image/image_reader.hh \
  %D%/image/members.cc \
  %D%/image/members.hh \
  %D%/image/platform.cc \
  %D%/image/platform.hh \
  %D%/image/reference.cc \
  %D%/image/reference.hh \
  %D%/image/run_config.cc \
  %D%/image/run_config.hh \
  %D%/sink/archive_file.cc \
  %D%/sink/archive_file.hh \
  %D%/sink/archive_members.cc \
  %D%/sink/archive_members.hh \
  %D%/sink/archive_stream.cc \
  %D%/sink/archive_stream.hh \
  %D%/sink/oci_directory.cc \
  %D%/sink/oci_directory.hh \
  %D%/sink/sink.cc \
  %D%/sink/sink.hh \
  %D%/sink/stream_target.cc \
  %D%/sink/stream_target.hh \
  %D%/sink/tarball.cc \
  %D%/sink/tarball.hh \
  %D%/pack/closure.cc \
  %D%/pack/closure.hh \
  %D%/pack/compressed_layers.cc \
  %D%/pack/compressed_layers.hh \
  %D%/pack/image_database.cc \
  %D%/pack/image_database.hh \
  %D%/pack/image_comparison.cc \
  %D%/pack/image_comparison.hh \
  %D%/pack/layer_files.cc \
  %D%/pack/layer_files.hh \
  %D%/pack/layer_work.hh \
  %D%/pack/pack.cc \
  %D%/pack/pack.hh \
  %D%/pack/plain_layers.cc \
  %D%/pack/plain_layers.hh \
  %D%/pack/plan_input.cc \
  %D%/pack/plan_input.hh \
  %D%/pack/plan_output.cc \
  %D%/pack/plan_output.hh \
  %D%/pack/plan_overview.cc \
  %D%/pack/plan_overview.hh \
  %D%/pack/planning.cc \
  %D%/pack/planning.hh \
  %D%/pack/ready_layers.cc \
  %D%/pack/ready_layers.hh \
  %D%/pack/request.hh \
  %D%/pack/stream_request.cc \
  %D%/pack/stream_request.hh

# The only shared library: the core and its binding, a Guile extension.
extension_LTLIBRARIES += %D%/libstrata.la
%C%_libstrata_la_CPPFLAGS = -I$(srcdir)/%D% $(GUILE_CFLAGS)
%C%_libstrata_la_CXXFLAGS = $(AM_CXXFLAGS) $(GUILE_CXXFLAGS)
%C%_libstrata_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -no-undefined \
  -Wl,--version-script=$(srcdir)/%D%/libstrata.map
%C%_libstrata_la_LIBADD = %D%/libcore.la $(GUILE_LIBS)
%C%_libstrata_la_SOURCES = \
  %D%/guile/boundary.cc \
  %D%/guile/boundary.hh \
  %D%/guile/cache_primitives.cc \
  %D%/guile/cache_primitives.hh \
  %D%/guile/convert.cc \
  %D%/guile/convert.hh \
  %D%/guile/init.cc \
  %D%/guile/objects.cc \
  %D%/guile/objects.hh \
  %D%/guile/pack_primitives.cc \
  %D%/guile/pack_primitives.hh \
  %D%/guile/pack_request.cc \
  %D%/guile/pack_request.hh \
  %D%/guile/plan_primitives.cc \
  %D%/guile/plan_primitives.hh \
  %D%/guile/store_primitives.cc \
  %D%/guile/store_primitives.hh
EXTRA_%C%_libstrata_la_DEPENDENCIES = %D%/libstrata.map
EXTRA_DIST += %D%/libstrata.map
