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
  std::size_t count = 0, small = 0;
  std::uint64_t least = problem.least_group_size.value_or(0);
  for (const PlanItem &item : problem.items)
    if (!item.placed) {
      ++count;
      small += item.size < least;
    }
  // The last group is needed unless there is one for each item.
  std::size_t alone = count <= problem.most_groups && small <= 1
                          ? count
                          : problem.most_groups - 1;
  for (std::size_t place : order) {
    const PlanItem &item = problem.items[place];
    if (item.placed)
      continue;
    if (plan.size() < alone && (small <= 1 || item.size >= least))
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
