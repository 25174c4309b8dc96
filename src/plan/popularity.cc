// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/popularity.hh"

#include "plan/first_alone.hh"
#include "plan/sorted_items.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <numeric>
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

std::vector<LargeCount> popularities(const SortedItems &items) {
  std::vector<Rank> order = items.references_first();
  std::vector<bool> is_referred_to(items.count()), done(items.count());
  for (Rank rank = 0; rank < items.count(); ++rank)
    for (Rank reference : items.references(rank))
      is_referred_to[reference] = true;

  std::vector<LargeCount> ways(items.count()), lengths(items.count());
  for (auto rank = order.rbegin(); rank != order.rend(); ++rank) {
    if (!is_referred_to[*rank])
      ways[*rank] = lengths[*rank] = 1;
    done[*rank] = true;
    for (Rank reference : items.references(*rank)) {
      if (done[reference])
        continue; // it closes a cycle
      ways[reference] = ways[reference] + ways[*rank];
      lengths[reference] = lengths[reference] + lengths[*rank] + ways[*rank];
    }
  }
  return lengths;
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
  std::vector<LargeCount> popular = popularities(items);
  std::vector<std::string> keys;
  for (Rank rank = 0; rank < items.count(); ++rank)
    keys.push_back(tie_key(items.path(rank)));
  std::vector<Rank> ranks(items.count());
  std::iota(ranks.begin(), ranks.end(), 0);
  std::sort(ranks.begin(), ranks.end(), [&](Rank a, Rank b) {
    return std::tie(popular[b], keys[a], a) < std::tie(popular[a], keys[b], b);
  });

  std::vector<std::size_t> order;
  for (Rank rank : ranks)
    order.push_back(items.place(rank));
  return first_alone(problem, order);
}

} // namespace strata
