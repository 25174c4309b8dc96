// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/source_counts.hh"

#include "plan/bit_rows.hh"

#include <algorithm>

namespace strata {

namespace {

constexpr std::size_t sources_at_once = 2048;

// Counts some sources from FIRST on.  ORDER: items, references first.
void count_rebuilt(const SortedItems &items, const std::vector<Rank> &order,
                   const RankGroups &groups, std::size_t first,
                   std::vector<SourceCounts> &counts) {
  std::size_t some = std::min(sources_at_once, items.source_count() - first);
  BitRows rows(items.count(), some);
  for (Rank rank : order) {
    MutableBitRow row = rows[rank];
    std::size_t source = items.source(rank);
    if (source >= first && source < first + some)
      set_bit(row, source - first);
    for (Rank reference : items.references(rank))
      add_bits(row, rows[reference]);
  }
  std::vector<BitWord> all(rows.words());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::fill(all.begin(), all.end(), 0);
    for (Rank rank : groups[i])
      add_bits(all, rows[rank]);
    counts[i].rebuilt += count_bits(all);
  }
}

void count_grafted(const SortedItems &items, const RankGroups &groups,
                   std::vector<SourceCounts> &counts) {
  // The last group that each source was seen in, and one more.
  std::vector<std::size_t> seen_in(items.source_count());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto see = [&](Rank rank) {
      std::size_t &seen = seen_in[items.source(rank)];
      counts[i].grafted += seen != i + 1;
      seen = i + 1;
    };
    for (Rank rank : groups[i]) {
      see(rank);
      for (Rank reference : items.references(rank))
        see(reference);
    }
  }
}

} // namespace

std::vector<SourceCounts> count_sources(const SortedItems &items,
                                        const RankGroups &groups,
                                        const Check &check) {
  std::vector<SourceCounts> counts(groups.size());
  std::vector<Rank> order = items.references_first();
  for (std::size_t first = 0; first < items.source_count();
       first += sources_at_once) {
    check();
    count_rebuilt(items, order, groups, first, counts);
  }
  count_grafted(items, groups, counts);
  return counts;
}

} // namespace strata
