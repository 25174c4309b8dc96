// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: adding items to a store below a root, for machines that have no
// Guix or Nix.
// Threads: may be called by several threads and processes at once.

#ifndef STRATA_STORE_ADD_HH
#define STRATA_STORE_ADD_HH

#include "base/monitor.hh"
#include "store/location.hh"

#include <string>

namespace strata {

/// Copies SOURCE (a file, directory or symlink) into the store at LOCATION as
/// an item with the name NAME and registers it with its NAR hash and size, and
/// with references to the items whose hashes are in it.  The result is its
/// path, the one that `nix-store --add` gives it.  Adding what is there
/// already does nothing.  The store and its database, with Guix's tables, are
/// made where they are missing.  Throws Error; then nothing is registered and
/// nothing left.  REQUIRES: a store root: a store of the machine belongs to
/// its daemon.
std::string add_to_store(const StoreLocation &location, const std::string &name,
                         const std::string &source, Monitor &monitor);

} // namespace strata

#endif
