# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Builds the fuzzers in the current folder:
#   make -f SOURCE/tests/fuzz/build.mk SOURCE=... FUZZ_CXX=...
# They need the core built anew, with clang++ and its sanitizers; only the files
# that read what comes from outside are.

fuzzers = base-image image-parts json reference-graph saved-plan store-rows broken

core = \
  base/database base/error base/file base/file_output base/input base/iso_time \
  base/json base/new_file \
  base/file_copy base/monitor base/output base/sha256 base/text base/timings \
  base/walk \
  store/graph store/live_database store/location store/reference_graph_file \
  store/store_database store/store_path \
  plan/bit_rows plan/buckets plan/change_sets plan/expected_bytes \
  plan/first_alone plan/group_costs plan/joint_atoms plan/joint_groups \
  plan/joint_objects \
  plan/kept_groups plan/largest_alone plan/layer_order plan/manual \
  plan/manual_rules plan/merging plan/parse_saved_plan plan/plan \
  plan/popularity plan/relocation plan/saved_plan plan/sibling_items \
  plan/single_layer \
  plan/small_groups plan/sorted_items plan/weights \
  layer/archive_input layer/compressor layer/dense layer/layer_scan layer/tar_reader layer/tar_writer \
  image/base_image image/config image/found_image image/found_plan \
  image/image_choice \
  image/image_reader image/members image/platform \
  image/reference image/run_config \
  pack/ready_layers pack/stream_request

modules = libarchive json-c sqlite3 libcrypto libdeflate \
  libzstd liblzma

sanitize = -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_CXXFLAGS = -std=c++20 -O1 -g1 -fno-omit-frame-pointer $(sanitize)
CPPFLAGS := -I$(SOURCE)/src -MMD -MP $(shell pkg-config --cflags $(modules))
LIBS := $(shell pkg-config --libs $(modules)) -lbz2 -llz -lpthread

objects = $(core:%=core/%.o)

all: $(fuzzers)

$(fuzzers): %: %.o core.a
	$(FUZZ_CXX) $(FUZZ_CXXFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

core.a: $(objects)
	rm -f $@
	ar rc $@ $^

core/%.o: $(SOURCE)/src/%.cc
	@mkdir -p $(@D)
	$(FUZZ_CXX) $(FUZZ_CXXFLAGS) -fsanitize=fuzzer-no-link $(CPPFLAGS) -c -o $@ $<

%.o: $(SOURCE)/tests/fuzz/%.cc
	$(FUZZ_CXX) $(FUZZ_CXXFLAGS) -fsanitize=fuzzer-no-link $(CPPFLAGS) -c -o $@ $<

.PHONY: all
.DELETE_ON_ERROR:

-include $(objects:.o=.d) $(fuzzers:=.d)
