// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what Guix's and Nix's rules have in common: some order of items, the
// first ones alone.
// Threads: a pure function.

#ifndef STRATA_PLAN_FIRST_ALONE_HH
#define STRATA_PLAN_FIRST_ALONE_HH

#include "plan/plan.hh"

namespace strata {

/// The plan in which the first items of ORDER, which has all places of PROBLEM,
/// have a group of their own if they are not below the least size, and the rest
/// share the last group, with one more of them if they are too small together.
Plan first_alone(const PlanProblem &problem,
                 const std::vector<std::size_t> &order);

} // namespace strata

#endif
