// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what more layers save, so that a user can choose their number.
// Units: bytes of items, uncompressed.
// Threads: pure functions.

#ifndef STRATA_PLAN_PLAN_CURVE_HH
#define STRATA_PLAN_PLAN_CURVE_HH

#include "plan/plan_report.hh"

namespace strata {

struct CurvePoint {
  std::size_t groups = 0;   // that the plan has
  AverageBytes sent;        // per update, as in PlanReport
  std::uint64_t stored = 0; // for the image and its siblings: equal groups once
};

/// The points of the curve where PROBLEM's most_groups is each of MOST_GROUPS,
/// for it and its siblings, each planned by STRATEGY with the others as
/// siblings.
std::vector<CurvePoint> plan_curve(const PlanProblem &problem,
                                   const Strategy &strategy,
                                   const std::vector<std::size_t> &most_groups);

} // namespace strata

#endif
