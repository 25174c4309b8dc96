// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the index of the fragment cache: which fragments and layers are
// known.  An SQLite database that several processes may use at once.
//
//   Fragments   key -> digest and size of the compressed bytes, digest of the
//               plain ones
//   Layers      key -> diff_id, digest, size
//
// Keys are made by FragmentCache.  Each row has a seal, the SHA-256 of the rest
// of it: a row that is damaged is no row.  Times are seconds since 1970.
// Errors: Error.
// Threads: one at a time.

#ifndef STRATA_LAYER_FRAGMENT_INDEX_HH
#define STRATA_LAYER_FRAGMENT_INDEX_HH

#include "base/database.hh"
#include "base/sha256.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace strata {

struct CachedFragment {
  Digest digest;          // of the compressed bytes
  std::uint64_t size = 0; // of the compressed bytes
  Digest plain;           // of the plain bytes
};

struct CachedLayer {
  Digest diff_id;
  Digest digest;          // of the blob
  std::uint64_t size = 0; // of the blob, bytes
};

/// Whether ERROR says that the database itself is damaged.
bool is_index_damage(const DatabaseError &error);

/// Removes the index in the file PATH, so that it can be made anew.
void remove_index(const std::string &path);

class FragmentIndex {
public:
  /// The index in the file PATH, made where it does not exist.
  explicit FragmentIndex(const std::string &path);

  std::optional<CachedFragment> find_fragment(const Digest &key);
  std::optional<CachedLayer> find_layer(const Digest &key);
  void add(const Digest &key, const CachedFragment &fragment);
  void add(const Digest &key, const CachedLayer &layer);

  /// KEYS of fragments were used now.
  void touch(const std::vector<Digest> &keys);

  /// Forgets all fragments whose compressed bytes have one of DIGESTS; returns
  /// how many there were.
  std::uint64_t remove(const std::vector<Digest> &digests);

  /// Removes rows that are damaged; returns how many there were.
  std::uint64_t remove_damaged_rows();

  /// The fragments, each digest once, the least recently used first.
  std::vector<CachedFragment> fragments();
  std::uint64_t layer_count();

  /// The sum of the sizes of fragments().
  std::uint64_t total_size();

  /// Forgets all layers but the COUNT that were added last.
  void keep_layers(std::uint64_t count);

private:
  Database database_;
};

} // namespace strata

#endif
