// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the C++ objects that Scheme holds, as foreign objects.

#ifndef STRATA_GUILE_OBJECTS_HH
#define STRATA_GUILE_OBJECTS_HH

#include "guile/convert.hh"
#include "store/graph.hh"
#include "store/location.hh"
#include "tree/virtual_item.hh"

#include <memory>

namespace strata {

/// A store that was opened: its graph does not change any more.
struct OpenStore {
  StoreLocation location;
  std::shared_ptr<const ReferenceGraph> graph;
};

/// Registers the types.  Called once, by scm_init_strata.
void init_objects();

SCM scm_from_store(OpenStore store);
SCM scm_from_tree(VirtualItem tree);

/// Throw Error for anything else.
const OpenStore &store_from_scm(SCM value);
const VirtualItem &tree_from_scm(SCM value);

} // namespace strata

#endif
