// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan_curve.hh"

#include <algorithm>
#include <set>

namespace strata {

namespace {

// Adds the sizes of PLAN's groups that KNOWN has not, and them to it.
void store(const ImageItems &items, const Plan &plan,
           std::set<PathGroup> &known, std::uint64_t &stored) {
  for (const Group &group : plan) {
    PathGroup paths;
    std::uint64_t size = 0;
    for (std::size_t place : group) {
      paths.push_back(items[place].path);
      size = sum_of_sizes(size, items[place].size);
    }
    std::sort(paths.begin(), paths.end());
    if (known.insert(std::move(paths)).second)
      stored = sum_of_sizes(stored, size);
  }
}

} // namespace

CurvePoint curve_point(const PlanProblem &problem, const Strategy &strategy,
                       std::size_t most_groups) {
  PlanProblem limited = problem;
  limited.most_groups = most_groups;
  std::vector<Plan> plans = make_fleet_plans(limited, strategy);

  CurvePoint point;
  point.groups = plans.front().size();
  point.sent = report_plan(limited, plans.front()).sent;
  std::set<PathGroup> known;
  store(limited.items, plans.front(), known, point.stored);
  for (std::size_t i = 0; i < limited.siblings.size(); ++i)
    store(limited.siblings[i], plans[i + 1], known, point.stored);
  return point;
}

std::vector<CurvePoint>
plan_curve(const PlanProblem &problem, const Strategy &strategy,
           const std::vector<std::size_t> &most_groups) {
  std::vector<CurvePoint> points;
  for (std::size_t groups : most_groups)
    points.push_back(curve_point(problem, strategy, groups));
  return points;
}

} // namespace strata
