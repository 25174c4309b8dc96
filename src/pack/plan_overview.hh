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
  std::vector<std::size_t> siblings; // which of those that were named
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
  std::size_t max_layers = 0;            // of the image, all of them
  std::optional<UpdateFigures> update;   // where there is a previous image
  std::optional<PlannedFleet> fleet;     // where there are siblings
  std::optional<ItemReport> explanation; // if it was asked for
  std::vector<OverviewPoint> curve;      // likewise
  std::string saved; // what goes to the file of the plan; empty: there is none
};

/// What there is to say besides.
struct OverviewParts {
  std::string explained; // path of an item: what its change does; may be empty
  bool curve = false;    // what images of up to 125 layers re-send
};

/// Nothing is written.  Throws Error for items that are not there, where there
/// are not layers enough, and where the plan cannot go to the file that REQUEST
/// names for it.
PlanOverview overview_plan(const PackRequest &request,
                           const OverviewParts &parts, Monitor &monitor);

} // namespace strata

#endif
