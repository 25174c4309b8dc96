// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/change_sets.hh"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace strata {

namespace {

constexpr std::size_t most_source_bits = 2048;
constexpr std::uint32_t functional_weight = 2, graft_weight = 3;
static_assert((functional_weight + graft_weight) * most_source_bits ==
              most_change_weight);

// The weight of the bits that COUNT, a function of a part of a row, counts.
template <typename Count>
std::uint32_t weigh(std::size_t words, Count count) {
  return functional_weight * count(0, words / 2) +
         graft_weight * count(words / 2, words / 2);
}

// The bit of each source.
std::vector<std::uint32_t> bits_of_sources(const SortedItems &items) {
  std::size_t count = items.source_count();
  std::vector<std::uint32_t> bits(count);
  if (count <= most_source_bits) {
    std::iota(bits.begin(), bits.end(), 0);
    return bits;
  }

  std::vector<std::uint64_t> largest(count);
  for (Rank rank = 0; rank < items.count(); ++rank) {
    std::uint64_t &size = largest[items.source(rank)];
    size = std::max(size, items.item(rank).size);
  }
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(largest[b], a) < std::tuple(largest[a], b);
  });
  constexpr std::size_t own = most_source_bits / 2;
  std::vector<bool> has_own(count);
  for (std::size_t i = 0; i < own; ++i)
    has_own[order[i]] = true;

  std::size_t next_own = 0, others = 0;
  for (std::size_t source = 0; source < count; ++source)
    bits[source] = static_cast<std::uint32_t>(
        has_own[source]
            ? next_own++
            : own + others++ * (most_source_bits - own) / (count - own));
  return bits;
}

} // namespace

std::uint32_t change_weight(BitRow changes) {
  return weigh(changes.size(), [&](std::size_t start, std::size_t length) {
    return count_bits(changes.subspan(start, length));
  });
}

std::uint32_t weight_of_union(BitRow a, BitRow b) {
  return weigh(a.size(), [&](std::size_t start, std::size_t length) {
    return count_union(a.subspan(start, length), b.subspan(start, length));
  });
}

std::uint32_t weight_of_common(BitRow a, BitRow b) {
  return weigh(a.size(), [&](std::size_t start, std::size_t length) {
    return count_common(a.subspan(start, length), b.subspan(start, length));
  });
}

ChangeSets::ChangeSets(const SortedItems &items)
    : sources_(std::min(items.source_count(), most_source_bits)),
      weights_(items.count()) {
  std::vector<std::uint32_t> bits = bits_of_sources(items);
  std::size_t half = BitRows::words_for(sources_);
  sets_ = BitRows(items.count(), 2 * half * 64);

  std::vector<Rank> order = items.references_first();
  for (std::size_t i = 0; i < order.size(); ++i) {
    Rank rank = order[i];
    // Rows lie far apart: those that come soon are fetched meanwhile.
    if (i + 2 < order.size())
      for (Rank reference : items.references(order[i + 2]))
        for (std::size_t word = 0; word < half; word += 8)
          __builtin_prefetch(&sets_[reference][word]);
    MutableBitRow functional = sets_[rank].first(half);
    MutableBitRow graft = sets_[rank].subspan(half);
    set_bit(functional, bits[items.source(rank)]);
    set_bit(graft, bits[items.source(rank)]);
    for (Rank reference : items.references(rank)) {
      add_bits(functional, BitRow(sets_[reference]).first(half));
      set_bit(graft, bits[items.source(reference)]);
    }
    weights_[rank] = change_weight(sets_[rank]);
  }
}

} // namespace strata
