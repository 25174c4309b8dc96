// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plan_overview.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "pack/ready_layers.hh"

#include <algorithm>

namespace strata {

namespace {

// The groups of another plan.  The sizes of what it alone has do not matter.
SizedGroups as_sized_groups(const std::vector<PathGroup> &groups) {
  SizedGroups result;
  for (const PathGroup &group : groups) {
    result.emplace_back();
    for (const std::string &path : group)
      result.back().push_back({path, 0});
  }
  return result;
}

} // namespace

PlanOverview overview_plan(const PackRequest &asked, Monitor &monitor) {
  PackRequest request = with_base(asked, monitor);
  monitor.begin_stage(_("looking at the store"));
  PlanOverview overview;
  overview.max_layers = *request.max_layers;
  overview.problem = make_plan_task(request, monitor).problem;
  monitor.begin_stage(_("planning layers"));
  overview.plan = plan_groups(request, overview.problem, monitor);
  overview.report = report_plan(overview.problem, overview.plan);
  if (!overview.problem.previous.empty())
    overview.update =
        compare_plans(as_sized_groups(overview.problem.previous),
                      sized_groups(overview.problem, overview.plan));
  return overview;
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

} // namespace strata
