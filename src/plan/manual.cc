// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/manual.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <set>

namespace strata {

namespace {

// Of rules that are not used.
constexpr std::size_t most_described = 20;

// Items of one image by their layers.
struct NamedGroups {
  std::vector<Group> layers; // as in the rules; some may be empty
  bool any_left = false;     // items for the rest
};

// Also marks as placed what lies in a named layer.
NamedGroups place_items(const RuleMatcher &matcher, ImageItems &items) {
  NamedGroups result;
  result.layers.resize(matcher.rules().layers.size());
  for (std::size_t place = 0; place < items.size(); ++place) {
    PlanItem &item = items[place];
    if (item.placed)
      continue;
    if (const LayerRule *rule = matcher.find(item_name(item.path))) {
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
    RuleMatcher matcher(problem.rules);
    named_.push_back(place_items(matcher, rest_.items));
    for (ImageItems &sibling : rest_.siblings)
      named_.push_back(place_items(matcher, sibling));
  }

  std::size_t least_groups() const {
    bool any_left =
        std::any_of(named_.begin(), named_.end(),
                    [](const NamedGroups &groups) { return groups.any_left; });
    return named_layers() + (any_left ? 1 : 0);
  }

  Plan plan() {
    leave_room();
    return joined(0, strategy().plan(rest_));
  }

  std::vector<Plan> plan_fleet() {
    leave_room();
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
    std::size_t needed = least_groups();
    if (needed > rest_.most_groups)
      throw Error(
          format(plural("the rules '%s' need %zu layer for items",
                        "the rules '%s' need %zu layers for items", needed),
                 printable(rest_.rules.name).c_str(), needed),
          format(_("there may be %zu only"), rest_.most_groups),
          _("allow more layers, or name fewer"));
    rest_.most_groups =
        std::max<std::size_t>(rest_.most_groups - named_layers(), 1);
  }

  // How many named layers any of the images has.
  std::size_t named_layers() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < rest_.rules.layers.size(); ++i)
      count += std::any_of(named_.begin(), named_.end(), [&](auto &groups) {
        return !groups.layers[i].empty();
      });
    return count;
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

std::size_t Manual::least_groups(const PlanProblem &problem) const {
  return std::max<std::size_t>(ManualPlanning(problem).least_groups(), 1);
}

std::vector<std::string> describe_unused_rules(const PlanProblem &problem) {
  const LayerRules &rules = problem.rules;
  RuleMatcher matcher(rules);
  std::set<const LayerRule *> used;
  for (const PlanItem &item : problem.items)
    used.insert(matcher.find(item_name(item.path)));
  std::vector<std::string> texts;
  std::size_t more = 0;
  for (const LayerRule &rule : rules.rules) {
    if (used.contains(&rule))
      continue;
    if (texts.size() == most_described) {
      ++more;
      continue;
    }
    bool matches = std::any_of(
        problem.items.begin(), problem.items.end(), [&](const PlanItem &item) {
          return matches_glob(item_name(item.path), rule.glob);
        });
    const char *text =
        matches ? _("the rules '%s', line %zu: all items that '%s' matches "
                    "lie in layers by earlier rules")
                : _("the rules '%s', line %zu: '%s' matches no item");
    texts.push_back(format(text, printable(rules.name).c_str(), rule.line,
                           rule.glob.c_str()));
  }
  if (more > 0)
    texts.push_back(
        format(plural("the rules '%s': %zu more is not used",
                      "the rules '%s': %zu more are not used", more),
               printable(rules.name).c_str(), more));
  return texts;
}

} // namespace strata
