// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/compressed_fragments.hh"

#include <algorithm>
#include <memory>
#include <utility>

namespace strata {

CompressedFragments::CompressedFragments(const Compressor &compressor,
                                         OrderedTasks &tasks,
                                         std::function<void(Bytes)> take)
    : compressor_(compressor), tasks_(tasks), take_(std::move(take)) {}

void CompressedFragments::write(Bytes bytes) {
  while (!bytes.empty()) {
    if (block_.empty())
      block_.reserve(compressor_.block_size());
    std::size_t room = compressor_.block_size() - block_.size();
    Bytes piece = bytes.first(std::min(room, bytes.size()));
    block_.insert(block_.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
    if (block_.size() == compressor_.block_size())
      end_fragment();
  }
}

void CompressedFragments::end_fragment() {
  if (block_.empty())
    return;
  auto block =
      std::make_shared<const std::vector<std::byte>>(std::exchange(block_, {}));
  tasks_.submit([block, take = take_, &compressor = compressor_,
                 timings = tasks_.timings()] {
    Timings::Span span(timings, Activity::compress, block->size());
    auto compressed = std::make_shared<const std::vector<std::byte>>(
        compressor.compress(*block));
    return [compressed, take] { take(*compressed); };
  });
}

} // namespace strata
