// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what holds for every archive of images that was read.
// Threads: none.

#ifndef STRATA_TESTS_FUZZ_IMAGE_CHECK_HH
#define STRATA_TESTS_FUZZ_IMAGE_CHECK_HH

#include "fuzz.hh"
#include "image/base_image.hh"
#include "image/found_plan.hh"

#include <set>

namespace strata::fuzz {

/// The layers of BASE have the sizes and digests that it says.
inline void check_layers(const BaseImage &base, Monitor &monitor) {
  for (std::size_t i = 0; i < base.layers().size(); ++i) {
    const LayerDescriptor &layer = base.layers()[i];
    CountingOutput count;
    Sha256 hash;
    TeeOutput both(count, hash);
    base.write_layer(i, both, monitor);
    require(count.count() == layer.size, "the size of a layer");
    require(hash.finish() == layer.digest, "the digest of a layer");
  }
}

/// The plan of an image has each item once.
inline void check_plan(const SavedPlan &plan) {
  std::set<std::string> seen;
  for (const PathGroup &group : groups_of(plan)) {
    require(!group.empty(), "a layer is empty");
    for (const std::string &path : group)
      require(path.starts_with(plan.store + "/") && seen.insert(path).second,
              "an item of another store, or twice");
  }
}

/// Reads the archive ARCHIVE, builds on an image in it, and looks at its plan.
inline void check_images(std::string_view archive) {
  MemoryFile file(archive);
  Monitor monitor;
  std::vector<FoundImage> images = read_images(file.path(), monitor);
  std::string name;
  if (images.size() > 1 && !images.back().names.empty())
    name = images.back().names.front();
  BaseImage base(file.path(), name, "", monitor);
  check_layers(base, monitor);
  ImageConfig config;
  config.base = base.config();
  ImageDocuments documents = make_documents(config, base.layers(), {});
  Json::parse(documents.config.text, "the new config");
  check_plan(find_plan(file.path(), name, "", monitor));
}

} // namespace strata::fuzz

#endif
