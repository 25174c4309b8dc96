// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what pack is asked for and what it answers.

#ifndef STRATA_PACK_REQUEST_HH
#define STRATA_PACK_REQUEST_HH

#include "image/config.hh"
#include "layer/compressor.hh"
#include "plan/plan.hh"
#include "sink/sink.hh"
#include "store/graph.hh"
#include "store/location.hh"
#include "tree/virtual_item.hh"

#include <memory>
#include <string>
#include <vector>

namespace strata {

struct RootLink {
  std::string source; // absolute path of the link in the image
  std::string target; // where it points to
};

struct RootDirectory {
  std::string path; // absolute
  unsigned mode = 0755;
};

struct PackRequest {
  std::shared_ptr<const ReferenceGraph> graph;
  StoreLocation location;
  std::vector<std::string> items;    // paths; their closure is packed
  std::vector<VirtualItem> profiles; // packed as well, with what they join

  std::vector<RootDirectory> directories;
  std::vector<RootLink> links;             // of two for one source, the last
  std::vector<std::string> required_paths; // must lead somewhere in the store

  ImageConfig config;
  std::vector<ImageReference> names;

  const Strategy *strategy = nullptr;
  std::size_t max_layers = 100; // all layers count
  Compression compression;
  SinkRequest sink;
  unsigned jobs = 0; // threads; 0: all cores
};

struct PackedLayer {
  std::vector<std::string> items; // paths, bytewise sorted; none: root layer
  std::uint64_t plain_size = 0;   // bytes of the plain tar
  LayerDescriptor descriptor;     // its digests and size once written
};

struct PackResult {
  Digest manifest; // once written
  std::vector<PackedLayer> layers;
};

} // namespace strata

#endif
