// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/popularity.hh"

#include "plan/first_alone.hh"
#include "plan/sorted_items.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <span>
#include <tuple>

namespace strata {

namespace {

// What decides between equally popular paths: the path with all before its
// first "-", which is where the hash is, put last.
std::string tie_key(std::string_view path) {
  std::size_t cut = path.find('-');
  if (cut == std::string_view::npos)
    return std::string(path);
  return std::string(path.substr(cut + 1)) + "-" +
         std::string(path.substr(0, cut));
}

// Sums of a count for each bit of a mask, by bytes: eight additions to add a
// count to 64 sums.
class SumsByBit {
public:
  void add(std::uint64_t mask, const LargeCount &count) {
    for (auto *sums = by_byte_.data(); mask != 0; mask >>= 8, ++sums)
      if (mask & 0xff)
        (*sums)[mask & 0xff] = (*sums)[mask & 0xff] + count;
  }

  LargeCount sum(unsigned bit) const {
    LargeCount result;
    for (unsigned byte = 0; byte < 256; ++byte)
      if (byte >> bit % 8 & 1)
        result = result + by_byte_[bit / 8][byte];
    return result;
  }

private:
  std::array<std::array<LargeCount, 256>, 8> by_byte_;
};

// The places of items in Nix's tree.
class Tree {
public:
  explicit Tree(const SortedItems &items);

  // What the popularity of each item is at least, and at most.
  const std::vector<LargeCount> &at_least() const { return at_least_; }
  const std::vector<LargeCount> &at_most() const { return at_most_; }

  // That of up to 64 RANKS, exactly.
  std::vector<LargeCount> popularities(std::span<const Rank> ranks) const;

private:
  // Calls VISIT with each reference of RANK that closes no cycle.
  template <typename Visit>
  void below(Rank rank, Visit visit) const {
    for (Rank reference : items_.references(rank))
      if (positions_[reference] < positions_[rank])
        visit(reference);
  }

  const SortedItems &items_;
  std::vector<Rank> order_, positions_; // references first
  std::vector<LargeCount> places_, at_least_, at_most_;
};

Tree::Tree(const SortedItems &items)
    : items_(items), order_(items.references_first()),
      positions_(items.count()), places_(items.count()),
      at_least_(items.count()), at_most_(items.count()) {
  std::vector<bool> is_referred_to(items.count());
  for (Rank i = 0; i < items.count(); ++i) {
    positions_[order_[i]] = i;
    for (Rank reference : items.references(i))
      is_referred_to[reference] = true;
  }
  for (auto rank = order_.rbegin(); rank != order_.rend(); ++rank) {
    LargeCount &places = places_[*rank], &at_least = at_least_[*rank];
    if (is_referred_to[*rank])
      at_least = places + std::max(at_least, places); // those just above it
    else
      places = at_least = at_most_[*rank] = 1;
    below(*rank, [&](Rank reference) {
      places_[reference] = places_[reference] + places;
      // All that is above the one is above the other, and so is the one.
      at_least_[reference] = std::max(at_least_[reference], at_least);
      // What is above it by several ways counts several times.
      at_most_[reference] = at_most_[reference] + at_most_[*rank] + places;
    });
  }
}

std::vector<LargeCount> Tree::popularities(std::span<const Rank> ranks) const {
  std::vector<std::uint64_t> reached(items_.count()); // a bit for each of RANKS
  for (std::size_t i = 0; i < ranks.size(); ++i)
    reached[ranks[i]] = std::uint64_t(1) << i;
  SumsByBit sums;
  for (Rank rank : order_) {
    below(rank, [&](Rank reference) { reached[rank] |= reached[reference]; });
    sums.add(reached[rank], places_[rank]);
  }
  std::vector<LargeCount> result;
  for (unsigned i = 0; i < ranks.size(); ++i)
    result.push_back(sums.sum(i));
  return result;
}

// The ranks of ITEMS that may be among the first ones that can be alone.
std::vector<Rank> possible_winners(const SortedItems &items, const Tree &tree,
                                   const PlanProblem &problem) {
  std::vector<LargeCount> least;
  for (Rank rank = 0; rank < items.count(); ++rank)
    if (!items.item(rank).placed &&
        items.item(rank).size >= problem.least_group_size.value_or(0))
      least.push_back(tree.at_least()[rank]);
  LargeCount needed;
  if (problem.most_groups < least.size()) {
    auto last = least.begin() + static_cast<long>(problem.most_groups);
    std::nth_element(least.begin(), last, least.end(), std::greater<>());
    needed = *last;
  }
  std::vector<Rank> winners;
  for (Rank rank = 0; rank < items.count(); ++rank)
    if (tree.at_most()[rank] >= needed)
      winners.push_back(rank);
  return winners;
}

struct Winner {
  LargeCount popularity;
  std::string tie_key;
  Rank rank;
};

// The winners, the most popular first.
std::vector<Winner> in_order(const SortedItems &items, const Tree &tree,
                             const std::vector<Rank> &ranks,
                             const Check &check) {
  std::vector<Winner> winners;
  std::span<const Rank> rest(ranks);
  while (!rest.empty()) {
    check();
    std::span<const Rank> some = rest.first(std::min<std::size_t>(
        rest.size(), std::numeric_limits<std::uint64_t>::digits));
    std::vector<LargeCount> popularities = tree.popularities(some);
    for (std::size_t i = 0; i < some.size(); ++i)
      winners.push_back(
          {popularities[i], tie_key(items.path(some[i])), some[i]});
    rest = rest.subspan(some.size());
  }
  std::sort(winners.begin(), winners.end(),
            [](const Winner &a, const Winner &b) {
              return std::tie(b.popularity, a.tie_key, a.rank) <
                     std::tie(a.popularity, b.tie_key, b.rank);
            });
  return winners;
}

} // namespace

LargeCount LargeCount::operator+(const LargeCount &other) const {
  const LargeCount &large = exponent_ < other.exponent_ ? other : *this;
  const LargeCount &small = exponent_ < other.exponent_ ? *this : other;
  std::uint32_t shift = large.exponent_ - small.exponent_;
  std::uint64_t added = shift < 64 ? small.digits_ >> shift : 0;
  LargeCount sum = large;
  sum.digits_ += added;
  if (sum.digits_ < added) { // a bit more than there is room for
    sum.digits_ = sum.digits_ >> 1 | std::uint64_t(1) << 63;
    ++sum.exponent_;
  }
  return sum;
}

Plan Popularity::plan(const PlanProblem &problem) const {
  SortedItems items(problem.items);
  Tree tree(items);
  std::vector<Rank> ranks = possible_winners(items, tree, problem);
  std::vector<std::size_t> order;
  std::vector<bool> has_won(items.count());
  for (const Winner &winner : in_order(items, tree, ranks, problem.check)) {
    order.push_back(items.place(winner.rank));
    has_won[winner.rank] = true;
  }
  for (Rank rank = 0; rank < items.count(); ++rank)
    if (!has_won[rank])
      order.push_back(items.place(rank));
  return first_alone(problem, order);
}

} // namespace strata
