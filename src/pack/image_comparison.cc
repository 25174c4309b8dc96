// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/image_comparison.hh"

#include "image/found_plan.hh"
#include "image/image_choice.hh"
#include "pack/plan_input.hh"

#include <algorithm>
#include <map>
#include <set>

namespace strata {

namespace {

ComparedLayer planned_layer(const std::vector<SavedItem> &items) {
  ComparedLayer layer;
  for (const SavedItem &item : items) {
    layer.items.push_back({item.path, item.size});
    layer.size = sum_of_sizes(layer.size, item.size);
  }
  return layer;
}

std::map<std::string, std::uint64_t> sizes_of(const SavedPlan &plan) {
  std::map<std::string, std::uint64_t> sizes;
  for (const auto &items : plan.layers)
    for (const SavedItem &item : items)
      sizes[item.path] = item.size;
  return sizes;
}

// SIZES are those that the image's plan tells; of other items the size of their
// files is known.
ComparedLayer found_layer(const FoundLayer &found,
                          const std::map<std::string, std::uint64_t> &sizes) {
  ComparedLayer layer;
  layer.scan = found.scan;
  layer.mixed = found.scan->mixed;
  for (std::size_t i = 0; i < found.scan->items.size(); ++i) {
    const std::string &path = found.scan->items[i];
    auto known = sizes.find(path);
    layer.items.push_back({path, known == sizes.end()
                                     ? found.scan->item_sizes[i]
                                     : known->second});
    layer.size = sum_of_sizes(layer.size, layer.items.back().size);
  }
  if (layer.items.empty())
    layer.size = found.scan->plain_size;
  return layer;
}

ComparedImage read_compared(const std::string &name, Monitor &monitor) {
  ComparedImage result;
  result.name = name;
  PlanInput input = find_plan_input(name);
  result.is_image = input.kind == PlanInput::Kind::image;
  if (!result.is_image) {
    SavedPlan plan = read_plan_input(name, "", monitor);
    for (const auto &items : plan.layers)
      result.layers.push_back(planned_layer(items));
    for (std::size_t layer : plan.mixed)
      result.layers.at(layer).mixed = true;
    return result;
  }
  FoundImage image = choose_image(read_images(input.file, monitor), input.file,
                                  input.image, "", ImageUse::plan);
  auto label = usable_label(image, input.file, monitor);
  auto sizes = sizes_of(label.value_or(SavedPlan()));
  for (const FoundLayer &layer : image.layers)
    result.layers.push_back(found_layer(layer, sizes));
  return result;
}

// What makes a layer the same: the bytes, or else the items.
std::string identity(const ComparedLayer &layer, bool by_bytes) {
  if (by_bytes)
    return layer.scan->diff_id.oci();
  std::string paths = layer.mixed ? "\n" : "";
  for (const SizedItem &item : layer.items)
    paths += item.path + "\n";
  return paths;
}

void mark_common(ComparedImage &image, const ComparedImage &other,
                 bool by_bytes) {
  std::set<std::string> known, blobs;
  for (const ComparedLayer &layer : other.layers) {
    known.insert(identity(layer, by_bytes));
    if (by_bytes)
      blobs.insert(layer.scan->digest.oci());
  }
  for (ComparedLayer &layer : image.layers) {
    layer.in_both = known.contains(identity(layer, by_bytes));
    layer.same_blob = by_bytes && blobs.contains(layer.scan->digest.oci());
  }
}

// A plan says nothing of layers without items.
void remove_root_layers(ComparedImage &image) {
  std::erase_if(image.layers,
                [](const ComparedLayer &layer) { return layer.items.empty(); });
}

SizedGroups groups_of(const ComparedImage &image) {
  SizedGroups groups;
  for (const ComparedLayer &layer : image.layers)
    groups.push_back(layer.items);
  return groups;
}

} // namespace

ImageComparison compare_images(const std::string &before,
                               const std::string &after, Monitor &monitor) {
  ImageComparison result;
  result.before = read_compared(before, monitor);
  result.after = read_compared(after, monitor);
  bool by_bytes = result.before.is_image && result.after.is_image;
  if (!by_bytes) {
    remove_root_layers(result.before);
    remove_root_layers(result.after);
  }
  mark_common(result.before, result.after, by_bytes);
  mark_common(result.after, result.before, by_bytes);

  PlanDifference difference =
      compare_plans(groups_of(result.before), groups_of(result.after));
  result.least_bytes = difference.least_bytes;
  result.changes = std::move(difference.changes);
  if (by_bytes)
    result.blobs.emplace();
  std::set<std::string> seen; // equal layers are pulled once
  for (const ComparedLayer &layer : result.after.layers) {
    if (!seen.insert(identity(layer, by_bytes)).second)
      continue;
    std::uint64_t &bytes =
        layer.in_both ? result.common_bytes : result.pulled_bytes;
    bytes = sum_of_sizes(bytes, layer.size);
    if (by_bytes)
      (layer.same_blob ? result.blobs->common : result.blobs->pulled) +=
          layer.scan->size;
  }
  return result;
}

} // namespace strata
