// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/bit_rows.hh"

#include <algorithm>
#include <bit>

namespace strata {

namespace {

// Becomes a part of its callers, whose instructions it may use.
template <typename Word>
[[gnu::always_inline]] inline std::uint32_t count_ones(std::size_t count,
                                                       Word word) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < count; ++i)
    total += static_cast<std::uint64_t>(std::popcount(word(i)));
  return static_cast<std::uint32_t>(total);
}

[[gnu::always_inline]] inline std::uint32_t ones(BitRow a) {
  const BitWord *x = a.data();
  return count_ones(a.size(), [=](std::size_t i) { return x[i]; });
}

[[gnu::always_inline]] inline std::uint32_t union_ones(BitRow a, BitRow b) {
  const BitWord *x = a.data(), *y = b.data();
  return count_ones(a.size(), [=](std::size_t i) { return x[i] | y[i]; });
}

[[gnu::always_inline]] inline std::uint32_t common_ones(BitRow a, BitRow b) {
  const BitWord *x = a.data(), *y = b.data();
  return count_ones(a.size(), [=](std::size_t i) { return x[i] & y[i]; });
}

// Where a compiler must not take for granted that the processor can count, it
// calls a function for each word, which takes ten times as long.
#if defined __x86_64__ && !defined __POPCNT__
const bool can_count = __builtin_cpu_supports("popcnt") != 0;

[[gnu::target("popcnt")]] std::uint32_t fast_ones(BitRow a) { return ones(a); }
[[gnu::target("popcnt")]] std::uint32_t fast_union(BitRow a, BitRow b) {
  return union_ones(a, b);
}
[[gnu::target("popcnt")]] std::uint32_t fast_common(BitRow a, BitRow b) {
  return common_ones(a, b);
}
#else
constexpr auto fast_ones = ones;
constexpr auto fast_union = union_ones;
constexpr auto fast_common = common_ones;
constexpr bool can_count = true;
#endif

} // namespace

std::uint32_t count_bits(BitRow a) {
  return can_count ? fast_ones(a) : ones(a);
}

std::uint32_t count_union(BitRow a, BitRow b) {
  return can_count ? fast_union(a, b) : union_ones(a, b);
}

std::uint32_t count_common(BitRow a, BitRow b) {
  return can_count ? fast_common(a, b) : common_ones(a, b);
}

void add_bits(MutableBitRow to, BitRow from) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] |= from[i];
}

void remove_bits(MutableBitRow from, BitRow without) {
  for (std::size_t i = 0; i < from.size(); ++i)
    from[i] &= ~without[i];
}

bool same_bits(BitRow a, BitRow b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool any_bits(BitRow a) {
  return std::any_of(a.begin(), a.end(), [](BitWord w) { return w != 0; });
}

} // namespace strata
