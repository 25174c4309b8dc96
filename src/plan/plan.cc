// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "plan/expected_bytes.hh"
#include "plan/largest_alone.hh"
#include "plan/manual.hh"
#include "plan/popularity.hh"
#include "plan/single_layer.hh"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

namespace strata {

namespace {

const ExpectedBytes expected_bytes;
const LargestAlone largest_alone;
const Popularity popularity;
const SingleLayer single_layer;
const Manual manual;
const std::array<const Strategy *, 5> strategies{
    &expected_bytes, &largest_alone, &popularity, &single_layer, &manual};

void check_plan(const ImageItems &items, std::size_t most_groups,
                const Plan &plan) {
  std::vector<bool> seen(items.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (items[i].placed) {
      seen[i] = true;
      ++count;
    }
  bool good = plan.size() <= most_groups;
  for (const Group &group : plan) {
    good = good && !group.empty() && std::is_sorted(group.begin(), group.end());
    for (std::size_t i : group) {
      good = good && i < seen.size() && !seen[i];
      if (!good)
        break;
      seen[i] = true;
      ++count;
    }
  }
  if (!good || count != items.size())
    throw Error(_("the strategy made a plan that is not valid"),
                _("an item is missing, twice there, or there are too many "
                  "layers"));
}

// PLAN, one of ITEMS, for the same items in the order of OTHERS.
Plan moved_plan(const Plan &plan, const ImageItems &items,
                const ImageItems &others) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t place = 0; place < others.size(); ++place)
    places[others[place].path] = place;
  Plan moved = plan;
  for (Group &group : moved) {
    for (std::size_t &place : group)
      place = places.at(items[place].path);
    std::sort(group.begin(), group.end());
  }
  return moved;
}

} // namespace

std::vector<std::string_view> strategy_names() {
  std::vector<std::string_view> names;
  for (const Strategy *strategy : strategies)
    names.push_back(strategy->name());
  return names;
}

std::vector<std::string_view> strategies_that_look_at_others() {
  std::vector<std::string_view> names;
  for (const Strategy *strategy : strategies)
    if (strategy->looks_at_others())
      names.push_back(strategy->name());
  return names;
}

const Strategy &find_strategy(std::string_view name) {
  std::string known;
  for (const Strategy *strategy : strategies) {
    if (strategy->name() == name)
      return *strategy;
    known += (known.empty() ? "" : ", ") + std::string(strategy->name());
  }
  throw Error(format(_("unknown strategy '%s'"), printable(name).c_str()), {},
              format(_("known ones: %s"), known.c_str()));
}

Plan make_plan(const PlanProblem &problem, const Strategy &strategy) {
  Plan plan = strategy.plan(problem);
  check_plan(problem.items, problem.most_groups, plan);
  return plan;
}

bool same_image(const ImageItems &a, const ImageItems &b) {
  auto marked_paths = [](const ImageItems &items) {
    std::set<std::pair<std::string_view, bool>> paths;
    for (const PlanItem &item : items)
      paths.emplace(item.path, item.placed);
    return paths;
  };
  return a.size() == b.size() && marked_paths(a) == marked_paths(b);
}

std::vector<Plan> make_fleet_plans(const PlanProblem &problem,
                                   const Strategy &strategy) {
  std::vector<Plan> plans = strategy.plan_fleet(problem);
  check_plan(problem.items, problem.most_groups, plans.at(0));
  for (std::size_t i = 0; i < problem.siblings.size(); ++i) {
    const ImageItems &sibling = problem.siblings[i];
    if (same_image(sibling, problem.items))
      plans.at(i + 1) = moved_plan(plans.at(0), problem.items, sibling);
    check_plan(sibling, problem.most_groups, plans.at(i + 1));
  }
  return plans;
}

std::vector<Plan> Strategy::plan_fleet(const PlanProblem &problem) const {
  std::vector<Plan> plans{plan(problem)};
  PlanProblem other = problem;
  other.previous.clear();
  for (ImageItems &sibling : other.siblings) {
    // It takes the place of the image, which is a sibling then.
    std::swap(other.items, sibling);
    plans.push_back(plan(other));
    std::swap(other.items, sibling);
  }
  return plans;
}

std::size_t groups_for_layers(std::size_t max_layers,
                              std::size_t other_layers) {
  return max_layers > other_layers ? max_layers - other_layers : 1;
}

} // namespace strata
