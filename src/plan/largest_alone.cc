// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/largest_alone.hh"

#include "store/store_path.hh"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace strata {

Plan LargestAlone::plan(const PlanProblem &problem) const {
  std::vector<std::size_t> order(problem.items.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const PlanItem &x = problem.items[a], &y = problem.items[b];
    return std::tuple(y.size, item_name(x.path), a) <
           std::tuple(x.size, item_name(y.path), b);
  });

  Plan plan;
  std::size_t alone = std::min(order.size(), problem.most_groups - 1);
  for (std::size_t i = 0; i < alone; ++i)
    plan.push_back({order[i]});
  if (alone < order.size()) {
    Group rest(order.begin() + static_cast<std::ptrdiff_t>(alone), order.end());
    std::sort(rest.begin(), rest.end());
    plan.push_back(std::move(rest));
  }
  return plan;
}

} // namespace strata
