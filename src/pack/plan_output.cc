// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plan_output.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "image/found_plan.hh"
#include "plan/plan_difference.hh"

#include <algorithm>
#include <filesystem>

namespace strata {

namespace {

// PATH in one spelling, links followed, for what is there of it.
std::filesystem::path resolved(const std::string &path) {
  std::error_code error;
  auto result = std::filesystem::weakly_canonical(end_of_links(path), error);
  return error ? std::filesystem::path(path) : result;
}

// Whether FILE is the output of REQUEST, or lies in it.
bool is_in_output(const std::string &file, const PackRequest &request) {
  auto output = resolved(request.sink.output);
  auto inner = resolved(file);
  if (request.sink.format != SinkRequest::Format::oci)
    return inner == output;
  return std::mismatch(output.begin(), output.end(), inner.begin(), inner.end())
             .first == output.end();
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

std::unique_ptr<StreamTarget> open_plan_file(const PackRequest &request,
                                             Monitor &monitor) {
  const std::string &file = request.plan_file;
  if (file.empty())
    return nullptr;
  if (is_in_output(file, request))
    throw Error(format(_("'%s' cannot be both the image and its plan"),
                       printable(file).c_str()));
  if (!request.timings_file.empty() &&
      resolved(file) == resolved(request.timings_file))
    throw Error(format(_("'%s' cannot be both the plan and the timings"),
                       printable(file).c_str()));
  return make_stream_target(file, {}, 1, monitor);
}

UpdateFigures compare_with_previous(const SavedPlan &previous,
                                    const PlanProblem &problem,
                                    const Plan &plan) {
  SizedGroups before;
  for (const auto &layer : previous.layers) {
    before.emplace_back();
    for (const SavedItem &item : layer)
      before.back().push_back({item.path, item.size});
  }
  PlanDifference difference =
      compare_plans(before, sized_groups(problem.items, plan));
  auto kept =
      std::count(difference.in_both.begin(), difference.in_both.end(), true);
  return {plan.size(), static_cast<std::size_t>(kept), difference.pulled_bytes,
          difference.least_bytes};
}

} // namespace strata
