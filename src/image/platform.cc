// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/platform.hh"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

namespace strata {

namespace {

// The lowest is the best; for all but ARM the names of variants tell.
std::size_t rank(const Platform &platform) {
  constexpr std::array<std::string_view, 4> arm = {"v7", "", "v6", "v5"};
  std::size_t result = 0;
  if (platform.architecture == "arm")
    while (result < arm.size() && platform.variant != arm[result])
      ++result;
  return result;
}

} // namespace

void Platform::complete(const Platform &other) {
  if (os.empty())
    os = other.os;
  if (architecture.empty())
    *this = {os, other.architecture, other.variant};
  else if (variant.empty() && architecture == other.architecture)
    variant = other.variant;
}

bool Platform::fits(const std::string &wanted_architecture) const {
  return (os.empty() || os == "linux") &&
         (wanted_architecture.empty() || architecture.empty() ||
          architecture == wanted_architecture);
}

bool Platform::is_better_than(const Platform &other) const {
  return std::pair(rank(*this), variant) <
         std::pair(rank(other), other.variant);
}

std::string Platform::text() const {
  return (os.empty() ? "?" : os) + "/" + architecture_text();
}

std::string Platform::architecture_text() const {
  return (architecture.empty() ? "?" : architecture) +
         (variant.empty() ? "" : "/" + variant);
}

} // namespace strata
