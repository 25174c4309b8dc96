// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/manual.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "store/store_path.hh"

#include <algorithm>

namespace strata {

namespace {

// Items of one image by their layers.
struct NamedGroups {
  std::vector<Group> layers; // as in the rules; some may be empty
  bool any_left = false;     // items for the rest
};

// Also marks as placed what lies in a named layer.
NamedGroups place_items(const LayerRules &rules, ImageItems &items) {
  NamedGroups result;
  result.layers.resize(rules.layers.size());
  for (std::size_t place = 0; place < items.size(); ++place) {
    PlanItem &item = items[place];
    if (item.placed)
      continue;
    if (const LayerRule *rule = find_rule(rules, item_name(item.path))) {
      result.layers[rule->layer].push_back(place);
      item.placed = true;
    } else {
      result.any_left = true;
    }
  }
  return result;
}

class ManualPlanning {
public:
  explicit ManualPlanning(const PlanProblem &problem) : rest_(problem) {
    named_.push_back(place_items(rest_.rules, rest_.items));
    for (ImageItems &sibling : rest_.siblings)
      named_.push_back(place_items(rest_.rules, sibling));
    leave_room();
  }

  Plan plan() const { return joined(0, strategy().plan(rest_)); }

  std::vector<Plan> plan_fleet() const {
    std::vector<Plan> plans = strategy().plan_fleet(rest_);
    for (std::size_t image = 0; image < plans.size(); ++image)
      plans[image] = joined(image, std::move(plans[image]));
    return plans;
  }

private:
  const Strategy &strategy() const {
    return find_strategy(rest_.rules.rest_strategy.empty()
                             ? strategy_names().front()
                             : rest_.rules.rest_strategy);
  }

  // The rest has the groups that named layers leave.  Each image of a fleet
  // leaves room for what any of them has, so that all plan the same rest.
  void leave_room() {
    std::size_t named = 0;
    bool any_left = false;
    for (std::size_t i = 0; i < rest_.rules.layers.size(); ++i)
      named += std::any_of(named_.begin(), named_.end(), [&](auto &groups) {
        return !groups.layers[i].empty();
      });
    for (const NamedGroups &groups : named_)
      any_left = any_left || groups.any_left;
    std::size_t needed = named + (any_left ? 1 : 0);
    if (needed > rest_.most_groups)
      throw Error(
          format(plural("the rules '%s' need %zu layer for items",
                        "the rules '%s' need %zu layers for items", needed),
                 printable(rest_.rules.name).c_str(), needed),
          format(_("there may be %zu only"), rest_.most_groups),
          _("allow more layers, or name fewer"));
    rest_.most_groups = std::max<std::size_t>(rest_.most_groups - named, 1);
  }

  // The groups of IMAGE: those that are named, around those of the REST.
  Plan joined(std::size_t image, Plan rest) const {
    const std::vector<Group> &layers = named_[image].layers;
    std::size_t below = rest_.rules.below_rest.value_or(layers.size());
    Plan plan;
    for (std::size_t i = 0; i <= layers.size(); ++i) {
      if (i == below)
        std::move(rest.begin(), rest.end(), std::back_inserter(plan));
      if (i < layers.size() && !layers[i].empty())
        plan.push_back(layers[i]);
    }
    return plan;
  }

  PlanProblem rest_;
  std::vector<NamedGroups> named_; // of the image, then of each sibling
};

} // namespace

Plan Manual::plan(const PlanProblem &problem) const {
  return ManualPlanning(problem).plan();
}

std::vector<Plan> Manual::plan_fleet(const PlanProblem &problem) const {
  return ManualPlanning(problem).plan_fleet();
}

std::vector<std::string> describe_unused_rules(const PlanProblem &problem) {
  const LayerRules &rules = problem.rules;
  std::vector<bool> used(rules.rules.size()), matches(rules.rules.size());
  for (const PlanItem &item : problem.items) {
    std::string_view name = item_name(item.path);
    bool first = true;
    for (std::size_t i = 0; i < rules.rules.size(); ++i)
      if ((first || !matches[i]) && matches_glob(name, rules.rules[i].glob)) {
        matches[i] = true;
        used[i] = used[i] || first;
        first = false;
      }
  }
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    if (used[i])
      continue;
    const char *text =
        matches[i] ? _("the rules '%s', line %zu: all items that '%s' matches "
                       "lie in layers by earlier rules")
                   : _("the rules '%s', line %zu: '%s' matches no item");
    texts.push_back(format(text, printable(rules.name).c_str(),
                           rules.rules[i].line, rules.rules[i].glob.c_str()));
  }
  return texts;
}

} // namespace strata
