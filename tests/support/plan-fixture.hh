// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: problems for tests of plans: random graphs, their items in another
// order, with other hashes; and plans as sets of names.
// Threads: none.

#ifndef STRATA_TESTS_SUPPORT_PLAN_FIXTURE_HH
#define STRATA_TESTS_SUPPORT_PLAN_FIXTURE_HH

#include "plan/plan.hh"
#include "store/store_path.hh"
#include "support/fixtures.hh"

#include <algorithm>
#include <random>
#include <set>

namespace strata {

/// COUNT items of which each refers to some of those before it, about DEGREE,
/// rather to the first ones, as in a store; some have a source in common.
inline ImageItems random_items(std::mt19937 &random, std::size_t count,
                               std::size_t degree = 4) {
  ImageItems items;
  for (std::size_t i = 0; i < count; ++i) {
    std::string name = format("package%zu-1.%zu", i / (1 + random() % 2), i);
    std::uint64_t size = std::uint64_t(1) << random() % 26;
    PlanItem item{made_up_item(random(), name), size + random() % size};
    for (std::size_t n = random() % (2 * degree + 1); i > 0 && n > 0; --n)
      item.references.push_back(random() % (1 + random() % i));
    items.push_back(std::move(item));
  }
  return items;
}

/// The same items in another order.
inline ImageItems shuffled(std::mt19937 &random, const ImageItems &items) {
  std::vector<std::size_t> order(items.size()), place(items.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  for (std::size_t i = 0; i < order.size(); ++i)
    place[order[i]] = i;
  ImageItems result;
  for (std::size_t from : order) {
    result.push_back(items[from]);
    for (std::size_t &reference : result.back().references)
      if (reference < place.size())
        reference = place[reference];
    std::shuffle(result.back().references.begin(),
                 result.back().references.end(), random);
  }
  return result;
}

/// Gives ITEM and all that refers to it, also by way of others, other hashes.
inline void update_item(std::mt19937 &random, ImageItems &items,
                        std::size_t item) {
  std::vector<bool> changed(items.size());
  changed[item] = true;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < items.size(); ++i)
      for (std::size_t reference : items[i].references)
        if (!changed[i] && reference < items.size() && changed[reference])
          more = changed[i] = true;
  }
  for (std::size_t i = 0; i < items.size(); ++i)
    if (changed[i])
      items[i].path =
          made_up_item(random(), std::string(item_name(items[i].path)));
}

/// The groups of PLAN as paths, in order.
inline std::vector<PathGroup> paths_of(const ImageItems &items,
                                       const Plan &plan) {
  std::vector<PathGroup> result;
  for (const Group &group : plan) {
    result.emplace_back();
    for (std::size_t place : group)
      result.back().push_back(items[place].path);
    std::sort(result.back().begin(), result.back().end());
  }
  return result;
}

/// The same with names alone.
inline std::vector<PathGroup> names_of(const ImageItems &items,
                                       const Plan &plan) {
  std::vector<PathGroup> result = paths_of(items, plan);
  for (PathGroup &group : result) {
    for (std::string &path : group)
      path = std::string(item_name(path));
    std::sort(group.begin(), group.end());
  }
  return result;
}

} // namespace strata

#endif
