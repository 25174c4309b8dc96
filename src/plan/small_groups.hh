// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: no layers that are too small.  A layer costs a round trip when it is
// pulled and a mount when it is used, however few its bytes are.
// Threads: a pure function.

#ifndef STRATA_PLAN_SMALL_GROUPS_HH
#define STRATA_PLAN_SMALL_GROUPS_HH

#include "plan/group_costs.hh"

namespace strata {

/// Joins each group below LEAST to the one where that costs least, the smallest
/// first.  The first KEPT atoms are layers that stay as they are if they still
/// are groups of their own: what is small then stays small if there is nothing
/// else that it could join.
void join_small_groups(std::vector<AtomGroup> &groups, std::size_t kept,
                       Cost least);

} // namespace strata

#endif
