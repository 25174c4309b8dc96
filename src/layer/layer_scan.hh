// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what a layer blob holds: its digests, recomputed, and the items in
// it.

#ifndef STRATA_LAYER_LAYER_SCAN_HH
#define STRATA_LAYER_LAYER_SCAN_HH

#include "base/input.hh"
#include "base/monitor.hh"

#include <string>
#include <vector>

namespace strata {

struct LayerScan {
  Digest digest;                         // of the blob
  std::uint64_t size = 0;                // of the blob, bytes
  Digest diff_id;                        // of the plain tar
  std::uint64_t plain_size = 0;          // of the plain tar, bytes
  std::string compressor;                // "none", "gzip", "zstd"...
  std::vector<std::string> items;        // logical paths, bytewise sorted
  std::vector<std::uint64_t> item_sizes; // of the files in each, bytes
  std::uint64_t entries = 0;             // of the tar
  bool mixed = false;  // it has more than the items and the folders they lie in
  std::string problem; // why it is no tar, then without a diff_id
};

/// Reads BLOB to its end.  An entry whose path has a component that looks like
/// <hash>-<name> belongs to the item that ends there.
LayerScan scan_layer(ByteInput &blob, Monitor &monitor);

} // namespace strata

#endif
