// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: whether the items on disk are those that were registered.

#ifndef STRATA_STORE_VERIFY_HH
#define STRATA_STORE_VERIFY_HH

#include "base/monitor.hh"
#include "store/graph.hh"
#include "store/location.hh"

#include <string>
#include <vector>

namespace strata {

struct Problem {
  std::string path;        // of the item
  std::string description; // translated, with names made printable
};

/// Reads every item of GRAPH on JOBS threads (0: one per core) and compares
/// NAR hash and size with those known.  The problems of items that are
/// missing, unreadable or different, bytewise by path.
std::vector<Problem> verify_store(const ReferenceGraph &graph,
                                  const StoreLocation &location, unsigned jobs,
                                  Monitor &monitor);

} // namespace strata

#endif
