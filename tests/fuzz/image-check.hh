// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what holds for every archive of images that was read.
// Threads: none.

#ifndef STRATA_TESTS_FUZZ_IMAGE_CHECK_HH
#define STRATA_TESTS_FUZZ_IMAGE_CHECK_HH

#include "fuzz.hh"
#include "image/base_image.hh"

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

/// Reads the archive ARCHIVE, and builds on an image in it.
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
}

} // namespace strata::fuzz

#endif
