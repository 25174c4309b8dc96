// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the fragments of a layer, compressed: what a cache has is taken from
// it, all else is compressed and added to it.
//
//   CachedFragments   a layer that is not known as a whole: every item is read
//                     and hashed, but only those that the cache lacks are
//                     compressed
//   KnownFragments    a layer whose digests are known: no item is read
//
// A cached fragment is taken only if the item has the plain bytes that were
// compressed then, so that diff_id and blob always go together.
// Threads: one writes; follow-ups of the tasks run on others.

#ifndef STRATA_LAYER_CACHED_FRAGMENTS_HH
#define STRATA_LAYER_CACHED_FRAGMENTS_HH

#include "base/file_copy.hh"
#include "layer/compressed_fragments.hh"
#include "layer/fragment_cache.hh"
#include "layer/fragment_keys.hh"

#include <memory>
#include <optional>
#include <vector>

namespace strata {

/// A cache and the names for what is in it.
struct KeyedCache {
  FragmentCache &cache;
  FragmentKeys keys;
};

/// What both need.  All must outlive the tasks.
struct FragmentWork {
  const LayerContents &layer;
  const Compressor &compressor;
  OrderedTasks &tasks;
  const KeyedCache *cache;         // may be null for CachedFragments
  std::function<void(Bytes)> take; // compressed bytes, in follow-ups
  // The same from a file, whose digest was found right.
  std::function<void(const FileRange &)> copy;
  Monitor &monitor;
};

class CachedFragments : public FragmentOutput {
public:
  explicit CachedFragments(FragmentWork work);

  bool begin_item(const LayerItem &item) override;
  void write(Bytes bytes) override;
  bool end_item() override;
  void end_fragment() override { blocks_.end_fragment(); }

  /// The SHA-256 of the plain bytes.  REQUIRES: the layer is complete.
  Digest finish_diff_id() { return diff_id_.finish(); }

  /// The fragments of the items, once a follow-up of a task that was submitted
  /// after them asks; nothing if one of them is not cached.
  using Digests = std::optional<std::vector<Digest>>;
  std::shared_ptr<const Digests> fragments() const { return fragments_; }

private:
  void begin_new();
  void take_cached(FileDescriptor file);
  void finish_new();

  FragmentWork work_;
  CompressedFragments blocks_;
  Sha256 diff_id_;
  std::shared_ptr<Digests> fragments_; // for follow-ups

  // Of the item that is being written.
  std::optional<Digest> key_;
  std::optional<CachedFragment> known_;
  std::optional<Sha256> before_; // diff_id_ as it was before the item
  std::optional<Sha256> plain_;
  std::shared_ptr<NewFragment> new_; // null: it is not added
};

/// What the cache knows of a layer as a whole.
struct KnownLayer {
  CachedLayer layer;
  std::vector<CachedFragment> fragments; // of its items, in order
};

/// Nothing unless the cache has all of LAYER, whose files had STAMP then.
std::optional<KnownLayer> find_known_layer(const KeyedCache &cache,
                                           const LayerContents &layer,
                                           const std::optional<Digest> &stamp);

class KnownFragments : public FragmentOutput {
public:
  /// JOBS threads compress an item whose cached fragment was damaged.
  KnownFragments(FragmentWork work, std::vector<CachedFragment> fragments,
                 unsigned jobs);

  bool begin_item(const LayerItem &item) override;
  void write(Bytes bytes) override { blocks_.write(bytes); }
  void end_fragment() override { blocks_.end_fragment(); }

private:
  FragmentWork work_;
  CompressedFragments blocks_;
  std::vector<CachedFragment> fragments_;
  std::size_t next_ = 0;
  unsigned jobs_;
};

} // namespace strata

#endif
