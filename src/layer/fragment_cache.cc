// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/fragment_cache.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/text.hh"

#include <algorithm>
#include <set>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;
constexpr std::uint64_t most_layer_rows = 100'000;
constexpr std::uint64_t trim_step = std::uint64_t(256) << 20; // bytes
constexpr std::uint64_t room_for_index = std::uint64_t(1) << 20;

// Whether a full disk may be the cause.
bool may_need_room(const DatabaseError &error) {
  constexpr int io = 10, full = 13, cannot_open = 14; // sqlite.org/rescode.html
  int code = error.code() & 0xff;
  return code == io || code == full || code == cannot_open;
}

} // namespace

std::unique_ptr<FragmentIndex> open_cache_index(const std::string &directory) {
  std::string path = cache_index_file(directory);
  remove_unless_file(path);
  try {
    return std::make_unique<FragmentIndex>(path);
  } catch (const DatabaseError &error) {
    if (is_index_damage(error)) {
      remove_index(path);
      remove_all_fragments(directory);
    } else if (may_need_room(error) && lack_of_room(directory) > 0) {
      remove_oldest_fragments(directory, room_for_index);
    } else {
      throw;
    }
  }
  return std::make_unique<FragmentIndex>(path);
}

bool is_fragment(const FileDescriptor &file, const std::string &name,
                 const CachedFragment &fragment, const Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::cache, fragment.size);
  std::vector<std::byte> buffer(buffer_size);
  Sha256 hash;
  for (std::uint64_t offset = 0;;) {
    monitor.check();
    std::size_t got = read_at(file, name, buffer.data(), buffer.size(), offset);
    hash.write(Bytes(buffer).first(got));
    offset += got;
    if (offset > fragment.size)
      return false;
    if (got < buffer.size())
      return offset == fragment.size && hash.finish() == fragment.digest;
  }
}

void shrink_cache(const std::string &directory, FragmentIndex &index,
                  std::uint64_t limit, std::uint64_t freed) {
  std::uint64_t total = index.total_size();
  std::uint64_t wanted = std::min(limit, total - std::min(freed, total));
  if (total <= wanted)
    return;
  // The files first: the index may need room itself.
  std::vector<Digest> removed;
  std::optional<Error> failure;
  for (const CachedFragment &fragment : index.fragments()) {
    if (total <= wanted)
      break;
    try {
      remove_cache_file(cached_fragment_file(directory, fragment.digest));
    } catch (const Error &error) {
      if (!failure)
        failure = error;
      continue;
    }
    removed.push_back(fragment.digest);
    total -= std::min(fragment.size, total);
  }
  index.remove(removed);
  if (failure)
    throw *failure;
}

void sweep_cache(const std::string &directory, FragmentIndex &index) {
  std::set<std::string> named;
  for (const CachedFragment &fragment : index.fragments())
    named.insert(fragment.digest.hex());
  remove_orphans(directory, named);
}

void NewFragment::write(Bytes bytes) {
  if (failed_)
    return;
  Timings::Span span(cache_.monitor_.timings(), Activity::cache, bytes.size());
  try {
    // The image needs the room more than the cache.
    if (lack_of_room(cache_.directory_, cache_.to_come_ + bytes.size()) > 0)
      return give_up();
    if (!file_)
      file_.emplace(fragment_folder(cache_.directory_) + "/new");
    OffsetOutput(file_->file(), file_->path(), size_).write(bytes);
  } catch (const Error &error) {
    give_up();
    cache_.warn_once(error);
    return;
  }
  hash_.write(bytes);
  size_ += bytes.size();
}

void NewFragment::give_up() {
  failed_ = true;
  file_.reset();
  cache_.full_ = true;
}

FragmentCache::FragmentCache(std::string directory, Monitor &monitor,
                             std::uint64_t limit)
    : directory_(std::move(directory)), monitor_(monitor), limit_(limit) {
  make_cache_folder(directory_);
  check_cache_owner(directory_);
  index_ = open_cache_index(directory_);
  leave_room(0);
}

void FragmentCache::warn_once(const Error &error) {
  std::lock_guard lock(mutex_);
  warn_once_locked(error);
}

void FragmentCache::warn_once_locked(const Error &error) {
  full_ = true;
  if (!std::exchange(warned_, true))
    monitor_.warn(format(_("the cache is not used: %s"), error.what()));
}

// Calls BODY with the index, unless it was given up or is so now.
template <typename Body>
void FragmentCache::guarded(Body body) {
  std::lock_guard lock(mutex_);
  if (!index_)
    return;
  try {
    body(*index_);
  } catch (const Error &error) {
    index_.reset();
    auto *damage = dynamic_cast<const DatabaseError *>(&error);
    if (damage != nullptr && is_index_damage(*damage))
      remove_index(cache_index_file(directory_));
    warn_once_locked(error);
  }
}

std::optional<CachedFragment> FragmentCache::find_fragment(const Digest &key) {
  std::optional<CachedFragment> result;
  guarded([&](FragmentIndex &index) {
    result = index.find_fragment(key);
    if (result)
      used_.push_back(key);
  });
  return result;
}

std::optional<CachedLayer> FragmentCache::find_layer(const Digest &key) {
  std::optional<CachedLayer> result;
  guarded([&](FragmentIndex &index) { result = index.find_layer(key); });
  return result;
}

FileDescriptor FragmentCache::open(const CachedFragment &fragment) {
  std::string path = cached_fragment_file(directory_, fragment.digest);
  try {
    FileDescriptor file = open_file(path);
    if (is_fragment(file, path, fragment, monitor_))
      return file;
  } catch (const Error &) {
    // Another process removed it, or the disk cannot read it: the same.
  }
  guarded([&](FragmentIndex &index) {
    index.remove({fragment.digest});
    remove_cache_file(path);
  });
  return {};
}

std::unique_ptr<NewFragment> FragmentCache::begin() {
  std::lock_guard lock(mutex_);
  if (!index_ || full_)
    return nullptr;
  return std::make_unique<NewFragment>(*this);
}

std::optional<Digest> FragmentCache::add(const Digest &key,
                                         NewFragment &fragment,
                                         const Digest &plain) {
  Timings::Span span(monitor_.timings(), Activity::cache);
  std::optional<Digest> result;
  guarded([&](FragmentIndex &index) {
    CachedFragment known{fragment.hash_.finish(), fragment.size_, plain};
    if (fragment.failed_ || !fragment.file_)
      return;
    fragment.file_->commit_unsynced(
        cached_fragment_file(directory_, known.digest));
    fragment.file_.reset(); // its room is free once it is removed
    index.add(key, known);
    result = known.digest;
    added_ += known.size;
    if (added_ >= trim_step)
      trim_locked(index);
    full_ = full_ || lack_of_room(directory_) > 0;
  });
  return result;
}

void FragmentCache::add(const Digest &key, const CachedLayer &layer) {
  guarded([&](FragmentIndex &index) { index.add(key, layer); });
}

void FragmentCache::trim_locked(FragmentIndex &index) {
  added_ = 0;
  index.touch(std::exchange(used_, {}));
  shrink_cache(directory_, index, limit_, lack_of_room(directory_, to_come_));
  index.keep_layers(most_layer_rows);
}

void FragmentCache::leave_room(std::uint64_t size) {
  to_come_ = size;
  if (lack_of_room(directory_, size) == 0)
    return;
  full_ = true;
  guarded([&](FragmentIndex &index) { trim_locked(index); });
}

void FragmentCache::image_has_grown(std::uint64_t size) {
  to_come_ -= std::min<std::uint64_t>(size, to_come_);
}

void FragmentCache::trim() {
  Timings::Span span(monitor_.timings(), Activity::cache);
  guarded([&](FragmentIndex &index) {
    trim_locked(index);
    if (are_orphans_due(directory_))
      sweep_cache(directory_, index);
  });
}

} // namespace strata
