// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/joint_objects.hh"

#include <algorithm>
#include <bit>

namespace strata {

namespace {

// By how much the changes that reach A and B grow, each with its size.
Cost growth(const JointObject &a, const JointObject &b, std::uint32_t joined) {
  return a.size * (joined - a.weight) + b.size * (joined - b.weight);
}

} // namespace

std::vector<BitWord> common_bits(BitRow a, BitRow b) {
  std::vector<BitWord> result(a.begin(), a.end());
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] &= b[i];
  return result;
}

JointObjects::JointObjects(std::vector<JointObject> objects,
                           std::size_t image_count, std::size_t most_groups,
                           Cost storing_price)
    : objects_(std::move(objects)), most_groups_(most_groups),
      storing_price_(storing_price), group_counts_(image_count),
      too_many_(BitRows::words_for(image_count)) {
  for (const JointObject &object : objects_)
    for (std::size_t image = 0; image < image_count; ++image)
      group_counts_[image] += has_bit(object.images, image);
  for (std::size_t image = 0; image < image_count; ++image)
    if (group_counts_[image] > most_groups_)
      set_bit(too_many_, image);
}

std::optional<Joining> JointObjects::best_joining(ObjectIndex first,
                                                  ObjectIndex second,
                                                  Cost limit) const {
  const JointObject &a = objects_[first], &b = objects_[second];
  // No way costs less than what it re-sends more in one image.
  if (growth(a, b, std::max(a.weight, b.weight)) >= limit)
    return {};
  std::uint32_t helped = 0; // images in common that have too many groups
  bool all_common_a = true, all_common_b = true, all_helped = true,
       helped_all_a = true, helped_all_b = true;
  std::uint32_t common = 0;
  for (std::size_t i = 0; i < too_many_.size(); ++i) {
    BitWord both = a.images[i] & b.images[i], some = both & too_many_[i];
    if (both == 0 && (a.images[i] | b.images[i]) == 0)
      continue;
    common += static_cast<std::uint32_t>(std::popcount(both));
    helped += static_cast<std::uint32_t>(std::popcount(some));
    all_common_a = all_common_a && both == a.images[i];
    all_common_b = all_common_b && both == b.images[i];
    helped_all_a = helped_all_a && some == a.images[i];
    helped_all_b = helped_all_b && some == b.images[i];
    all_helped = all_helped && some == both;
  }
  if (helped == 0)
    return {};

  // Joined in the images that need it; or in all that hold both, if one of the
  // two is then stored no more.
  bool everywhere_too = !all_helped && (all_common_a || all_common_b);
  Cost stored = storing_price_ *
                ((helped_all_a ? 0 : a.size) + (helped_all_b ? 0 : b.size));
  Cost stored_everywhere = storing_price_ * ((all_common_a ? 0 : a.size) +
                                             (all_common_b ? 0 : b.size));
  bool everywhere = false;
  auto cost = [&](std::uint32_t joined) {
    Cost more = growth(a, b, joined);
    Cost here = stored / helped + more;
    if (everywhere_too) {
      Cost there = (stored_everywhere + common * more) / helped;
      everywhere = there < here;
      here = std::min(here, there);
    }
    return here;
  };
  if (cost(std::max(a.weight, b.weight)) >= limit)
    return {};
  Joining joining;
  joining.cost = cost(weight_of_union(a.changes, b.changes));
  if (joining.cost >= limit)
    return {};
  joining.images = common_bits(a.images, b.images);
  if (!everywhere)
    joining.images = common_bits(joining.images, too_many_);
  return joining;
}

ObjectIndex JointObjects::join_in(ObjectIndex a, ObjectIndex b, BitRow images) {
  JointObject joined = objects_[a];
  const JointObject &other = objects_[b];
  joined.atoms.insert(joined.atoms.end(), other.atoms.begin(),
                      other.atoms.end());
  joined.size += other.size;
  add_bits(joined.changes, other.changes);
  joined.weight = change_weight(joined.changes);
  joined.images.assign(images.begin(), images.end());
  joined.parts = {a, b};
  remove_bits(objects_[a].images, images);
  remove_bits(objects_[b].images, images);

  for (std::size_t image = 0; image < group_counts_.size(); ++image) {
    if (!has_bit(images, image))
      continue;
    --group_counts_[image];
    if (group_counts_[image] <= most_groups_)
      too_many_[image / 64] &= ~(BitWord(1) << image % 64);
  }
  objects_.push_back(std::move(joined));
  return static_cast<ObjectIndex>(objects_.size() - 1);
}

bool JointObjects::part_if_it_pays(JointObject &object) {
  std::vector<BitWord> images(object.images.size());
  for (std::size_t image = 0; image < group_counts_.size(); ++image)
    if (has_bit(object.images, image) && group_counts_[image] < most_groups_)
      set_bit(images, image);
  if (!any_bits(images))
    return false;

  JointObject &a = objects_[object.parts->first];
  JointObject &b = objects_[object.parts->second];
  bool gone = same_bits(images, object.images);
  Cost stored = (any_bits(a.images) ? 0 : a.size) +
                (any_bits(b.images) ? 0 : b.size) - (gone ? object.size : 0);
  Cost sent = count_bits(images) * growth(a, b, object.weight);
  if (storing_price_ * stored >= sent)
    return false;
  remove_bits(object.images, images);
  add_bits(a.images, images);
  add_bits(b.images, images);
  for (std::size_t image = 0; image < group_counts_.size(); ++image)
    group_counts_[image] += has_bit(images, image);
  return true;
}

void JointObjects::part_where_it_pays() {
  // What was joined last was dearest.
  for (bool parted = true; parted;) {
    parted = false;
    for (auto object = objects_.rbegin(); object != objects_.rend(); ++object)
      if (object->parts && any_bits(object->images))
        parted = part_if_it_pays(*object) || parted;
  }
}

} // namespace strata
