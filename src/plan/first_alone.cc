// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/first_alone.hh"

#include <algorithm>

namespace strata {

Plan first_alone(const PlanProblem &problem,
                 const std::vector<std::size_t> &order) {
  std::uint64_t least = problem.least_group_size.value_or(0);
  std::size_t count = 0;
  bool any_small = false;
  for (const PlanItem &item : problem.items)
    if (!item.placed) {
      ++count;
      any_small = any_small || item.size < least;
    }
  // The last group is needed unless each item has one of its own.
  std::size_t alone = any_small || count > problem.most_groups
                          ? problem.most_groups - 1
                          : count;
  Plan plan;
  Group rest;
  std::uint64_t size = 0; // of the rest
  for (std::size_t place : order) {
    const PlanItem &item = problem.items[place];
    if (item.placed)
      continue;
    if (plan.size() < alone && item.size >= least) {
      plan.push_back({place});
    } else {
      rest.push_back(place);
      size = sum_of_sizes(size, item.size);
    }
  }
  if (size < least && !plan.empty()) {
    rest.push_back(plan.back().front());
    plan.pop_back();
  }
  std::sort(rest.begin(), rest.end());
  if (!rest.empty())
    plan.push_back(std::move(rest));
  return plan;
}

} // namespace strata
