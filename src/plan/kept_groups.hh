// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: which layers of the previous image can stay as they are.
// Threads: a pure function.

#ifndef STRATA_PLAN_KEPT_GROUPS_HH
#define STRATA_PLAN_KEPT_GROUPS_HH

#include "plan/sorted_items.hh"

namespace strata {

/// The groups of PREVIOUS whose items are all there with the same identity,
/// in its order, each ascending.  A group that is empty or has an item of an
/// earlier one is left out: such a plan was not made by us.  So is one with an
/// item that is placed.
RankGroups find_kept_groups(const SortedItems &items,
                            const std::vector<PathGroup> &previous);

} // namespace strata

#endif
