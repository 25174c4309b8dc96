// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where a store is: the prefix written in paths, the folder under
// which it really lies, and its database.

#ifndef STRATA_STORE_LOCATION_HH
#define STRATA_STORE_LOCATION_HH

#include <string>
#include <string_view>

namespace strata {

struct StoreLocation {
  std::string directory; // logical prefix, such as "/gnu/store"
  std::string root;      // folder under which it lies; empty for "/"
  std::string database;  // file name of the database, ROOT included

  /// Where PATH (a logical path such as "/gnu/store/...") is on disk.
  std::string on_disk(std::string_view path) const {
    return root + std::string(path);
  }
};

/// The location for the values of --store-root, --store and --database, each
/// empty where it was not given.  Without DIRECTORY the first of /gnu/store
/// and /nix/store below ROOT whose database exists is taken; without DATABASE
/// the default of that prefix below ROOT (DESIGN, section 9).  Throws Error.
StoreLocation locate_store(const std::string &root,
                           const std::string &directory,
                           const std::string &database);

/// Throws Error unless DIRECTORY is an absolute path without empty components,
/// '.' and '..'.
void check_store_directory(const std::string &directory);

} // namespace strata

#endif
