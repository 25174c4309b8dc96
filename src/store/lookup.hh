// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the item that a user means.

#ifndef STRATA_STORE_LOOKUP_HH
#define STRATA_STORE_LOOKUP_HH

#include "store/graph.hh"
#include "store/location.hh"

#include <string>

namespace strata {

/// The path of the item that ARGUMENT names, which is valid (in GRAPH) and on
/// disk.  ARGUMENT is one of
///   - the name of an item, "hello" or "hello@2.10" or "hello-2.10"; the name
///     of a file in the current folder counts where no item has that name;
///   - a store path;
///   - a path to a symlink that leads to one, maybe over others (a profile).
///     Links that begin with the store directory lead below the root of the
///     store, and so do those that lie below it.
/// An Error says why there is none; its hint lists the candidates of an
/// ambiguous name, or what the user may have meant.
std::string resolve_item(const ReferenceGraph &graph,
                         const StoreLocation &location,
                         const std::string &argument);

} // namespace strata

#endif
