// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan_report.hh"

#include "plan/kept_groups.hh"
#include "plan/sibling_items.hh"
#include "plan/source_counts.hh"
#include "store/store_path.hh"

#include <algorithm>

namespace strata {

namespace {

std::uint64_t size_of(const PlanProblem &problem, const Group &group) {
  std::uint64_t size = 0;
  for (std::size_t place : group)
    size = sum_of_sizes(size, problem.items[place].size);
  return size;
}

void add(AverageBytes &to, const AverageBytes &from) {
  to.rebuilt = sum_of_sizes(to.rebuilt, from.rebuilt);
  to.grafted = sum_of_sizes(to.grafted, from.grafted);
}

// SIZE times the part of SOURCES that COUNTS says.
AverageBytes average(std::uint64_t size, const SourceCounts &counts,
                     std::uint64_t sources) {
  auto part = [&](std::uint64_t count) {
    return size / sources * count + size % sources * count / sources;
  };
  return {part(counts.rebuilt), part(counts.grafted)};
}

// The rank of each place.
std::vector<Rank> ranks_of_places(const SortedItems &items) {
  std::vector<Rank> ranks(items.count());
  for (Rank rank = 0; rank < items.count(); ++rank)
    ranks[items.place(rank)] = rank;
  return ranks;
}

class Reporting {
public:
  explicit Reporting(const PlanProblem &problem)
      : problem_(problem), matcher_(problem.rules), items_(problem.items),
        siblings_(find_sibling_items(items_, problem.siblings)),
        ranks_(ranks_of_places(items_)), holders_(items_.count()) {
    const std::vector<Rank> &own_ranks = siblings_.images.front().ranks;
    for (std::size_t i = 0; i < own_ranks.size(); ++i)
      if (own_ranks[i] < items_.count())
        holders_[own_ranks[i]] = i;
    RankGroups kept = find_kept_groups(items_, problem.previous);
    kept_ = as_plan(items_, kept);
    std::sort(kept_.begin(), kept_.end());
  }

  PlanReport run(const Plan &plan) const {
    RankGroups groups; // those of PLAN, then each item alone
    for (const Group &group : plan)
      groups.push_back(ranks_of(group));
    for (Rank rank = 0; rank < items_.count(); ++rank)
      groups.push_back({rank});
    std::vector<SourceCounts> counts =
        count_sources(items_, groups, problem_.check);
    std::span alone = std::span(counts).subspan(plan.size());

    PlanReport report;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      GroupReport added;
      added.size = size_of(problem_, plan[i]);
      added.sent = average(added.size, counts[i], items_.source_count());
      added.reason = reason(plan[i], counts[i], alone);
      report.size = sum_of_sizes(report.size, added.size);
      add(report.sent, added.sent);
      for (Rank rank : groups[i])
        add(report.least, average(items_.item(rank).size, alone[rank],
                                  items_.source_count()));
      report.groups.push_back(added);
    }
    return report;
  }

private:
  std::vector<Rank> ranks_of(const Group &group) const {
    std::vector<Rank> ranks;
    for (std::size_t place : group)
      ranks.push_back(ranks_[place]);
    return ranks;
  }

  // COUNTS: of all of GROUP; ALONE: of each item.
  GroupReason reason(const Group &group, const SourceCounts &counts,
                     std::span<const SourceCounts> alone) const {
    // Rules put all or nothing of a group together.
    if (matcher_.find(item_name(problem_.items[group.front()].path)))
      return GroupReason::named;
    if (std::binary_search(kept_.begin(), kept_.end(), group))
      return GroupReason::kept;
    if (group.size() == 1)
      return GroupReason::alone;
    auto each = [&](auto holds) {
      return std::all_of(group.begin(), group.end(), holds);
    };
    // What changes one changes the group: as many sources are the same ones.
    if (each([&](std::size_t place) { return alone[ranks_[place]] == counts; }))
      return GroupReason::change_together;
    auto images = [&](std::size_t place) {
      return siblings_.holders[holders_[ranks_[place]]];
    };
    if (count_bits(images(group.front())) > 1 && each([&](std::size_t place) {
          return same_bits(images(place), images(group.front()));
        }))
      return GroupReason::shared;
    return GroupReason::few_layers;
  }

  const PlanProblem &problem_;
  RuleMatcher matcher_;
  SortedItems items_;
  SiblingItems siblings_;
  std::vector<Rank> ranks_;          // of each place
  std::vector<std::size_t> holders_; // of each rank: place in siblings_.items
  Plan kept_;                        // sorted
};

// The items of PROBLEM that refer to an item.
std::vector<std::vector<std::size_t>>
find_referrers(const PlanProblem &problem) {
  std::vector<std::vector<std::size_t>> referrers(problem.items.size());
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    for (std::size_t reference : problem.items[i].references)
      if (reference < referrers.size())
        referrers[reference].push_back(i);
  return referrers;
}

// What happens if the items at PLACES change.
ChangeReport report_change(const PlanProblem &problem, const Plan &plan,
                           const std::vector<std::size_t> &places,
                           bool everything) {
  auto referrers = find_referrers(problem);
  std::vector<bool> changed(problem.items.size());
  std::vector<std::size_t> queue = places;
  for (std::size_t place : places)
    changed[place] = true;
  for (std::size_t i = 0; i < (everything ? queue.size() : places.size()); ++i)
    for (std::size_t referrer : referrers[queue[i]])
      if (!changed[referrer]) {
        changed[referrer] = true;
        queue.push_back(referrer);
      }

  ChangeReport report;
  report.items = queue;
  std::sort(report.items.begin(), report.items.end());
  for (std::size_t place : report.items)
    report.item_bytes =
        sum_of_sizes(report.item_bytes, problem.items[place].size);
  for (std::size_t group = 0; group < plan.size(); ++group) {
    if (std::none_of(plan[group].begin(), plan[group].end(),
                     [&](std::size_t place) { return changed[place]; }))
      continue;
    report.groups.push_back(group);
    for (std::size_t place : plan[group])
      report.group_bytes =
          sum_of_sizes(report.group_bytes, problem.items[place].size);
  }
  return report;
}

} // namespace

PlanReport report_plan(const PlanProblem &problem, const Plan &plan) {
  return Reporting(problem).run(plan);
}

std::vector<AverageBytes> find_sent(const PlanProblem &problem,
                                    const std::vector<Plan> &plans) {
  SortedItems items(problem.items);
  std::vector<Rank> ranks = ranks_of_places(items);
  RankGroups groups; // of all plans
  for (const Plan &plan : plans)
    for (const Group &group : plan) {
      groups.emplace_back();
      for (std::size_t place : group)
        groups.back().push_back(ranks[place]);
    }
  std::vector<SourceCounts> counts =
      count_sources(items, groups, problem.check);

  std::vector<AverageBytes> result;
  auto count = counts.begin();
  for (const Plan &plan : plans) {
    result.emplace_back();
    for (const Group &group : plan)
      add(result.back(),
          average(size_of(problem, group), *count++, items.source_count()));
  }
  return result;
}

ItemReport report_item(const PlanProblem &problem, const Plan &plan,
                       std::size_t place) {
  std::vector<std::size_t> places;
  std::string_view source = source_of(problem.items[place]);
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    if (source_of(problem.items[i]) == source)
      places.push_back(i);
  ItemReport report;
  for (std::size_t group = 0; group < plan.size(); ++group)
    if (std::binary_search(plan[group].begin(), plan[group].end(), place))
      report.group = group;
  report.rebuilt = report_change(problem, plan, places, true);
  report.grafted = report_change(problem, plan, places, false);
  return report;
}

} // namespace strata
