// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: makes few groups of many by joining, again and again, the two whose
// joining costs least.
// Speed: each group knows its nearest partner, and a heap has the groups by
// what joining that partner costs.  Where the partner has changed meanwhile,
// the group looks again when its turn comes.  Quadratic in the number of
// groups, so what has very many items is put in buckets first.
// Threads: a pure function.

#ifndef STRATA_PLAN_MERGING_HH
#define STRATA_PLAN_MERGING_HH

#include "plan/group_costs.hh"

namespace strata {

/// Joins GROUPS until at most COUNT (at least 1) are left.  Of pairs that cost
/// the same, the one whose groups stand first in the list is joined, so the
/// order of the list decides ties.  A joined group has the place of its first.
void merge_groups(std::vector<AtomGroup> &groups, std::size_t count,
                  const Check &check);

} // namespace strata

#endif
