// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/largest_alone.hh"

#include "plan/first_alone.hh"
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
    return std::tuple(y.size, item_name(x.path), std::string_view(x.path)) <
           std::tuple(x.size, item_name(y.path), std::string_view(y.path));
  });

  return first_alone(problem, order);
}

} // namespace strata
