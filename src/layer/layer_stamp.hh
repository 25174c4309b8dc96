// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tells whether the files of a layer are those that were hashed
// before, from what the system says of them: names, sizes, modes, inodes, and
// times.  Reading a file does not change its stamp; nothing else leaves it.
// Threads: one at a time.

#ifndef STRATA_LAYER_LAYER_STAMP_HH
#define STRATA_LAYER_LAYER_STAMP_HH

#include "base/sha256.hh"
#include "base/walk.hh"
#include "layer/tar_writer.hh"

#include <optional>

namespace strata {

class LayerStamp {
public:
  /// Begins before the first file is looked at.
  LayerStamp();

  /// ENTRY, null for a directory that no walk shows, becomes TAR_ENTRY.
  void add(const TarEntry &tar_entry, Entry *entry);

  /// Nothing if a file was changed so lately that the next change could have
  /// the same time.
  std::optional<Digest> finish();

private:
  Sha256 hash_;
  std::int64_t surely_past_; // nanoseconds since 1970
  bool sure_ = true;
};

} // namespace strata

#endif
