// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: how many sources there are whose changes reach a group of items.
// ChangeSets, made for comparing, let sources share bits where there are very
// many; this counts each.
// Speed: one pass over all references for each 2,048 sources.
// Threads: a pure function.

#ifndef STRATA_PLAN_SOURCE_COUNTS_HH
#define STRATA_PLAN_SOURCE_COUNTS_HH

#include "plan/sorted_items.hh"

namespace strata {

struct SourceCounts {
  std::uint64_t rebuilt = 0; // with all that depends on them built anew
  std::uint64_t grafted = 0; // with only what refers to them
  bool operator==(const SourceCounts &) const = default;
};

/// For each of GROUPS, the sources that change one of its items or more.  CHECK
/// is called between passes.
std::vector<SourceCounts> count_sources(const SortedItems &items,
                                        const RankGroups &groups,
                                        const Check &check);

} // namespace strata

#endif
