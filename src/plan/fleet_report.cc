// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/fleet_report.hh"

#include <algorithm>
#include <map>

namespace strata {

namespace {

using Paths = std::vector<std::string_view>;

Paths paths_of(const std::vector<SizedItem> &group) {
  Paths paths;
  for (const SizedItem &item : group)
    paths.push_back(item.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::uint64_t size_of(const std::vector<SizedItem> &group) {
  std::uint64_t size = 0;
  for (const SizedItem &item : group)
    size = sum_of_sizes(size, item.size);
  return size;
}

// A group that one image has at least.
struct Known {
  std::uint64_t size = 0;
  std::size_t images = 0;
  std::size_t last_image = SIZE_MAX; // an image may have it twice
};

} // namespace

FleetReport report_fleet(const std::vector<SizedGroups> &images) {
  FleetReport report;
  std::map<Paths, Known> groups;
  std::map<std::string_view, std::uint64_t> items;
  for (std::size_t i = 0; i < images.size(); ++i)
    for (const auto &group : images[i]) {
      Known &known = groups[paths_of(group)];
      known.size = size_of(group);
      if (known.last_image != i)
        ++known.images;
      known.last_image = i;
      for (const SizedItem &item : group)
        items[item.path] = std::max(items[item.path], item.size);
    }

  for (const SizedGroups &image : images) {
    FleetImageReport added;
    for (const auto &group : image) {
      const Known &known = groups[paths_of(group)];
      ++added.groups;
      added.size = sum_of_sizes(added.size, known.size);
      if (known.images == 1)
        continue;
      ++added.shared_groups;
      added.shared_size = sum_of_sizes(added.shared_size, known.size);
    }
    report.sum_size = sum_of_sizes(report.sum_size, added.size);
    report.images.push_back(added);
  }
  for (const auto &[paths, known] : groups)
    report.stored_size = sum_of_sizes(report.stored_size, known.size);
  for (const auto &[path, size] : items)
    report.unique_size = sum_of_sizes(report.unique_size, size);
  return report;
}

} // namespace strata
