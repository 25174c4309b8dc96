// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: who shares a layer of the image that a request asks for.  Items are
// looked up, their files are not read: of those whose NAR size nobody tells,
// names and sizes are.

#ifndef STRATA_PACK_PLANNING_HH
#define STRATA_PACK_PLANNING_HH

#include "base/monitor.hh"
#include "layer/layer.hh"
#include "pack/request.hh"
#include "plan/saved_plan.hh"

#include <optional>

namespace strata {

/// How many layers of the image are there already.
std::size_t ready_layer_count(const PackRequest &request);

/// Whether items and root entries share a layer.
bool one_layer(const PackRequest &request);

/// What there is to plan.
struct PlanTask {
  PlanProblem problem;
  std::vector<LayerItem> contents; // of each item of the problem
  std::optional<SavedPlan> previous;
  std::vector<std::size_t> sibling_places; // which of those that were named
};

/// What REQUEST, whose base image was read, has to plan.  Throws Error for
/// items that are not there, where there are not layers enough, and for other
/// images that cannot be looked at.
PlanTask make_plan_task(const PackRequest &request, Monitor &monitor);

/// The plans of REQUEST's strategy for the image of PROBLEM and, after it, each
/// sibling.
std::vector<Plan> plan_images(const PackRequest &request,
                              const PlanProblem &problem, Monitor &monitor);

/// PLAN, one for PROBLEM, as it is kept for the next image.
SavedPlan plan_to_save(const PackRequest &request, const PlanProblem &problem,
                       const Plan &plan);

/// A plan, and what is in its layers.
struct PlannedLayers {
  std::vector<LayerContents> layers; // without root entries
  std::optional<SavedPlan> plan;     // none where layers were given
  std::optional<UpdateFigures> update;
};

/// The layers of REQUEST that hold items.
PlannedLayers plan_layers(const PackRequest &request, Monitor &monitor);

} // namespace strata

#endif
