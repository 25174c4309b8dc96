// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/small_groups.hh"

#include <algorithm>
#include <limits>

namespace strata {

void join_small_groups(std::vector<AtomGroup> &groups, std::size_t kept,
                       Cost least) {
  auto stays = [&](const AtomGroup &group) {
    return group.atoms.size() == 1 && group.atoms.front() < kept;
  };
  // Those that may be joined come first, so that what is kept is left alone.
  auto end = std::stable_partition(
      groups.begin(), groups.end(),
      [&](const AtomGroup &group) { return !stays(group); });
  while (end - groups.begin() > 1) {
    auto smallest = std::min_element(
        groups.begin(), end,
        [](const AtomGroup &a, const AtomGroup &b) { return a.size < b.size; });
    if (smallest->size >= least)
      break;
    Cost best = std::numeric_limits<Cost>::max();
    auto partner = smallest;
    for (auto group = groups.begin(); group != end; ++group) {
      Cost cost =
          group == smallest ? best : cost_of_joining(*smallest, *group, best);
      if (cost < best) {
        best = cost;
        partner = group;
      }
    }
    join(*partner, *smallest);
    groups.erase(smallest);
    --end;
  }
}

} // namespace strata
