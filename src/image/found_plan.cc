// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/found_plan.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/json.hh"
#include "base/text.hh"
#include "image/image_choice.hh"

#include <algorithm>
#include <map>
#include <set>

namespace strata {

namespace {

// The one of the images in MEMBERS that is meant.
FoundImage choose(const Members &members, const std::string &name,
                  const std::string &architecture, Monitor &monitor) {
  std::vector<FoundImage> images = read_images(members, monitor);
  auto is_wanted = [&](const FoundImage &image) {
    return image.platform.fits(architecture);
  };
  if (name.empty() && std::any_of(images.begin(), images.end(), is_wanted))
    std::erase_if(images, std::not_fn(is_wanted));
  return choose_image(std::move(images), members.path(), name, "",
                      ImageUse::plan);
}

// The store directory of most items in IMAGE.
std::string store_of(const FoundImage &image) {
  std::map<std::string, std::size_t> counts;
  for (const FoundLayer &layer : image.layers)
    for (const std::string &item : layer.scan->items)
      ++counts[parent_directory(item)];
  auto most = std::max_element(
      counts.begin(), counts.end(),
      [](const auto &a, const auto &b) { return a.second < b.second; });
  return most == counts.end() ? "" : most->first;
}

SavedPlan plan_of_layers(const FoundImage &image) {
  SavedPlan plan{store_of(image), "", {}};
  std::set<std::string> seen;
  for (const FoundLayer &layer : image.layers) {
    std::vector<SavedItem> items;
    for (std::size_t i = 0; i < layer.scan->items.size(); ++i) {
      const std::string &path = layer.scan->items[i];
      if (parent_directory(path) == plan.store && seen.insert(path).second)
        items.push_back({path, layer.scan->item_sizes[i], {}});
    }
    if (items.empty())
      continue;
    if (layer.scan->mixed || items.size() < layer.scan->items.size())
      plan.mixed.push_back(plan.layers.size());
    plan.layers.push_back(std::move(items));
  }
  return plan;
}

// The plan that the label of IMAGE, one of PATH, has, if there is one.
std::optional<SavedPlan> plan_in_label(const FoundImage &image,
                                       const std::string &path) {
  Json config = Json::parse(*image.config, path);
  std::optional<Json> found = config.get("config");
  for (const char *key : {"Labels", plan_label})
    if (found)
      found = found->get(key);
  if (!found)
    return {};
  SavedPlan plan = parse_saved_plan(found->string(), path);
  if (plan.layers.size() > image.layers.size())
    throw Error(_("it has more layers than the image"));
  return plan;
}

} // namespace

std::optional<SavedPlan> usable_label(const FoundImage &image,
                                      const std::string &path,
                                      Monitor &monitor) {
  try {
    return plan_in_label(image, path);
  } catch (const Error &error) {
    monitor.warn(format(_("the plan in the image '%s' is not used: %s"),
                        printable(path).c_str(), error.what()));
    return {};
  }
}

SavedPlan find_plan(const std::string &path, const std::string &name,
                    const std::string &architecture, Monitor &monitor) {
  monitor.begin_stage(_("reading the image"));
  FoundImage image = choose(Members(path, Members::Blobs::skip, monitor), name,
                            architecture, monitor);
  if (auto plan = usable_label(image, path, monitor))
    return *plan;
  return plan_of_layers(choose(Members(path, Members::Blobs::forget, monitor),
                               name, architecture, monitor));
}

} // namespace strata
