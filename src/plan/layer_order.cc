// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/layer_order.hh"

#include <algorithm>
#include <tuple>

namespace strata {

namespace {

struct Layer {
  std::uint32_t weight;
  std::uint64_t size; // bytes
  std::vector<Rank> items;

  bool operator<(const Layer &other) const {
    return std::tuple(weight, other.size, items.front()) <
           std::tuple(other.weight, size, other.items.front());
  }
};

} // namespace

void order_by_change(const SortedItems &items, const ChangeSets &changes,
                     RankGroups &groups) {
  std::vector<Layer> layers;
  for (auto &group : groups) {
    std::sort(group.begin(), group.end());
    std::vector<BitWord> all(changes.words());
    std::uint64_t size = 0;
    for (Rank rank : group) {
      add_bits(all, changes.of(rank));
      size = sum_of_sizes(size, items.item(rank).size);
    }
    layers.push_back({change_weight(all), size, std::move(group)});
  }
  std::sort(layers.begin(), layers.end());
  for (std::size_t i = 0; i < layers.size(); ++i)
    groups[i] = std::move(layers[i].items);
}

} // namespace strata
