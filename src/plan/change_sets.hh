// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what changes an item.  A *source* is what items are built from; its
// update changes, in a functional store, exactly the items in whose closure one
// of its items is.  A graft changes the source's items and those that refer to
// them directly.  So the references say which items change together, and no
// history is needed: every source counts the same.
//
//   functional (item) = its source, and functional (each reference)
//   graft (item)      = its source, and the sources of its references
//   change set (item) = both, as bits: 2 for each source
//
// Sets are compared by their weight.  A graft weighs half more than an update:
// where there are grafts, most security updates are.  (Measured with the judge:
// grafts then re-send a tenth less, updates no more.)
//
// At most 2,048 sources have bits of their own.  Where there are more, half of
// the bits go to the sources of the largest items, and the others share the
// rest, neighbours in the order of names.
// Threads: immutable after construction; may be read by any thread.

#ifndef STRATA_PLAN_CHANGE_SETS_HH
#define STRATA_PLAN_CHANGE_SETS_HH

#include "plan/bit_rows.hh"
#include "plan/sorted_items.hh"

namespace strata {

/// How often what has these changes changes: the more, the oftener.
std::uint32_t change_weight(BitRow changes);
/// The weight of A and B joined; of what A and B have in common.
std::uint32_t weight_of_union(BitRow a, BitRow b);
std::uint32_t weight_of_common(BitRow a, BitRow b);

/// No set weighs more.
constexpr std::uint32_t most_change_weight = 10240;

class ChangeSets {
public:
  explicit ChangeSets(const SortedItems &items);

  /// Of each set: the functional updates are the first half of them, grafts the
  /// other.
  std::size_t words() const { return sets_.words(); }
  BitRow of(Rank rank) const { return sets_[rank]; }
  std::uint32_t weight(Rank rank) const { return weights_[rank]; }
  /// How many bits each half may have: one for each source, or the most there
  /// are.
  std::size_t sources() const { return sources_; }

private:
  std::size_t sources_;
  BitRows sets_;
  std::vector<std::uint32_t> weights_;
};

} // namespace strata

#endif
