// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the database of just a closure says of its items.

#ifndef STRATA_STORE_CLOSURE_REGISTRATION_HH
#define STRATA_STORE_CLOSURE_REGISTRATION_HH

#include "base/monitor.hh"
#include "store/graph.hh"
#include "store/location.hh"
#include "store/store_writer.hh"

#include <span>
#include <vector>

namespace strata {

/// The closure of ROOTS in GRAPH in topological order.  NAR hashes and sizes
/// that are not known are computed from the items on disk, on JOBS threads (0:
/// one per core).  Throws Error.
std::vector<Registration> register_closure(const ReferenceGraph &graph,
                                           std::span<const ItemIndex> roots,
                                           const StoreLocation &location,
                                           unsigned jobs, Monitor &monitor);

} // namespace strata

#endif
