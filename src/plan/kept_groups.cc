// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/kept_groups.hh"

#include <algorithm>

namespace strata {

RankGroups find_kept_groups(const SortedItems &items,
                            const std::vector<PathGroup> &previous) {
  RankGroups kept;
  std::vector<bool> taken(items.count());
  for (Rank rank = 0; rank < items.count(); ++rank)
    taken[rank] = items.item(rank).placed;
  for (const PathGroup &paths : previous) {
    std::vector<Rank> group;
    for (const std::string &path : paths) {
      std::size_t found = items.find(path);
      if (found == items.count() || taken[found])
        break;
      group.push_back(static_cast<Rank>(found));
    }
    std::sort(group.begin(), group.end());
    bool whole = !group.empty() && group.size() == paths.size() &&
                 std::adjacent_find(group.begin(), group.end()) == group.end();
    if (!whole)
      continue;
    for (Rank rank : group)
      taken[rank] = true;
    kept.push_back(std::move(group));
  }
  return kept;
}

} // namespace strata
