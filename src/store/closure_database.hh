// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the store database of just a closure, for localstatedir, with the
// same bytes every time and from any build of SQLite.
// Format: DESIGN, section 9 (Guix's schema); "Database File Format"
// (sqlite.org/fileformat2.html) for what differs between builds.

#ifndef STRATA_STORE_CLOSURE_DATABASE_HH
#define STRATA_STORE_CLOSURE_DATABASE_HH

#include "store/store_writer.hh"

#include <span>
#include <string>

namespace strata {

/// The bytes of a database that lists ITEMS in their order (topological), each
/// with deriver NULL.  Throws Error for a reference that leads out of ITEMS.
std::string closure_database(std::span<const Registration> items);

} // namespace strata

#endif
