// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what all entries of a layer have in common: their time and, where
// a caller asks for others than 0:0, their owner.

#ifndef STRATA_LAYER_ENTRY_STYLE_HH
#define STRATA_LAYER_ENTRY_STYLE_HH

#include "base/walk.hh"

#include <cstdint>
#include <optional>
#include <string>

namespace strata {

struct EntryStyle {
  std::int64_t mtime = 1;      // seconds since 1970
  std::optional<unsigned> uid; // instead of the entry's own
  std::optional<unsigned> gid;
  std::string user_name; // ASCII; empty: none
  std::string group_name;

  Attributes owned(Attributes attributes) const {
    attributes.uid = uid.value_or(attributes.uid);
    attributes.gid = gid.value_or(attributes.gid);
    return attributes;
  }
};

} // namespace strata

#endif
