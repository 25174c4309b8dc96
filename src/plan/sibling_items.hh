// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the items of an image and its siblings as one list, and who holds
// what.  Each image of a fleet makes the same list, whichever of them asks.
// Threads: immutable after construction; may be read by any thread.

#ifndef STRATA_PLAN_SIBLING_ITEMS_HH
#define STRATA_PLAN_SIBLING_ITEMS_HH

#include "plan/bit_rows.hh"
#include "plan/sorted_items.hh"

namespace strata {

struct SiblingItems {
  /// Each once, in the order of names.  Of items with the same name those with
  /// the same path are the same; of the others the first of one image is the
  /// first of another.  The size is that of the largest, the references are
  /// those of all.
  ImageItems items;

  /// For each item, the images that hold it.  Images with the same items are
  /// one image.
  BitRows holders;
  std::size_t image_count = 0;

  /// For OWN, then for each sibling: which image it is, and the rank of each
  /// place in ITEMS in it; of those that it has not, the number of its items.
  struct Image {
    std::size_t number;
    std::vector<Rank> ranks;
  };
  std::vector<Image> images;
};

/// The items of OWN and of SIBLINGS.
SiblingItems find_sibling_items(const SortedItems &own,
                                const std::vector<ImageItems> &siblings);

} // namespace strata

#endif
