// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: names for what is in a fragment cache.  A key is the SHA-256 of a
// text that tells all that the bytes depend on:
//
//   fragment   format version, item path, NAR hash, times and owners,
//              compressor: tool, level, version, and what it makes of a sample
//   layer      the digests of all its compressed fragments: those of items,
//              and that of the others, which are compressed for it; and the
//              stamp of the files
//   plain      the same without a compressor: NAR hashes, and the stamp
//
// A layer that is found is not read.  Its stamp is part of the key because a
// store's database may say of files what they are not: of a copy, a damaged
// store, or a file that changed while it was packed.
//
// The sample tells apart libraries of one version that were built differently.
// Threads: immutable.

#ifndef STRATA_LAYER_FRAGMENT_KEYS_HH
#define STRATA_LAYER_FRAGMENT_KEYS_HH

#include "layer/compressor.hh"
#include "layer/layer.hh"

#include <optional>
#include <string>
#include <vector>

namespace strata {

class FragmentKeys {
public:
  /// For fragments that COMPRESSOR, which was made for COMPRESSION and must
  /// outlive the keys, compresses.
  FragmentKeys(const Compression &compression, const Compressor &compressor);

  /// Nothing for an item whose NAR hash is not known, or where names are
  /// transformed: a fragment then depends on the others.
  std::optional<Digest> of_item(const LayerContents &layer,
                                const LayerItem &item) const;

  /// FRAGMENTS are the digests of the compressed fragments of its items, in
  /// order.  REQUIRES: can_be_known(), and STAMP is that of its files.
  Digest of_layer(const LayerContents &layer,
                  const std::vector<Digest> &fragments,
                  const Digest &stamp) const;

private:
  std::vector<std::byte> compressed_rest(const LayerContents &layer) const;

  const Compressor *library_;
  std::string compressor_;
};

/// Whether LAYER has a key: it has no root entries, its names are not
/// transformed, and the NAR hashes of its items are known.
bool can_be_known(const LayerContents &layer);

/// The key of LAYER as a plain one.  REQUIRES: as of_layer ().
Digest plain_layer_key(const LayerContents &layer, const Digest &stamp);

} // namespace strata

#endif
