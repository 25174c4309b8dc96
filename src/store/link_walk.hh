// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where symlinks lead in a store that may lie below a root.
// Threads: nothing shared.

#ifndef STRATA_STORE_LINK_WALK_HH
#define STRATA_STORE_LINK_WALK_HH

#include "store/location.hh"

#include <string>

namespace strata {

/// The end of a walk along symlinks.
struct LinkEnd {
  std::string path; // logical where it is in the store
  bool in_store = false;
};

/// Follows PATH and the symlinks in it.  An item is never followed itself, but
/// what lies below one is.  Absolute links below the store's root, and those
/// into the store directory, lead below the root.  Throws Error where a file
/// on the way is missing or the links have no end.
LinkEnd follow_links(const StoreLocation &location, const std::string &path);

} // namespace strata

#endif
