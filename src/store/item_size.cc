// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/item_size.hh"

#include "store/nar.hh"

namespace strata {

std::uint64_t item_size(const Item &item, const StoreLocation &location) {
  if (item.nar_size)
    return *item.nar_size;
  return nar_size(DiskWalk(location.on_disk(item.path)));
}

} // namespace strata
