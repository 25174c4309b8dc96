// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/file.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace strata {

namespace {

[[noreturn]] void fail(const char *pattern, const std::string &path,
                       int number = errno) {
  throw Error::system(format(pattern, printable(path).c_str()), number);
}

struct CloseDirectory {
  void operator()(DIR *directory) const { closedir(directory); }
};

// Removes NAME in the open folder PARENT; errors are left to the caller's
// next look at the folder.
void remove_at(int parent, const char *name) noexcept {
  if (unlinkat(parent, name, 0) == 0 ||
      (errno != EISDIR && errno != EPERM && errno != EACCES && errno != EBUSY))
    return;
  // chmod follows links: it must not see one.
  struct stat status;
  if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISDIR(status.st_mode))
    return;
  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  fchmodat(parent, name, 0700, 0);
  int number = openat(parent, name, flags);
  if (number < 0)
    return;
  fchmod(number, 0700);
  std::unique_ptr<DIR, CloseDirectory> directory(fdopendir(number));
  if (!directory) {
    close(number);
    return;
  }
  while (dirent *entry = readdir(directory.get())) {
    std::string_view child = entry->d_name;
    if (child != "." && child != "..")
      remove_at(number, entry->d_name);
  }
  unlinkat(parent, name, AT_REMOVEDIR);
}

} // namespace

FileDescriptor::~FileDescriptor() {
  if (number_ >= 0)
    close(number_);
}

FileDescriptor open_file(const std::string &path) {
  FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file)
    fail(_("cannot open '%s'"), path);
  return file;
}

std::size_t read_some(const FileDescriptor &file, const std::string &name,
                      void *data, std::size_t size, const Monitor &monitor) {
  constexpr int wait = 100; // milliseconds
  for (;;) {
    monitor.check();
    // Without poll, a FIFO that waits for its first writer looks ended.
    pollfd content{file.get(), POLLIN, 0};
    if (poll(&content, 1, wait) <= 0)
      continue;
    ssize_t got = read(file.get(), data, size);
    if (got >= 0)
      return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EINTR)
      fail(_("cannot read '%s'"), name);
  }
}

std::string read_file(const std::string &path, std::size_t limit,
                      const Monitor &monitor) {
  FileDescriptor file = open_file(path);
  std::string result;
  std::size_t used = 0;
  struct stat status;
  if (fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode))
    result.reserve(std::min(static_cast<std::size_t>(status.st_size), limit) +
                   (128 << 10)); // at the end, room is needed to see it
  for (;;) {
    result.resize(used + (64 << 10));
    std::size_t got =
        read_some(file, path, &result[used], result.size() - used, monitor);
    used += got;
    if (used > limit)
      throw Error(format(_("cannot read '%s'"), printable(path).c_str()),
                  format(_("it has more than %zu bytes"), limit));
    if (got == 0)
      break;
  }
  result.resize(used);
  return result;
}

std::size_t read_at(const FileDescriptor &file, const std::string &name,
                    void *data, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    ssize_t got = pread(file.get(), static_cast<char *>(data) + done,
                        size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      fail(_("cannot read '%s'"), name);
    if (got == 0)
      break;
    done += got;
  }
  return done;
}

bool file_exists(const std::string &path) {
  struct stat status;
  if (lstat(path.c_str(), &status) == 0)
    return true;
  if (errno != ENOENT && errno != ENOTDIR)
    fail(_("cannot look at '%s'"), path);
  return false;
}

std::string real_path(const std::string &path) {
  std::unique_ptr<char, decltype(&free)> result(realpath(path.c_str(), nullptr),
                                                &free);
  if (!result)
    fail(_("cannot find '%s'"), path);
  return result.get();
}

std::string parent_directory(const std::string &path) {
  std::size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

namespace {

bool is_directory(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

} // namespace

std::vector<std::string_view> path_names(std::string_view path) {
  std::vector<std::string_view> result;
  while (!path.empty()) {
    std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!name.empty() && name != ".")
      result.push_back(name);
  }
  return result;
}

void make_directories(const std::string &path) {
  if (is_directory(path))
    return;
  if (std::string parent = parent_directory(path); parent != path)
    make_directories(parent);
  if (mkdir(path.c_str(), 0777) == 0)
    return;
  // Another process may have made it meanwhile.
  int number = errno;
  if (number != EEXIST || !is_directory(path))
    fail(_("cannot make the folder '%s'"), path, number);
}

std::vector<std::string> list_directory(const std::string &path) {
  std::unique_ptr<DIR, CloseDirectory> directory(opendir(path.c_str()));
  if (!directory)
    fail(_("cannot open the folder '%s'"), path);
  std::vector<std::string> result;
  for (;;) {
    errno = 0;
    dirent *entry = readdir(directory.get());
    if (entry == nullptr)
      break;
    std::string_view name = entry->d_name;
    if (name != "." && name != "..")
      result.emplace_back(name);
  }
  if (errno != 0)
    fail(_("cannot read the folder '%s'"), path);
  std::sort(result.begin(), result.end());
  return result;
}

void remove_tree(const std::string &path) noexcept {
  remove_at(AT_FDCWD, path.c_str());
}

void sync_directory(const std::string &path) {
  FileDescriptor directory(
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a folder; they say so with EINVAL.
  if (!directory || (fsync(directory.get()) != 0 && errno != EINVAL))
    fail(_("cannot sync the folder '%s'"), path);
}

} // namespace strata
