// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/fragment_cache.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;
constexpr std::uint64_t most_reserve = std::uint64_t(1) << 30; // bytes
constexpr std::uint64_t most_layer_rows = 100'000;
constexpr std::uint64_t trim_step = std::uint64_t(256) << 20; // bytes

// How many bytes the file system of DIRECTORY lacks to what is to stay free.
std::uint64_t lack_of_room(const std::string &directory) {
  struct statvfs status;
  if (statvfs(directory.c_str(), &status) != 0)
    return 0;
  std::uint64_t total = std::uint64_t(status.f_blocks) * status.f_frsize;
  std::uint64_t free = std::uint64_t(status.f_bavail) * status.f_frsize;
  std::uint64_t reserve = std::min(total / 20, most_reserve);
  return reserve - std::min(free, reserve);
}

// A damaged index is made anew: it is worth no more than the time it saves.
std::unique_ptr<FragmentIndex> open_index(const std::string &directory) {
  std::string path = cache_index_file(directory);
  try {
    return std::make_unique<FragmentIndex>(path);
  } catch (const DatabaseError &error) {
    if (!is_index_damage(error))
      throw;
    remove_index(path);
  }
  return std::make_unique<FragmentIndex>(path);
}

} // namespace

std::string default_cache_directory() {
  auto value = [](const char *name) {
    const char *text = getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  // Relative names do not count (XDG Base Directory Specification).
  if (std::string cache = value("XDG_CACHE_HOME"); cache.starts_with('/'))
    return cache + "/strata";
  if (std::string home = value("HOME"); home.starts_with('/'))
    return home + "/.cache/strata";
  return {};
}

std::string cache_index_file(const std::string &directory) {
  return directory + "/index.sqlite";
}

std::string fragment_folder(const std::string &directory) {
  return directory + "/fragments";
}

std::string cached_fragment_file(const std::string &directory,
                                 const Digest &digest) {
  return fragment_folder(directory) + "/" + digest.hex();
}

void check_cache_owner(const std::string &directory) {
  struct stat status;
  if (stat(directory.c_str(), &status) != 0)
    throw Error::system(
        format(_("cannot open '%s'"), printable(directory).c_str()), errno);
  if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(
        format(_("cannot use the cache '%s'"), printable(directory).c_str()),
        _("other users can write to it"));
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
  for (const CachedFragment &fragment : index.fragments()) {
    if (total <= wanted)
      break;
    index.remove(fragment.digest);
    unlink(cached_fragment_file(directory, fragment.digest).c_str());
    total -= std::min(fragment.size, total);
  }
}

void NewFragment::write(Bytes bytes) {
  if (failed_)
    return;
  Timings::Span span(cache_.monitor_.timings(), Activity::cache, bytes.size());
  try {
    if (!file_)
      file_.emplace(fragment_folder(cache_.directory_) + "/new");
    OffsetOutput(file_->file(), file_->path(), size_).write(bytes);
  } catch (const Error &error) {
    failed_ = true;
    file_.reset();
    cache_.warn_once(error);
    return;
  }
  hash_.write(bytes);
  size_ += bytes.size();
}

FragmentCache::FragmentCache(std::string directory, Monitor &monitor,
                             std::uint64_t limit)
    : directory_(std::move(directory)), monitor_(monitor), limit_(limit) {
  make_directories(fragment_folder(directory_));
  check_cache_owner(directory_);
  index_ = open_index(directory_);
  full_ = lack_of_room(directory_) > 0;
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
  guarded([&](FragmentIndex &index) { index.remove(fragment.digest); });
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
  shrink_cache(directory_, index, limit_, lack_of_room(directory_));
  index.keep_layers(most_layer_rows);
}

void FragmentCache::trim() {
  Timings::Span span(monitor_.timings(), Activity::cache);
  guarded([&](FragmentIndex &index) { trim_locked(index); });
}

} // namespace strata
