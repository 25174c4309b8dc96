// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: sizes as the cost functions take them.  Costs are whole numbers, so
// that no compiler or machine can reckon differently; sizes come from outside
// and may be anything, so what is too much for 64 bits loses its last digits.
// Threads: a pure function.

#ifndef STRATA_PLAN_WEIGHTS_HH
#define STRATA_PLAN_WEIGHTS_HH

#include "plan/sorted_items.hh"

namespace strata {

/// A weight, or a weight times a number of changes.
using Cost = std::int64_t;

struct Weights {
  std::vector<Cost> of_items; // by rank: bytes / 2^shift
  unsigned shift = 0;         // 0 wherever items are not huge

  /// The weight of so many BYTES.
  Cost of(std::uint64_t bytes) const;
};

/// The sizes of ITEMS, divided by the least power of two for which their sum is
/// at most MOST.  MOST is at least 2 for each item.
Weights find_weights(const SortedItems &items, Cost most);

} // namespace strata

#endif
