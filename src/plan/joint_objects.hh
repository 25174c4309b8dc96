// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the objects of a joint plan (joint_groups.hh) and how they are
// joined and parted.
// Threads: a value.

#ifndef STRATA_PLAN_JOINT_OBJECTS_HH
#define STRATA_PLAN_JOINT_OBJECTS_HH

#include "plan/group_costs.hh"

#include <optional>

namespace strata {

using ObjectIndex = std::uint32_t;

/// Items that are one group in some images.
struct JointObject {
  std::vector<AtomIndex> atoms; // of all siblings
  Cost size = 0;
  std::vector<BitWord> changes;
  std::uint32_t weight = 0;
  std::vector<BitWord> images; // where it is a group now; may be none
  /// The two it was joined of, or nothing.
  std::optional<std::pair<ObjectIndex, ObjectIndex>> parts = {};
};

/// A way to join two objects.
struct Joining {
  Cost cost = 0;               // for each image that has too many groups
  std::vector<BitWord> images; // where they would be joined
};

class JointObjects {
public:
  /// OBJECTS lie in IMAGE_COUNT images, none of which is to have more than
  /// MOST_GROUPS.  A byte that is stored once more costs as much as one that
  /// changes of the weight STORING_PRICE re-send.
  JointObjects(std::vector<JointObject> objects, std::size_t image_count,
               std::size_t most_groups, Cost storing_price);

  const std::vector<JointObject> &all() const { return objects_; }
  std::vector<JointObject> &all() { return objects_; }

  /// Whether an image has too many groups still.
  bool any_too_many() const { return any_bits(too_many_); }

  /// The best way to join A and B if it costs less than LIMIT.
  std::optional<Joining> best_joining(ObjectIndex a, ObjectIndex b,
                                      Cost limit) const;

  /// Joins A and B in IMAGES and returns the new object, the last one.
  ObjectIndex join_in(ObjectIndex a, ObjectIndex b, BitRow images);

  /// Parts what was joined, where images have groups to spare and the cost
  /// falls.
  void part_where_it_pays();

private:
  bool part_if_it_pays(JointObject &object);

  std::vector<JointObject> objects_;
  std::size_t most_groups_;
  Cost storing_price_;
  std::vector<std::size_t> group_counts_; // of each image
  std::vector<BitWord> too_many_;         // images
};

/// The images that A and B have in common.
std::vector<BitWord> common_bits(BitRow a, BitRow b);

} // namespace strata

#endif
