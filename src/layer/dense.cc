// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/dense.hh"

#include <array>
#include <cstdint>

namespace strata {

namespace {

constexpr std::size_t sample_size = 16 << 10;
constexpr std::size_t sample_count = 4;
constexpr std::size_t samples_size = sample_size * sample_count;

// Of samples_size bytes, the sum of the squares of how often each value is
// there is at least samples_size^2 / 256; at 1.2 times that, values have about
// 7.85 bits of entropy.  No logarithm is needed, so that machines cannot
// differ.
constexpr std::uint64_t most_squares =
    std::uint64_t(samples_size) * samples_size / 256 * 6 / 5;

} // namespace

std::vector<std::byte> dense_samples(Bytes block) {
  std::vector<std::byte> samples;
  if (block.size() < 2 * samples_size)
    return samples;
  samples.reserve(samples_size);
  std::size_t step = (block.size() - sample_size) / (sample_count - 1);
  for (std::size_t i = 0; i < sample_count; ++i) {
    Bytes sample = block.subspan(i * step, sample_size);
    samples.insert(samples.end(), sample.begin(), sample.end());
  }
  std::array<std::uint64_t, 256> counts{};
  for (std::byte byte : samples)
    ++counts[std::to_integer<std::size_t>(byte)];
  std::uint64_t squares = 0;
  for (std::uint64_t count : counts)
    squares += count * count;
  if (squares > most_squares)
    samples.clear();
  return samples;
}

} // namespace strata
