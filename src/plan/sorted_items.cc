// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/sorted_items.hh"

#include "base/text.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <iterator>

namespace strata {

SortedItems::SortedItems(const std::vector<PlanItem> &items)
    : items_(&items), places_(items.size()), by_path_(items.size()) {
  struct Key {
    std::uint64_t start;
    std::string_view name, path;
    std::size_t place;
    auto operator<=>(const Key &) const = default;
  };
  std::vector<Key> keys;
  keys.reserve(items.size());
  for (const PlanItem &item : items) {
    std::string_view name = item_name(item.path);
    keys.push_back({order_key(name), name, item.path, keys.size()});
  }
  std::sort(keys.begin(), keys.end());
  for (std::size_t rank = 0; rank < keys.size(); ++rank)
    places_[rank] = keys[rank].place;

  // They mostly come in this order.
  std::vector<Rank> ranks(count());
  for (Rank rank = 0; rank < count(); ++rank)
    ranks[places_[rank]] = rank;
  by_path_ = ranks;
  auto before = [&](Rank a, Rank b) { return path(a) < path(b); };
  if (!std::is_sorted(by_path_.begin(), by_path_.end(), before))
    std::sort(by_path_.begin(), by_path_.end(), before);
  add_references(ranks);
  number_sources();
}

// RANKS are those of all places.
void SortedItems::add_references(const std::vector<Rank> &ranks) {
  std::size_t most = 0;
  for (const PlanItem &item : *items_)
    most += item.references.size();
  references_.reserve(most);
  starts_.reserve(count() + 1);
  starts_.push_back(0);
  for (Rank rank = 0; rank < count(); ++rank) {
    auto begin = static_cast<std::ptrdiff_t>(references_.size());
    for (std::size_t place : item(rank).references)
      if (place < count() && ranks[place] != rank)
        references_.push_back(ranks[place]);
    std::sort(references_.begin() + begin, references_.end());
    references_.erase(
        std::unique(references_.begin() + begin, references_.end()),
        references_.end());
    starts_.push_back(references_.size());
  }
}

void SortedItems::number_sources() {
  std::vector<std::string_view> names;
  names.reserve(count());
  for (Rank rank = 0; rank < count(); ++rank)
    names.push_back(source_of(item(rank)));
  // Neighbours often have the same.
  std::vector<std::string_view> known;
  std::unique_copy(names.begin(), names.end(), std::back_inserter(known));
  if (!std::is_sorted(known.begin(), known.end()))
    std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  auto found = known.begin();
  for (std::string_view name : names) {
    if (found == known.end() || *found != name)
      found = std::lower_bound(known.begin(), known.end(), name);
    sources_.push_back(static_cast<std::uint32_t>(found - known.begin()));
  }
  source_count_ = known.size();
}

std::vector<Rank> SortedItems::references_first() const {
  std::vector<Rank> order;
  std::vector<bool> seen(count());
  struct Step {
    Rank rank;
    std::size_t next; // of its references
  };
  std::vector<Step> path;
  auto enter = [&](Rank rank) {
    seen[rank] = true;
    path.push_back({rank, 0});
  };
  for (Rank root = 0; root < count(); ++root) {
    if (!seen[root])
      enter(root);
    while (!path.empty()) {
      Step &step = path.back();
      std::span<const Rank> all = references(step.rank);
      if (step.next == all.size()) {
        order.push_back(step.rank);
        path.pop_back();
      } else if (Rank reference = all[step.next++]; !seen[reference]) {
        enter(reference);
      }
    }
  }
  return order;
}

std::size_t SortedItems::find(std::string_view path_wanted) const {
  auto found = std::lower_bound(
      by_path_.begin(), by_path_.end(), path_wanted,
      [&](Rank rank, std::string_view wanted) { return path(rank) < wanted; });
  return found != by_path_.end() && path(*found) == path_wanted ? *found
                                                                : count();
}

std::string_view source_of(const PlanItem &item) {
  return item.source.empty() ? split_item_name(item_name(item.path)).name
                             : std::string_view(item.source);
}

Plan as_plan(const SortedItems &items, const RankGroups &groups) {
  Plan plan;
  for (const auto &ranks : groups) {
    Group group;
    for (Rank rank : ranks)
      group.push_back(items.place(rank));
    std::sort(group.begin(), group.end());
    plan.push_back(std::move(group));
  }
  return plan;
}

} // namespace strata
