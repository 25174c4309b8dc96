// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/first_alone.hh"

#include <algorithm>

namespace strata {

Plan first_alone(const PlanProblem &problem,
                 const std::vector<std::size_t> &order) {
  Plan plan;
  Group rest;
  std::size_t small = static_cast<std::size_t>(std::count_if(
      problem.items.begin(), problem.items.end(), [&](const PlanItem &item) {
        return item.size < problem.least_group_size;
      }));
  // The last group is needed unless there is one for each item.
  std::size_t alone = order.size() <= problem.most_groups && small <= 1
                          ? order.size()
                          : problem.most_groups - 1;
  for (std::size_t place : order) {
    if (plan.size() < alone &&
        (small <= 1 || problem.items[place].size >= problem.least_group_size))
      plan.push_back({place});
    else
      rest.push_back(place);
  }
  std::sort(rest.begin(), rest.end());
  if (!rest.empty())
    plan.push_back(std::move(rest));
  return plan;
}

} // namespace strata
