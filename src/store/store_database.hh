// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the reference graph that a store's database holds.
// Format: the tables ValidPaths and Refs, which Guix's and Nix's schema share.

#ifndef STRATA_STORE_STORE_DATABASE_HH
#define STRATA_STORE_STORE_DATABASE_HH

#include "base/monitor.hh"
#include "store/graph.hh"
#include "store/location.hh"

namespace strata {

/// All items of the store at LOCATION.  The store may be in use; nothing is
/// made or changed in the folder of its database.  A size of 0, which old
/// daemons wrote, and a deriver that is no item count as not known.  Errors:
/// a database that is missing, damaged or of another schema, a path outside
/// the store, a hash or size that is none, a reference to nothing.
ReferenceGraph read_store_database(const StoreLocation &location,
                                   Monitor &monitor);

} // namespace strata

#endif
