// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the items of a problem in an order that their names decide, with
// references cleaned, so that what is done with them depends neither on the
// order in which they came nor, where names differ, on the hashes of a store.
// Threads: immutable after construction; may be read by any thread.

#ifndef STRATA_PLAN_SORTED_ITEMS_HH
#define STRATA_PLAN_SORTED_ITEMS_HH

#include "plan/plan.hh"

#include <span>

namespace strata {

/// The place of an item in the order of names; of equal names the lesser path
/// goes first.
using Rank = std::uint32_t;
using RankGroups = std::vector<std::vector<Rank>>;

class SortedItems {
public:
  /// ITEMS must live as long as this.
  explicit SortedItems(const std::vector<PlanItem> &items);

  std::size_t count() const { return places_.size(); }
  /// Where the item is in the list that was given.
  std::size_t place(Rank rank) const { return places_[rank]; }
  const PlanItem &item(Rank rank) const { return (*items_)[places_[rank]]; }
  std::string_view path(Rank rank) const { return item(rank).path; }

  /// What RANK refers to, ascending, each once; neither itself nor what is not
  /// in the list.
  std::span<const Rank> references(Rank rank) const {
    return {references_.data() + starts_[rank],
            starts_[rank + 1] - starts_[rank]};
  }

  /// All items, references first.  A reference that closes a cycle does not
  /// count; no store has them.
  std::vector<Rank> references_first() const;

  /// The number of the item's source; sources are numbered in the order of
  /// their names.
  std::uint32_t source(Rank rank) const { return sources_[rank]; }
  std::size_t source_count() const { return source_count_; }

  /// The item with PATH, or count ().
  std::size_t find(std::string_view path) const;

private:
  void add_references(const std::vector<Rank> &ranks);
  void number_sources();

  const std::vector<PlanItem> *items_;
  std::vector<std::size_t> places_;
  std::vector<Rank> by_path_;
  std::vector<Rank> references_; // of all items, joined
  std::vector<std::size_t> starts_;
  std::vector<std::uint32_t> sources_;
  std::size_t source_count_ = 0;
};

/// What ITEM is built from: as given, or its name without the version.
std::string_view source_of(const PlanItem &item);

/// GROUPS of ITEMS as a plan: places in the list that was given.
Plan as_plan(const SortedItems &items, const RankGroups &groups);

} // namespace strata

#endif
