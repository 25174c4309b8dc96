// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: Guix's rule: the largest items have a layer of their own, the rest
// share one.

#ifndef STRATA_PLAN_LARGEST_ALONE_HH
#define STRATA_PLAN_LARGEST_ALONE_HH

#include "plan/plan.hh"

namespace strata {

/// The strategy "size".  Of items of the same size the one with the lesser
/// name goes first.  Order of layers: largest first, the shared one last.
class LargestAlone : public Strategy {
public:
  std::string_view name() const override { return "size"; }
  Plan plan(const PlanProblem &problem) const override;
};

} // namespace strata

#endif
