// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: groups that an image and its siblings have in common, so that a
// registry stores, and a client that has one of them pulls, what they share
// once.
//
// At first every atom (joint_atoms.hh) is an *object*, held by a set of images.
// While an image has more objects than it may have groups, two objects are
// joined, in some of the images that hold both; in the others they stay apart.
// The pair is the one that costs least for each image that still has too many:
//
//     what is stored twice * storing_price
//   + bytes re-sent more, in all the images where they are joined
//
// Then joins are undone in images that have groups to spare while the same cost
// falls, and items move among objects that the same images hold.
// Threads: a pure function.

#ifndef STRATA_PLAN_JOINT_GROUPS_HH
#define STRATA_PLAN_JOINT_GROUPS_HH

#include "plan/weights.hh"

namespace strata {

/// The groups of the image whose items are OWN, jointly with SIBLINGS, then
/// those of each sibling, by its ranks; at most MOST_GROUPS, but with more than
/// a few thousand items in more than some hundred different sets of images some
/// small ones are in no group.  Nor are those that are placed.  SHARING is in
/// percent.  No siblings: no groups.
std::vector<RankGroups>
find_joint_groups(const SortedItems &own,
                  const std::vector<ImageItems> &siblings,
                  std::size_t most_groups, Cost sharing, const Check &check);

} // namespace strata

#endif
