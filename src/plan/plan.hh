// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: which items share a layer.  Pure: no I/O, no clock, no globals; the
// same problem gives the same plan.

#ifndef STRATA_PLAN_PLAN_HH
#define STRATA_PLAN_PLAN_HH

#include "plan/manual_rules.hh"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// One item as a strategy sees it.
struct PlanItem {
  std::string path;       // its identity; its name decides ties
  std::uint64_t size = 0; // NAR size, bytes
  /// Places in the list that the item is in.  Those of the item itself and
  /// places beyond the list do not count.
  std::vector<std::size_t> references = {};
  /// What the item was built from, so that items of one source change together;
  /// empty: its name without the version.
  std::string source = {};
  /// Whether another layer has it already: then it is in no group, and only
  /// tells what changes the items that lead to it.
  bool placed = false;
};

/// The items of one image, their references included; each path once.
using ImageItems = std::vector<PlanItem>;

/// A group of another plan: paths of its items.
using PathGroup = std::vector<std::string>;

/// Called now and then during long work; may throw to end it.
using Check = std::function<void()>;

constexpr unsigned most_sharing = 1000; // percent

struct PlanProblem {
  ImageItems items;            // in any order
  std::size_t most_groups = 1; // at least 1

  /// Bytes; smaller groups join others.  Unset: what the strategy takes.
  std::optional<std::uint64_t> least_group_size = {};

  /// The groups of the image that this one replaces, the lowest first; those
  /// that are still whole are kept.  They may be anything.
  std::vector<PathGroup> previous = {};

  /// What sharing layers with other images is worth against re-sending less
  /// for updates, in percent of the default; at most most_sharing.
  unsigned sharing = 100;

  /// Images that will lie in the same registry, made with the same
  /// most_groups.  This image may be among them.  Items are the same where
  /// their names are, so that a sibling of another day serves as well.
  std::vector<ImageItems> siblings = {};

  /// For the strategy "manual".
  LayerRules rules = {};

  /// Does not change the plan.
  Check check = [] {};
};

/// Places in PlanProblem::items that share a layer, ascending.
using Group = std::vector<std::size_t>;

/// Groups in the order of layers, the lowest first.  Every item that is not
/// placed is in exactly one group, no group is empty, and there are at most
/// most_groups of them.
using Plan = std::vector<Group>;

/// A way to make plans.  Stateless; may be used by several threads.
class Strategy {
public:
  virtual ~Strategy() = default;
  virtual std::string_view name() const = 0;

  /// Whether it looks at PlanProblem::previous and siblings.
  virtual bool looks_at_others() const { return false; }
  virtual Plan plan(const PlanProblem &problem) const = 0;

  /// The least PlanProblem::most_groups that there is a plan for.
  virtual std::size_t least_groups(const PlanProblem &) const { return 1; }

  /// The plan of the image, then that of each sibling, as its own plan would
  /// be with the others for siblings and no previous plan.
  virtual std::vector<Plan> plan_fleet(const PlanProblem &problem) const;
};

/// A + B, or the largest number if that is less: sizes may be anything.
constexpr std::uint64_t sum_of_sizes(std::uint64_t a, std::uint64_t b) {
  return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

/// The names that find_strategy knows, the default first.
std::vector<std::string_view> strategy_names();

/// Those of them that look at other images.
std::vector<std::string_view> strategies_that_look_at_others();

/// The strategy NAME; an unknown one is an Error that lists those there are.
const Strategy &find_strategy(std::string_view name);

/// The plan of STRATEGY for PROBLEM, checked against what Plan promises.
Plan make_plan(const PlanProblem &problem, const Strategy &strategy);

/// Whether A and B are the same image: the same paths, in any order, and the
/// same of them placed.
bool same_image(const ImageItems &a, const ImageItems &b);

/// The plans of the image and of its siblings, checked likewise.  A sibling
/// that is the image itself has the image's plan.
std::vector<Plan> make_fleet_plans(const PlanProblem &problem,
                                   const Strategy &strategy);

/// How many groups an image of MAX_LAYERS layers has room for, when
/// OTHER_LAYERS of them (base layers and the root layer) hold no items.  With
/// one layer for all, items and root share it: then 1.
std::size_t groups_for_layers(std::size_t max_layers, std::size_t other_layers);

} // namespace strata

#endif
