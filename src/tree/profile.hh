// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the profile: a virtual item that is the union of other items.

#ifndef STRATA_TREE_PROFILE_HH
#define STRATA_TREE_PROFILE_HH

#include "base/monitor.hh"
#include "store/location.hh"
#include "tree/virtual_item.hh"

#include <string>
#include <vector>

namespace strata {

/// What the profile has that none of its items has.
struct ProfileTexts {
  std::string manifest;    // the content of its file `manifest`
  std::string etc_profile; // of its file `etc/profile`
};

/// Joins ITEMS (paths of items on disk, first ones win) in one tree with as few
/// links as can be: what only one item has is one symlink to it.  Where
/// several have a directory (or a link to one), it is a directory that joins
/// theirs; where they have other things, the first item's is taken and MONITOR
/// gets a warning.  The item's name is "profile"; its path is the one that
/// `nix-store --add` gives the same tree.
VirtualItem make_profile(const StoreLocation &location,
                         const std::vector<std::string> &items,
                         const ProfileTexts &texts, Monitor &monitor);

} // namespace strata

#endif
