// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plan_output.hh"

#include "base/text.hh"
#include "image/found_plan.hh"
#include "pack/plan_input.hh"
#include "plan/plan_difference.hh"

#include <algorithm>

namespace strata {

namespace {

// A layer that holds something besides has one item more, of no size.
SizedGroups groups_with_marks(const SavedPlan &plan) {
  SizedGroups groups;
  for (const auto &layer : plan.layers) {
    groups.emplace_back();
    for (const SavedItem &item : layer)
      groups.back().push_back({item.path, item.size});
  }
  for (std::size_t layer : plan.mixed)
    groups.at(layer).push_back({"", 0});
  return groups;
}

} // namespace

void add_plan_label(ImageConfig &config, const SavedPlan &plan,
                    Monitor &monitor) {
  std::erase_if(config.labels,
                [](const auto &label) { return label.first == plan_label; });
  std::string text = to_json(plan, false);
  if (text.size() > largest_plan_label)
    monitor.warn(format(_("the plan is larger than %zu MiB and is not put into "
                          "the image; keep it with '--plan-file'"),
                        largest_plan_label >> 20));
  else
    config.labels.emplace_back(plan_label, std::move(text));
}

std::unique_ptr<StreamTarget> open_plan_file(const std::string &file,
                                             Monitor &monitor) {
  if (file.empty())
    return nullptr;
  read_plan_file(file, monitor); // nothing else is replaced
  return make_stream_target(file, {}, 1, monitor);
}

UpdateFigures compare_with_previous(const SavedPlan &previous,
                                    const SavedPlan &plan) {
  PlanDifference difference =
      compare_plans(groups_with_marks(previous), groups_with_marks(plan));
  auto kept =
      std::count(difference.in_both.begin(), difference.in_both.end(), true);
  return {plan.layers.size(), static_cast<std::size_t>(kept),
          difference.pulled_bytes, difference.least_bytes};
}

} // namespace strata
