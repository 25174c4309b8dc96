// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the tables of a Guix store database.

#ifndef STRATA_STORE_STORE_SCHEMA_HH
#define STRATA_STORE_STORE_SCHEMA_HH

#include "base/database.hh"

namespace strata {

/// Makes the tables, indexes and the trigger that Guix's daemon expects, where
/// they are not there yet.
void create_store_schema(Database &database);

/// Throws Error unless DATABASE has Guix's tables (Nix's differ: they lack
/// FailedPaths and have further columns, which Guix's daemon does not fill).
void check_store_schema(const Database &database);

} // namespace strata

#endif
