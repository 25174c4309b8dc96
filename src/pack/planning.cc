// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/planning.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "pack/closure.hh"

namespace strata {

namespace {

// How many layers of the image hold items, and nothing else if there are
// several.
std::size_t item_layers(const PackRequest &request) {
  std::size_t ready = ready_layer_count(request);
  if (*request.max_layers <= ready && ready > 0)
    throw Error(format(plural("%zu layer is not enough",
                              "%zu layers are not enough", *request.max_layers),
                       *request.max_layers),
                format(_("the layers that are there already are %zu"), ready),
                _("give a larger '--max-layers'"));
  return groups_for_layers(*request.max_layers, ready + 1);
}

} // namespace

std::size_t ready_layer_count(const PackRequest &request) {
  return request.base_layers.size() + request.last_layers.size();
}

bool one_layer(const PackRequest &request) {
  return request.max_layers == ready_layer_count(request) + 1;
}

PlanTask make_plan_task(const PackRequest &request, Monitor &monitor) {
  ClosureItems closure = find_closure(request, monitor);
  PlanTask task;
  task.problem.items = std::move(closure.plan);
  task.problem.most_groups = item_layers(request);
  task.contents = std::move(closure.contents);
  return task;
}

Plan plan_groups(const PackRequest &request, const PlanProblem &problem,
                 Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::plan);
  return make_plan(problem, *request.strategy);
}

std::vector<LayerContents> planned_layers(const PackRequest &request,
                                          Monitor &monitor) {
  PlanTask task = make_plan_task(request, monitor);
  std::vector<LayerContents> layers;
  for (const Group &group : plan_groups(request, task.problem, monitor)) {
    LayerContents layer;
    for (std::size_t i : group)
      layer.items.push_back(task.contents[i]);
    layers.push_back(std::move(layer));
  }
  return layers;
}

} // namespace strata
