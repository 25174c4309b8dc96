// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: compares two images or saved plans: what has one of them pulls of
// the other.  Layers of two images are equal if their plain bytes are; where
// one is a plan, if their items are.
// Units: bytes.
// Errors: what is damaged, and what holds no image or several, throws Error.

#ifndef STRATA_PACK_IMAGE_COMPARISON_HH
#define STRATA_PACK_IMAGE_COMPARISON_HH

#include "base/monitor.hh"
#include "layer/layer_scan.hh"
#include "plan/plan_difference.hh"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace strata {

struct ComparedLayer {
  std::vector<SizedItem> items; // none: the root layer
  std::uint64_t size = 0;       // of the items; of the tar where there are none
  std::shared_ptr<const LayerScan> scan; // null for a plan
  bool mixed = false;                    // it holds more than the items
  bool in_both = false;
  bool same_blob = false; // the other image has it, compressed alike
};

struct ComparedImage {
  std::string name;                  // as the user gave it
  bool is_image = false;             // not a plan
  std::vector<ComparedLayer> layers; // the lowest first
};

/// Blobs as they are shipped, compressed.
struct BlobBytes {
  std::uint64_t common = 0; // that both images have
  std::uint64_t pulled = 0; // the others
};

struct ImageComparison {
  ComparedImage before, after;
  std::uint64_t common_bytes = 0;  // of the layers that both have
  std::uint64_t pulled_bytes = 0;  // of the other layers of AFTER
  std::uint64_t least_bytes = 0;   // of items that only AFTER has: the bound
  std::vector<ItemChange> changes; // in the order of names
  std::optional<BlobBytes> blobs;  // of AFTER, if both are images
};

/// Compares the images or plans BEFORE and AFTER, names as for
/// read_plan_input().
ImageComparison compare_images(const std::string &before,
                               const std::string &after, Monitor &monitor);

} // namespace strata

#endif
