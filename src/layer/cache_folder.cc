// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/cache_folder.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/new_file.hh"
#include "base/text.hh"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <tuple>
#include <vector>

namespace strata {

namespace {

constexpr std::uint64_t most_reserve = std::uint64_t(1) << 30; // bytes
constexpr std::int64_t orphan_age = 3600;                      // seconds
constexpr std::int64_t orphan_interval = 24 * 3600;            // seconds

// Whether a FragmentCache gives its files such names.
bool is_cache_file(const std::string &name) {
  return Digest::from_hex(name) || is_temporary_name(name);
}

struct FragmentFile {
  std::string path, name;
  std::int64_t modified; // seconds since 1970
  std::uint64_t size;    // bytes
};

std::vector<FragmentFile> fragment_files(const std::string &directory) {
  std::vector<FragmentFile> result;
  std::string folder = fragment_folder(directory);
  if (!file_exists(folder))
    return result;
  for (const std::string &name : list_directory(folder)) {
    std::string path = folder + "/" + name;
    struct stat status;
    if (is_cache_file(name) && lstat(path.c_str(), &status) == 0)
      result.push_back({path, name, status.st_mtime,
                        static_cast<std::uint64_t>(status.st_size)});
  }
  return result;
}

void make_private_directory(const std::string &path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
    throw Error::system(
        format(_("cannot make the folder '%s'"), printable(path).c_str()),
        errno);
}

void check_owner(const std::string &folder, const std::string &directory) {
  struct stat status;
  if (stat(folder.c_str(), &status) != 0)
    throw Error::system(
        format(_("cannot open '%s'"), printable(folder).c_str()), errno);
  if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(
        format(_("cannot use the cache '%s'"), printable(directory).c_str()),
        _("other users can write to it"));
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

void make_cache_folder(const std::string &directory) {
  if (!file_exists(directory)) {
    make_directories(parent_directory(directory));
    make_private_directory(directory);
  }
  make_private_directory(fragment_folder(directory));
}

void check_cache_owner(const std::string &directory) {
  check_owner(directory, directory);
  if (std::string folder = fragment_folder(directory); file_exists(folder))
    check_owner(folder, directory);
}

std::uint64_t lack_of_room(const std::string &directory, std::uint64_t wanted) {
  struct statvfs status;
  if (statvfs(directory.c_str(), &status) != 0)
    return 0;
  std::uint64_t total = std::uint64_t(status.f_blocks) * status.f_frsize;
  std::uint64_t free = std::uint64_t(status.f_bavail) * status.f_frsize;
  wanted += std::min(total / 20, most_reserve);
  return wanted - std::min(free, wanted);
}

void remove_cache_file(const std::string &path) {
  if (unlink(path.c_str()) == 0 || errno == ENOENT)
    return;
  int cause = errno;
  if (cause == EISDIR)
    remove_tree(path);
  if (file_exists(path))
    throw Error::system(
        format(_("cannot remove '%s'"), printable(path).c_str()), cause);
}

bool remove_unless_file(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode))
    return false;
  remove_cache_file(path);
  return true;
}

void remove_all_fragments(const std::string &directory) {
  for (const FragmentFile &file : fragment_files(directory))
    if (!is_temporary_name(file.name)) // another process writes it
      remove_cache_file(file.path);
}

void remove_orphans(const std::string &directory,
                    const std::set<std::string> &named) {
  std::int64_t old = time(nullptr) - orphan_age;
  for (const FragmentFile &file : fragment_files(directory))
    if (!named.contains(file.name) && file.modified < old)
      remove_cache_file(file.path);
}

bool are_orphans_due(const std::string &directory) {
  std::string mark = directory + "/swept";
  struct stat status;
  if (stat(mark.c_str(), &status) == 0 &&
      status.st_mtime + orphan_interval > time(nullptr))
    return false;
  FileDescriptor file(
      ::open(mark.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
  return file && futimens(file.get(), nullptr) == 0;
}

void remove_oldest_fragments(const std::string &directory, std::uint64_t size) {
  std::vector<FragmentFile> files = fragment_files(directory);
  std::sort(files.begin(), files.end(),
            [](const FragmentFile &a, const FragmentFile &b) {
              return std::tie(a.modified, a.name) <
                     std::tie(b.modified, b.name);
            });
  std::uint64_t removed = 0;
  for (const FragmentFile &file : files) {
    if (removed >= size)
      break;
    remove_cache_file(file.path);
    removed += file.size;
  }
}

} // namespace strata
