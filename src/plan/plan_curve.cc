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

std::vector<CurvePoint>
plan_curve(const PlanProblem &problem, const Strategy &strategy,
           const std::vector<std::size_t> &most_groups) {
  PlanProblem limited = problem;
  std::vector<CurvePoint> points;
  std::vector<Plan> own_plans;
  for (std::size_t groups : most_groups) {
    problem.check();
    limited.most_groups = groups;
    std::vector<Plan> plans = make_fleet_plans(limited, strategy);
    CurvePoint &point = points.emplace_back();
    point.groups = plans.front().size();
    std::set<PathGroup> known;
    store(limited.items, plans.front(), known, point.stored);
    for (std::size_t i = 0; i < limited.siblings.size(); ++i)
      store(limited.siblings[i], plans[i + 1], known, point.stored);
    own_plans.push_back(std::move(plans.front()));
  }
  // All in one go: counting takes long where there are very many sources.
  std::vector<AverageBytes> sent = find_sent(problem, own_plans);
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i].sent = sent[i];
  return points;
}

} // namespace strata
