// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/single_layer.hh"

namespace strata {

Plan SingleLayer::plan(const PlanProblem &problem) const {
  Group all;
  for (std::size_t place = 0; place < problem.items.size(); ++place)
    if (!problem.items[place].placed)
      all.push_back(place);
  return all.empty() ? Plan() : Plan{std::move(all)};
}

} // namespace strata
