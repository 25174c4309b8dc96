// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: compressed fragments of items on disk (cache_folder), so that a
// later image does not compress them again.
//
// A fragment is written under a hidden name, renamed, and only then listed in
// the index: a crash leaves a file that nothing names, which
// prune_cache() removes.
// What is read is verified first, so no file is synced to the disk.  Any file
// may be removed at any time; several processes may use one cache.  It leaves
// room on its disk for the image that is made: the least recently used
// fragments go, and a new one that finds no room is given up.
//
// Errors: none that stops an image.  What goes wrong with the cache is told
// once, as a warning, and the cache is not used from then on.
// Threads: all methods of a FragmentCache may be called from any thread.

#ifndef STRATA_LAYER_FRAGMENT_CACHE_HH
#define STRATA_LAYER_FRAGMENT_CACHE_HH

#include "base/file.hh"
#include "base/monitor.hh"
#include "base/new_file.hh"
#include "layer/cache_folder.hh"
#include "layer/fragment_index.hh"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// What a cache holds, in bytes, when nobody says otherwise.
constexpr std::uint64_t default_cache_limit = std::uint64_t(10) << 30;

/// Whether FILE, open for reading, has the bytes of FRAGMENT.
bool is_fragment(const FileDescriptor &file, const std::string &name,
                 const CachedFragment &fragment, const Monitor &monitor);

/// The index of the cache in DIRECTORY, which must exist.  A damaged one is
/// made anew: it is worth no more than the time it saves.  Fragments make room
/// for it where the disk is full.
std::unique_ptr<FragmentIndex> open_cache_index(const std::string &directory);

/// Removes the least recently used fragments in DIRECTORY until they are at
/// most LIMIT bytes, and FREED bytes less than they were.  An Error if one
/// could not be removed.
void shrink_cache(const std::string &directory, FragmentIndex &index,
                  std::uint64_t limit, std::uint64_t freed);

/// Removes what INDEX does not name and no process writes any more.
void sweep_cache(const std::string &directory, FragmentIndex &index);

class FragmentCache;

/// The compressed bytes of a fragment on their way into a cache.
/// Threads: one at a time.
class NewFragment : public ByteOutput {
public:
  explicit NewFragment(FragmentCache &cache) : cache_(cache) {}

  /// Never throws for what is wrong with the cache.
  void write(Bytes bytes) override;

private:
  friend class FragmentCache;
  void give_up();

  FragmentCache &cache_;
  std::optional<NewFile> file_;
  bool failed_ = false;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

class FragmentCache {
public:
  /// The cache in DIRECTORY, made where there is none.  Throws Error if it
  /// cannot be used, or if somebody else could write to it.
  FragmentCache(std::string directory, Monitor &monitor,
                std::uint64_t limit = default_cache_limit);

  std::optional<CachedFragment> find_fragment(const Digest &key);
  std::optional<CachedLayer> find_layer(const Digest &key);

  /// The file of FRAGMENT, whose digest was found right; none, and FRAGMENT is
  /// forgotten, if it was damaged or is gone.
  FileDescriptor open(const CachedFragment &fragment);

  /// A fragment to be written and added; null if there is no room.
  std::unique_ptr<NewFragment> begin();

  /// Keeps FRAGMENT, which is complete, with the digest of its PLAIN bytes.
  /// Returns the digest of the compressed ones, nothing if they are not kept.
  std::optional<Digest> add(const Digest &key, NewFragment &fragment,
                            const Digest &plain);
  void add(const Digest &key, const CachedLayer &layer);

  /// An image of at most SIZE bytes will be written to the disk of the cache,
  /// which leaves room for it and makes it if necessary.
  void leave_room(std::uint64_t size);

  /// SIZE bytes less are to come than leave_room() was told.
  void image_has_grown(std::uint64_t size);

  /// Removes the least recently used fragments until the limit is kept and the
  /// disk has room; now and then, also what nothing names.
  void trim();

private:
  friend class NewFragment;

  template <typename Body>
  void guarded(Body body);
  void warn_once(const Error &error);
  void warn_once_locked(const Error &error);
  void trim_locked(FragmentIndex &index);

  const std::string directory_;
  Monitor &monitor_;
  const std::uint64_t limit_;
  std::mutex mutex_;
  std::unique_ptr<FragmentIndex> index_; // null once given up
  bool warned_ = false;
  std::atomic<bool> full_ = false;         // nothing more is added
  std::atomic<std::uint64_t> to_come_ = 0; // bytes of the image
  std::vector<Digest> used_;               // keys
  std::uint64_t added_ = 0;                // bytes since the last trim
};

} // namespace strata

#endif
