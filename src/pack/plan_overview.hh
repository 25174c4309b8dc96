// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the plan of the image that a request asks for, the same that
// pack_image makes, with what there is to say about it.  Items are looked up,
// not read.
// Units: bytes of items, uncompressed.

#ifndef STRATA_PACK_PLAN_OVERVIEW_HH
#define STRATA_PACK_PLAN_OVERVIEW_HH

#include "pack/planning.hh"
#include "plan/plan_difference.hh"
#include "plan/plan_report.hh"

#include <optional>

namespace strata {

struct PlanOverview {
  PlanProblem problem;
  Plan plan;
  PlanReport report;
  std::size_t max_layers = 0; // of the image, all of them
  std::optional<PlanDifference> update; // from the previous plan, if any
};

/// Throws Error for items that are not there, and where there are not layers
/// enough.
PlanOverview overview_plan(const PackRequest &request, Monitor &monitor);

/// What a change of the item PATH does; an Error if the plan has none such.
ItemReport explain_item(const PlanOverview &overview, const std::string &path);

} // namespace strata

#endif
