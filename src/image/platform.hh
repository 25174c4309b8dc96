// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what an image runs on.
// Format: OCI image-spec 1.1, config.md, "Properties".

#ifndef STRATA_IMAGE_PLATFORM_HH
#define STRATA_IMAGE_PLATFORM_HH

#include <string>

namespace strata {

struct Platform {
  std::string os;           // empty where an image does not say
  std::string architecture; // as Go's GOARCH spells it; likewise
  std::string variant;      // of the architecture: "v7"; likewise

  /// Takes from OTHER what is not said here, and does not contradict it.
  void complete(const Platform &other);

  /// Whether images for Linux on ARCHITECTURE can be built on one for this;
  /// what is not said fits, and an empty ARCHITECTURE is any.
  bool fits(const std::string &wanted_architecture) const;

  /// Whether this is the better choice of two variants of one architecture: of
  /// ARM, ARMv7, which is what armhf means, else what more machines run.
  bool is_better_than(const Platform &other) const;

  /// "linux/arm/v7".
  std::string text() const;

  /// "arm/v7".
  std::string architecture_text() const;
};

} // namespace strata

#endif
