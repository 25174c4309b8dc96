// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: one layer for all: the least to think about where images are small
// or always pulled whole.

#ifndef STRATA_PLAN_SINGLE_LAYER_HH
#define STRATA_PLAN_SINGLE_LAYER_HH

#include "plan/plan.hh"

namespace strata {

/// The strategy "single".
class SingleLayer : public Strategy {
public:
  std::string_view name() const override { return "single"; }
  Plan plan(const PlanProblem &problem) const override;
};

} // namespace strata

#endif
