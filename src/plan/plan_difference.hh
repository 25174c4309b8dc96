// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: compares two plans, or the layers of two images: what has one of
// them pulls of the other.
// Units: bytes of items, uncompressed.
// Threads: a pure function.

#ifndef STRATA_PLAN_PLAN_DIFFERENCE_HH
#define STRATA_PLAN_PLAN_DIFFERENCE_HH

#include "plan/plan.hh"

namespace strata {

struct SizedItem {
  std::string path;
  std::uint64_t size = 0;
};

/// The groups of a plan, or the items of an image's layers, in any order.
using SizedGroups = std::vector<std::vector<SizedItem>>;

/// The groups of PLAN, one for ITEMS.
SizedGroups sized_groups(const ImageItems &items, const Plan &plan);

struct ItemChange {
  std::string before; // path; empty: the item is new
  std::string after;  // path; empty: the item is gone
};

struct PlanDifference {
  std::vector<bool> in_both;       // for each group of AFTER: BEFORE has it too
  std::uint64_t common_bytes = 0;  // of those groups
  std::uint64_t pulled_bytes = 0;  // of the others
  std::uint64_t least_bytes = 0;   // of items that only AFTER has: the bound
  std::vector<ItemChange> changes; // in the order of names
};

/// How AFTER differs from BEFORE.  Groups are equal if their items are.  An
/// item that only one has goes with the item of the other that has its name,
/// versions aside; of several the first, the second and so on.
PlanDifference compare_plans(const SizedGroups &before,
                             const SizedGroups &after);

} // namespace strata

#endif
