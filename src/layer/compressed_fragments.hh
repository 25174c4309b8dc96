// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: cuts the fragments of a layer into blocks and compresses these on
// all cores, in order.

#ifndef STRATA_LAYER_COMPRESSED_FRAGMENTS_HH
#define STRATA_LAYER_COMPRESSED_FRAGMENTS_HH

#include "base/sha256.hh"
#include "base/threads.hh"
#include "layer/compressor.hh"
#include "layer/layer.hh"

#include <functional>

namespace strata {

/// Each fragment is cut from its start, so that its compressed bytes do not
/// depend on what stands before it in the layer.
class CompressedFragments : public FragmentOutput {
public:
  /// TAKE gets each compressed block, in order, as a follow-up of TASKS.
  CompressedFragments(const Compressor &compressor, OrderedTasks &tasks,
                      std::function<void(Bytes)> take);

  void write(Bytes bytes) override;
  void end_fragment() override;

  /// The SHA-256 of the plain bytes.  REQUIRES: the layer is complete.
  Digest finish_diff_id() { return diff_id_.finish(); }

private:
  const Compressor &compressor_;
  OrderedTasks &tasks_;
  std::function<void(Bytes)> take_;
  Sha256 diff_id_;
  std::vector<std::byte> block_;
};

} // namespace strata

#endif
