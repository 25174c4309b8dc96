// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the size of an item: that of its NAR.

#ifndef STRATA_STORE_ITEM_SIZE_HH
#define STRATA_STORE_ITEM_SIZE_HH

#include "store/graph.hh"
#include "store/location.hh"

#include <cstdint>

namespace strata {

/// The NAR size of ITEM in bytes: the one known, or computed from the names
/// and sizes of its files, so that it does not depend on where the graph came
/// from.
std::uint64_t item_size(const Item &item, const StoreLocation &location);

} // namespace strata

#endif
