// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what holds for every reference graph that was read.
// Threads: none.

#ifndef STRATA_TESTS_FUZZ_GRAPH_CHECK_HH
#define STRATA_TESTS_FUZZ_GRAPH_CHECK_HH

#include "fuzz.hh"
#include "store/graph.hh"

#include <numeric>

namespace strata::fuzz {

/// Items and references are sorted, each there once.
inline void check_order(const ReferenceGraph &graph) {
  const auto &items = graph.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    require(i == 0 || items[i - 1].path < items[i].path, "order of items");
    require(graph.find(items[i].path) == i, "an item is not found");
    const auto &references = items[i].references;
    require(std::adjacent_find(references.begin(), references.end(),
                               std::greater_equal<>()) == references.end(),
            "order of references");
    require(references.empty() || references.back() < items.size(),
            "a reference to nothing");
  }
}

/// All items in topological order.  Throws Error for a cycle.
inline void check_closure(const ReferenceGraph &graph) {
  std::vector<ItemIndex> all(graph.items().size());
  std::iota(all.begin(), all.end(), 0);
  std::vector<bool> listed(all.size());
  for (ItemIndex item : graph.closure(all)) {
    require(!listed[item], "an item twice in its closure");
    for (ItemIndex reference : graph.items()[item].references)
      require(reference == item || listed[reference], "topological order");
    listed[item] = true;
  }
  require(std::find(listed.begin(), listed.end(), false) == listed.end(),
          "an item is missing in the closure");
}

inline void check_graph(const ReferenceGraph &graph) {
  check_order(graph);
  check_closure(graph);
}

} // namespace strata::fuzz

#endif
