// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/weights.hh"

#include <algorithm>
#include <limits>

namespace strata {

Cost Weights::of(std::uint64_t bytes) const {
  constexpr std::uint64_t most = std::numeric_limits<Cost>::max();
  return static_cast<Cost>(std::min(bytes >> shift, most));
}

Weights find_weights(const SortedItems &items, Cost most) {
  for (Weights weights;; ++weights.shift) {
    Cost sum = 0; // at most MOST, so that no sum overflows
    weights.of_items.clear();
    for (Rank rank = 0; rank < items.count(); ++rank) {
      Cost weight = weights.of(items.item(rank).size);
      if (weight > most - sum)
        break;
      sum += weight;
      weights.of_items.push_back(weight);
    }
    if (weights.of_items.size() == items.count())
      return weights;
  }
}

} // namespace strata
