// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: sets of small numbers as rows of bits, all of the same length, and
// counting in them.  Plans compare hundreds of millions of words of such rows,
// so these loops are what planning costs.
// Threads: as a vector.

#ifndef STRATA_PLAN_BIT_ROWS_HH
#define STRATA_PLAN_BIT_ROWS_HH

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace strata {

using BitWord = std::uint64_t;
using BitRow = std::span<const BitWord>;
using MutableBitRow = std::span<BitWord>;

class BitRows {
public:
  BitRows() = default;
  /// COUNT empty rows for numbers below BITS.
  BitRows(std::size_t count, std::size_t bits)
      : words_(words_for(bits)), data_(count * words_) {}

  static std::size_t words_for(std::size_t bits) { return (bits + 63) / 64; }
  std::size_t words() const { return words_; }
  BitRow operator[](std::size_t row) const {
    return {data_.data() + row * words_, words_};
  }
  MutableBitRow operator[](std::size_t row) {
    return {data_.data() + row * words_, words_};
  }

private:
  std::size_t words_ = 0;
  std::vector<BitWord> data_;
};

inline void set_bit(MutableBitRow row, std::size_t bit) {
  row[bit / 64] |= BitWord(1) << bit % 64;
}
inline bool has_bit(BitRow row, std::size_t bit) {
  return (row[bit / 64] >> bit % 64 & 1) != 0;
}

/// How many numbers there are in A; in A or B; in A and B.  All rows of one
/// call have the same length.
std::uint32_t count_bits(BitRow a);
std::uint32_t count_union(BitRow a, BitRow b);
std::uint32_t count_common(BitRow a, BitRow b);

/// Adds what is in FROM.
void add_bits(MutableBitRow to, BitRow from);
/// Takes away what is in WITHOUT.
void remove_bits(MutableBitRow from, BitRow without);

bool same_bits(BitRow a, BitRow b);
bool any_bits(BitRow a);

} // namespace strata

#endif
