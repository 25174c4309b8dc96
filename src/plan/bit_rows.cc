// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/bit_rows.hh"

#include <algorithm>

namespace strata {

namespace {

// Counts of one bits, 16 of them of 4 bits each, or 8 of 8 bits, in a word.
// In C++ alone, since the processor's instruction is not there everywhere and
// a call for each word takes four times as long.
constexpr BitWord odd_bits = 0x5555555555555555, pairs = 0x3333333333333333,
                  nibbles = 0x0F0F0F0F0F0F0F0F, bytes = 0x00FF00FF00FF00FF,
                  ones = 0x0001000100010001;

BitWord counts_in_bytes(BitWord word) {
  word -= word >> 1 & odd_bits;
  word = (word & pairs) + (word >> 2 & pairs);
  return (word + (word >> 4)) & nibbles;
}

std::uint32_t sum_of_bytes(BitWord counts) {
  counts = (counts & bytes) + (counts >> 8 & bytes);
  return static_cast<std::uint32_t>(counts * ones >> 48);
}

// How many ones there are in WORD (0) to WORD (COUNT - 1).
template <typename Word>
std::uint32_t count_ones(std::size_t count, Word word) {
  constexpr std::size_t most = 31; // words until a byte may be full
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < count;) {
    BitWord counts = 0;
    for (std::size_t end = std::min(count, i + most); i < end; ++i)
      counts += counts_in_bytes(word(i));
    total += sum_of_bytes(counts);
  }
  return total;
}

} // namespace

std::uint32_t count_bits(BitRow a) {
  return count_ones(a.size(), [&](std::size_t i) { return a[i]; });
}

std::uint32_t count_union(BitRow a, BitRow b) {
  const BitWord *x = a.data(), *y = b.data();
  return count_ones(a.size(), [=](std::size_t i) { return x[i] | y[i]; });
}

std::uint32_t count_common(BitRow a, BitRow b) {
  const BitWord *x = a.data(), *y = b.data();
  return count_ones(a.size(), [=](std::size_t i) { return x[i] & y[i]; });
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

std::strong_ordering order_of_bits(BitRow a, BitRow b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(),
                                                b.end());
}

} // namespace strata
