// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the items of an image: the closure of what was asked for, with
// sizes and contents, as plan and layer want them.

#ifndef STRATA_PACK_CLOSURE_HH
#define STRATA_PACK_CLOSURE_HH

#include "base/monitor.hh"
#include "layer/layer.hh"
#include "pack/request.hh"

namespace strata {

struct ClosureItems {
  ImageItems plan;                 // bytewise by path
  std::vector<LayerItem> contents; // the same items
};

/// ITEMS and PROFILES and all they refer to in GRAPH, bytewise by path.  Throws
/// Error for an item that is not there.
ImageItems closure_items(const ReferenceGraph &graph,
                         const StoreLocation &location,
                         const std::vector<std::string> &items,
                         const std::vector<VirtualItem> &profiles,
                         Monitor &monitor);

/// Items and profiles of REQUEST and all they refer to.  Throws Error for an
/// item that is not in the graph or not on disk.
ClosureItems find_closure(const PackRequest &request, Monitor &monitor);

} // namespace strata

#endif
