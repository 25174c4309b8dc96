// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: betters a grouping by moving single atoms to where they cost less.
// Threads: a pure function.

#ifndef STRATA_PLAN_RELOCATION_HH
#define STRATA_PLAN_RELOCATION_HH

#include "plan/group_costs.hh"

namespace strata {

/// Goes over all ATOMS, at most PASSES times and until nothing moves: takes
/// each out of its group and puts it where the sum of costs falls most; into a
/// group of its own, if there are fewer than MOST_GROUPS.  GROUPS has every
/// atom once.
void relocate_atoms(const std::vector<Atom> &atoms,
                    std::vector<AtomGroup> &groups, std::size_t most_groups,
                    unsigned passes, const Check &check);

} // namespace strata

#endif
