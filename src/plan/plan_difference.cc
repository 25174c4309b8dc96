// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/plan_difference.hh"

#include "store/store_path.hh"

#include <algorithm>
#include <map>
#include <set>

namespace strata {

namespace {

using PathSet = std::set<std::string_view>;

PathSet paths_of(const std::vector<SizedItem> &group) {
  PathSet paths;
  for (const SizedItem &item : group)
    paths.insert(item.path);
  return paths;
}

PathSet all_paths(const SizedGroups &groups) {
  PathSet paths;
  for (const auto &group : groups)
    paths.merge(paths_of(group));
  return paths;
}

// The paths that only one has, under their names without versions.
using Unmatched = std::map<std::string_view, std::vector<std::string_view>>;

Unmatched paths_only_in(const PathSet &paths, const PathSet &others) {
  Unmatched result;
  for (std::string_view path : paths)
    if (!others.contains(path))
      result[split_item_name(item_name(path)).name].push_back(path);
  for (auto &[name, same] : result)
    std::sort(same.begin(), same.end(),
              [](std::string_view a, std::string_view b) {
                return std::pair(item_name(a), a) < std::pair(item_name(b), b);
              });
  return result;
}

std::vector<ItemChange> match(Unmatched before, Unmatched after) {
  std::set<std::string_view> names;
  for (const auto &side : {before, after})
    for (const auto &[name, paths] : side)
      names.insert(name);
  std::vector<ItemChange> changes;
  for (std::string_view name : names) {
    auto &olds = before[name], &news = after[name];
    for (std::size_t i = 0; i < std::max(olds.size(), news.size()); ++i)
      changes.push_back({std::string(i < olds.size() ? olds[i] : ""),
                         std::string(i < news.size() ? news[i] : "")});
  }
  return changes;
}

} // namespace

SizedGroups sized_groups(const ImageItems &items, const Plan &plan) {
  SizedGroups result;
  for (const Group &group : plan) {
    result.emplace_back();
    for (std::size_t place : group)
      result.back().push_back({items[place].path, items[place].size});
  }
  return result;
}

PlanDifference compare_plans(const SizedGroups &before,
                             const SizedGroups &after) {
  std::set<PathSet> known_groups;
  for (const auto &group : before)
    known_groups.insert(paths_of(group));
  PathSet known = all_paths(before), wanted = all_paths(after);
  PathSet counted = known;

  PlanDifference result;
  for (const auto &group : after) {
    bool common = known_groups.contains(paths_of(group));
    result.in_both.push_back(common);
    std::uint64_t &bytes = common ? result.common_bytes : result.pulled_bytes;
    for (const SizedItem &item : group) {
      bytes = sum_of_sizes(bytes, item.size);
      if (counted.insert(item.path).second)
        result.least_bytes = sum_of_sizes(result.least_bytes, item.size);
    }
  }
  result.changes =
      match(paths_only_in(known, wanted), paths_only_in(wanted, known));
  return result;
}

} // namespace strata
