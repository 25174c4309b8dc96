// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the joint plan of siblings (joint_groups.hh) moves as one:
// items that the same siblings hold. Threads: a pure function.

#ifndef STRATA_PLAN_JOINT_ATOMS_HH
#define STRATA_PLAN_JOINT_ATOMS_HH

#include "plan/group_costs.hh"
#include "plan/sibling_items.hh"

namespace strata {

/// The items of SIBLINGS that are not placed, each alone; of more than
/// MOST_JOINT_ATOMS the largest half of that number alone, and the others in
/// buckets of about equal bytes, each of items that the same images hold.  If
/// there are nearly as many sets of images as buckets, items are left out that
/// no large set of images holds.  ITEMS, CHANGES and WEIGHTS are of SIBLINGS'
/// items and live as long as the atoms.
std::vector<Atom> find_joint_atoms(const SiblingItems &siblings,
                                   const SortedItems &items,
                                   const ChangeSets &changes,
                                   const Weights &weights);

/// So many are compared with each other.
constexpr std::size_t most_joint_atoms = 3072;

} // namespace strata

#endif
