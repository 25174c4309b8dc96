// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the order of layers.  Engines skip a layer only when all below it
// are known too, so what is least likely to change lies lowest.
// Threads: pure functions.

#ifndef STRATA_PLAN_LAYER_ORDER_HH
#define STRATA_PLAN_LAYER_ORDER_HH

#include "plan/change_sets.hh"

namespace strata {

/// Puts GROUPS in the order of layers, the lowest first: those that the fewest
/// changes reach, then the larger, then the one with the least item.  Sorts
/// the items in them.
void order_by_change(const SortedItems &items, const ChangeSets &changes,
                     RankGroups &groups);

} // namespace strata

#endif
