// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: cuts the fragments of a layer into blocks and compresses these on
// all cores, in order.

#ifndef STRATA_LAYER_COMPRESSED_FRAGMENTS_HH
#define STRATA_LAYER_COMPRESSED_FRAGMENTS_HH

#include "base/threads.hh"
#include "layer/compressor.hh"
#include "layer/layer.hh"

#include <functional>
#include <utility>
#include <vector>

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

  /// From the next block on, TAKE gets the compressed ones.
  void set_take(std::function<void(Bytes)> take) { take_ = std::move(take); }

private:
  const Compressor &compressor_;
  OrderedTasks &tasks_;
  std::function<void(Bytes)> take_;
  std::vector<std::byte> block_;
};

} // namespace strata

#endif
