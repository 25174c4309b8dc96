// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/planning.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "pack/closure.hh"
#include "pack/plan_input.hh"
#include "pack/plan_output.hh"
#include "plan/manual.hh"

namespace strata {

namespace {

constexpr std::size_t largest_rules = 1 << 20; // bytes

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

// Only some strategies look at other images.
void check_strategy(const PackRequest &request) {
  bool asked = !request.previous.empty() || !request.siblings.empty() ||
               !request.sibling_images.empty();
  if (!asked || request.strategy->looks_at_others())
    return;
  std::string names;
  for (std::string_view name : strategies_that_look_at_others())
    names += (names.empty() ? "" : ", ") + std::string(name);
  throw Error(format(_("the strategy '%s' does not look at other images"),
                     std::string(request.strategy->name()).c_str()),
              {}, format(_("those that do: %s"), names.c_str()));
}

void warn_of_rules(const PlanProblem &problem, Monitor &monitor) {
  for (std::string &text : describe_unused_rules(problem))
    monitor.warn(std::move(text));
}

Plan plan_image(const PackRequest &request, const PlanProblem &problem,
                Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::plan);
  warn_of_rules(problem, monitor);
  return make_plan(problem, *request.strategy);
}

} // namespace

std::size_t ready_layer_count(const PackRequest &request) {
  return request.base_layers.size() + request.last_layers.size();
}

bool one_layer(const PackRequest &request) {
  return request.max_layers == ready_layer_count(request) + 1;
}

PlanTask make_plan_task(const PackRequest &request, Monitor &monitor) {
  check_strategy(request);
  PlanTask task;
  task.previous = find_previous(request, monitor);
  // A layer that will hold root entries too is none of those before.
  if (task.previous && !one_layer(request))
    task.problem.previous = groups_of(*task.previous);
  FoundSiblings siblings = find_siblings(request, monitor);
  task.problem.siblings = std::move(siblings.images);
  task.sibling_places = std::move(siblings.places);
  task.problem.check = [&monitor] { monitor.check(); };
  if (!request.rules.empty())
    task.problem.rules = parse_layer_rules(
        read_file(request.rules, largest_rules, monitor), request.rules);
  monitor.begin_stage(_("looking at the store"));
  ClosureItems closure = find_closure(request, monitor);
  task.problem.items = std::move(closure.plan);
  task.problem.most_groups = item_layers(request);
  if (request.sharing)
    task.problem.sharing = *request.sharing;
  task.problem.least_group_size = request.least_group_size;
  task.contents = std::move(closure.contents);
  return task;
}

std::vector<Plan> plan_images(const PackRequest &request,
                              const PlanProblem &problem, Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::plan);
  warn_of_rules(problem, monitor);
  return make_fleet_plans(problem, *request.strategy);
}

SavedPlan plan_to_save(const PackRequest &request, const PlanProblem &problem,
                       const Plan &plan) {
  SavedPlan saved = saved_plan(request.location.directory,
                               request.strategy->name(), problem, plan);
  if (one_layer(request))
    for (std::size_t layer = 0; layer < saved.layers.size(); ++layer)
      saved.mixed.push_back(layer);
  return saved;
}

PlannedLayers plan_layers(const PackRequest &request, Monitor &monitor) {
  PlanTask task = make_plan_task(request, monitor);
  Plan plan = plan_image(request, task.problem, monitor);
  PlannedLayers result;
  for (const Group &group : plan) {
    LayerContents layer;
    for (std::size_t i : group)
      layer.items.push_back(task.contents[i]);
    result.layers.push_back(std::move(layer));
  }
  result.plan = plan_to_save(request, task.problem, plan);
  if (task.previous)
    result.update = compare_with_previous(*task.previous, *result.plan);
  return result;
}

} // namespace strata
