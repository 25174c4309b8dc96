// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: looks into the store as the image will have it: links are followed
// inside the store, wherever it lies on disk, and through virtual items.

#ifndef STRATA_TREE_IMAGE_FILES_HH
#define STRATA_TREE_IMAGE_FILES_HH

#include "base/walk.hh"
#include "store/location.hh"
#include "tree/virtual_item.hh"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

class ImageFiles {
public:
  explicit ImageFiles(StoreLocation location,
                      std::vector<VirtualItem> virtual_items = {});

  struct Found {
    std::string path; // logical path, without links
    Kind kind;        // never symlink
  };

  /// What PATH (a logical path in the store) leads to once links are followed,
  /// or nothing: a link that is broken, goes round in circles or leaves the
  /// store leads nowhere.
  std::optional<Found> find(std::string_view path) const;

  const StoreLocation &location() const { return location_; }

private:
  struct Step {
    std::optional<Kind> kind;
    std::string target; // of a symlink
  };
  Step look(const std::string &path) const;

  StoreLocation location_;
  std::vector<VirtualItem> virtual_items_;
};

} // namespace strata

#endif
