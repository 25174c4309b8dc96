// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an item that is a tree in memory instead of a folder on disk.

#ifndef STRATA_TREE_VIRTUAL_ITEM_HH
#define STRATA_TREE_VIRTUAL_ITEM_HH

#include "store/nar.hh"
#include "tree/tree.hh"

#include <memory>
#include <string>
#include <vector>

namespace strata {

/// Planned, packed and registered like any item.  Immutable.
struct VirtualItem {
  std::string path; // the store path that its content gives it
  std::shared_ptr<const Tree> tree;
  NarInfo nar;
  std::vector<std::string> references; // paths, bytewise sorted
};

} // namespace strata

#endif
