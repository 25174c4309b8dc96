// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/saved_plan.hh"

#include "base/json.hh"

#include <algorithm>
#include <cstdint>

namespace strata {

namespace {

std::string_view base_of(const SavedPlan &plan, const SavedItem &item) {
  return std::string_view(item.path).substr(plan.store.size() + 1);
}

// Names of items need no escapes.
std::string item_text(const SavedPlan &plan, const SavedItem &item) {
  std::string text = "[\"" + std::string(base_of(plan, item)) + "\"," +
                     std::to_string(item.size) + ",[";
  for (std::size_t i = 0; i < item.references.size(); ++i)
    text += (i > 0 ? "," : "") + std::to_string(item.references[i]);
  return text + "]]";
}

} // namespace

SavedPlan saved_plan(const std::string &store, std::string_view strategy,
                     const PlanProblem &problem, const Plan &plan) {
  // Of items that are in no group, none.
  std::vector<std::size_t> numbers(problem.items.size(), SIZE_MAX);
  std::size_t next = 0;
  SavedPlan result{store, std::string(strategy), {}};
  std::vector<Group> groups = plan;
  for (Group &group : groups) {
    std::sort(group.begin(), group.end(), [&](std::size_t a, std::size_t b) {
      return problem.items[a].path < problem.items[b].path;
    });
    for (std::size_t place : group)
      numbers[place] = next++;
  }
  for (const Group &group : groups) {
    result.layers.emplace_back();
    for (std::size_t place : group) {
      const PlanItem &item = problem.items[place];
      SavedItem saved{item.path, item.size, {}};
      for (std::size_t reference : item.references)
        if (reference < numbers.size() && reference != place &&
            numbers[reference] != SIZE_MAX)
          saved.references.push_back(numbers[reference]);
      auto &references = saved.references;
      std::sort(references.begin(), references.end());
      references.erase(std::unique(references.begin(), references.end()),
                       references.end());
      result.layers.back().push_back(std::move(saved));
    }
  }
  return result;
}

std::string to_json(const SavedPlan &plan, bool pretty) {
  auto end = [&](const char *indentation) {
    return pretty ? "\n" + std::string(indentation) : "";
  };
  std::string text = "{\"version\":1," + end(" ") +
                     "\"store\":" + Json(plan.store).dump() + "," + end(" ") +
                     "\"strategy\":" + Json(plan.strategy).dump() + "," +
                     end(" ") + "\"layers\":[";
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    text += (i > 0 ? "," : "") + end("  ") + "[";
    const auto &layer = plan.layers[i];
    for (std::size_t j = 0; j < layer.size(); ++j)
      text += (j > 0 ? "," + end("   ") : "") + item_text(plan, layer[j]);
    text += "]";
  }
  text += "]";
  for (std::size_t i = 0; i < plan.mixed.size(); ++i)
    text += (i > 0 ? "," : "," + end(" ") + "\"mixed\":[") +
            std::to_string(plan.mixed[i]);
  return text + (plan.mixed.empty() ? "}" : "]}") + end("");
}

ImageItems items_of(const SavedPlan &plan) {
  ImageItems items;
  for (const auto &layer : plan.layers)
    for (const SavedItem &item : layer)
      items.push_back({item.path, item.size, item.references});
  return items;
}

std::vector<PathGroup> groups_of(const SavedPlan &plan) {
  std::vector<PathGroup> groups;
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    if (std::binary_search(plan.mixed.begin(), plan.mixed.end(), i))
      continue;
    groups.emplace_back();
    for (const SavedItem &item : plan.layers[i])
      groups.back().push_back(item.path);
  }
  return groups;
}

} // namespace strata
