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
#include "plan/fleet_report.hh"
#include "plan/plan_report.hh"

#include <optional>

namespace strata {

/// An image and its siblings.
struct PlannedFleet {
  FleetReport report;   // of the image, then of the siblings as they came
  bool with_own = true; // the image is no sibling, and comes first
};

struct OverviewPoint {
  std::size_t max_layers = 0; // of the image, all of them
  AverageBytes sent;
  std::uint64_t stored = 0; // for the image and its siblings
};

struct PlanOverview {
  PlanProblem problem;
  Plan plan;
  PlanReport report;
  std::size_t max_layers = 0;          // of the image, all of them
  std::optional<UpdateFigures> update; // where there is a previous image
  std::optional<PlannedFleet> fleet;   // where there are siblings
  std::vector<OverviewPoint> curve;    // if it was asked for
};

/// WITH_CURVE: what images of 1 to 125 layers re-send, too.  The plan goes to
/// the file that REQUEST names for it.  Throws Error for items that are not
/// there, and where there are not layers enough.
PlanOverview overview_plan(const PackRequest &request, bool with_curve,
                           Monitor &monitor);

/// What a change of the item PATH does; an Error if the plan has none such.
ItemReport explain_item(const PlanOverview &overview, const std::string &path);

} // namespace strata

#endif
