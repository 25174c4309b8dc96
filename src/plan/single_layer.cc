// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/single_layer.hh"

#include <numeric>

namespace strata {

Plan SingleLayer::plan(const PlanProblem &problem) const {
  if (problem.items.empty())
    return {};
  Group all(problem.items.size());
  std::iota(all.begin(), all.end(), 0);
  return {all};
}

} // namespace strata
