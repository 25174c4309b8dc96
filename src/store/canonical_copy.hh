// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: copies in the canonical form of items: modes 0444 and 0555, mtime 1
// second after 1970, nothing else kept of owners, times, set-uid bits, hard
// links and extended attributes.

#ifndef STRATA_STORE_CANONICAL_COPY_HH
#define STRATA_STORE_CANONICAL_COPY_HH

#include "base/monitor.hh"
#include "base/walk.hh"

#include <string>

namespace strata {

/// Copies TREE to DESTINATION, where nothing may be yet.  Long rows of zeros
/// become holes.  The copy is on disk when this returns.  When it throws, a
/// part of the copy may be there.  Bytes are counted by MONITOR.
void copy_canonical(const Walkable &tree, const std::string &destination,
                    Monitor &monitor);

} // namespace strata

#endif
