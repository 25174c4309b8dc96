// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plan_overview.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "pack/output_files.hh"
#include "pack/plan_input.hh"
#include "pack/plan_output.hh"
#include "pack/ready_layers.hh"
#include "plan/plan_curve.hh"

#include <algorithm>

namespace strata {

namespace {

constexpr std::size_t most_curve_layers = 125; // that all engines run

// The image of TASK and its siblings, which have PLANS.
PlannedFleet describe_fleet(const PlanTask &task,
                            const std::vector<Plan> &plans) {
  const PlanProblem &problem = task.problem;
  PlannedFleet fleet;
  fleet.siblings = task.sibling_places;
  fleet.with_own =
      std::none_of(problem.siblings.begin(), problem.siblings.end(),
                   [&](const ImageItems &items) {
                     return same_image(items, problem.items);
                   });
  std::vector<SizedGroups> images;
  if (fleet.with_own)
    images.push_back(sized_groups(problem.items, plans.front()));
  for (std::size_t i = 0; i < problem.siblings.size(); ++i)
    images.push_back(sized_groups(problem.siblings[i], plans[i + 1]));
  fleet.report = report_fleet(images);
  return fleet;
}

// What the image of PROBLEM re-sends with other numbers of layers, of which
// OTHER_LAYERS hold no items.
std::vector<OverviewPoint> make_curve(const PlanProblem &problem,
                                      std::size_t other_layers,
                                      const Strategy &strategy,
                                      Monitor &monitor) {
  std::vector<OverviewPoint> points;
  // With one layer for all, items and root share it.
  std::size_t least = strategy.least_groups(problem);
  std::size_t first = other_layers + (least == 1 ? 0 : least);
  if (first > most_curve_layers)
    monitor.warn(format(_("there is no curve: at least %zu layers are needed, "
                          "and engines run %zu"),
                        first, most_curve_layers));
  std::vector<std::size_t> groups;
  for (std::size_t layers = first; layers <= most_curve_layers; ++layers)
    groups.push_back(groups_for_layers(layers, other_layers));
  std::size_t layers = first;
  for (const CurvePoint &point : plan_curve(problem, strategy, groups))
    points.push_back({layers++, point.sent, point.stored});
  return points;
}

ItemReport explain_item(const PlanOverview &overview, const std::string &path) {
  const ImageItems &items = overview.problem.items;
  auto found =
      std::find_if(items.begin(), items.end(),
                   [&](const PlanItem &item) { return item.path == path; });
  if (found == items.end())
    throw Error(
        format(_("'%s' is not an item of the image"), printable(path).c_str()));
  return report_item(overview.problem, overview.plan,
                     static_cast<std::size_t>(found - items.begin()));
}

} // namespace

PlanOverview overview_plan(const PackRequest &asked, const OverviewParts &parts,
                           Monitor &monitor) {
  PackRequest request = with_base(asked, monitor);
  read_plan_file(request.plan_file, monitor); // nothing else is replaced
  check_writable({request.plan_file, _("plan")}, monitor);
  PlanTask task = make_plan_task(request, monitor);
  monitor.begin_stage(_("planning layers"));
  std::vector<Plan> plans = plan_images(request, task.problem, monitor);
  PlanOverview overview;
  overview.max_layers = *request.max_layers;
  overview.plan = plans.front();
  if (!task.problem.siblings.empty())
    overview.fleet = describe_fleet(task, plans);
  overview.problem = std::move(task.problem);
  const PlanProblem &problem = overview.problem;
  overview.report = report_plan(problem, overview.plan);
  if (!parts.explained.empty())
    overview.explanation = explain_item(overview, parts.explained);
  SavedPlan saved = plan_to_save(request, problem, overview.plan);
  if (task.previous)
    overview.update = compare_with_previous(*task.previous, saved);
  if (parts.curve)
    overview.curve = make_curve(problem, ready_layer_count(request) + 1,
                                *request.strategy, monitor);
  if (!request.plan_file.empty())
    overview.saved = to_json(saved, true);
  return overview;
}

} // namespace strata
