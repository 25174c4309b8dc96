// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/transformation.hh"

#include <string_view>

namespace strata {

namespace {

std::string_view without_outer_slashes(std::string_view text) {
  while (text.starts_with('/'))
    text.remove_prefix(1);
  while (text.ends_with('/'))
    text.remove_suffix(1);
  return text;
}

} // namespace

std::string transformed(std::string path,
                        const std::vector<Transformation> &transformations) {
  for (const Transformation &one : transformations) {
    std::string_view old = without_outer_slashes(one.old);
    if (path.starts_with(old))
      path.replace(0, old.size(), without_outer_slashes(one.replacement));
  }
  return std::string(without_outer_slashes(path));
}

} // namespace strata
