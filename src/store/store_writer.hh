// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: registering items in a store database.

#ifndef STRATA_STORE_STORE_WRITER_HH
#define STRATA_STORE_STORE_WRITER_HH

#include "base/database.hh"
#include "base/sha256.hh"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace strata {

/// What a database holds of an item.
struct Registration {
  std::string path;
  Digest nar_hash;
  std::uint64_t nar_size = 0;          // bytes
  std::int64_t registration_time = 1;  // seconds since 1970
  std::vector<std::string> references; // paths
};

/// Whether DATABASE lists the item PATH.
bool is_registered(const Database &database, const std::string &path);

/// Adds ITEMS in their order, deriver NULL.  References may lead to items of
/// the list or to those there already; others are Errors.  REQUIRES: a
/// transaction is open and create_store_schema was called.
void register_items(Database &database, std::span<const Registration> items);

} // namespace strata

#endif
