// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: file descriptors, reading of files, paths, folders.
// Errors: an Error names the file and the system's reason.
// Threads: an object belongs to one thread at a time.

#ifndef STRATA_BASE_FILE_HH
#define STRATA_BASE_FILE_HH

#include "base/monitor.hh"

#include <sys/stat.h>
#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strata {

/// Owns an open file descriptor.
class FileDescriptor {
public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor &&other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor &operator=(FileDescriptor &&other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor();

  int get() const { return number_; }

  /// The number, which the caller closes from now on.
  int release() { return std::exchange(number_, -1); }
  explicit operator bool() const { return number_ >= 0; }

private:
  int number_ = -1;
};

/// Opens PATH for reading (close-on-exec, non-blocking: a FIFO opens at once).
/// Throws Error.
FileDescriptor open_file(const std::string &path);

/// Reads what FILE, called NAME, has now, at most SIZE bytes; 0 at its end
/// only. While a FIFO or pipe has nothing, also before its first writer came,
/// it looks every 100 ms whether MONITOR cancels.
std::size_t read_some(const FileDescriptor &file, const std::string &name,
                      void *data, std::size_t size, const Monitor &monitor);

/// The whole content of PATH, at most LIMIT bytes; more is an Error.  Waits as
/// read_some does.
std::string read_file(const std::string &path, std::size_t limit,
                      const Monitor &monitor);

/// Reads up to SIZE bytes at OFFSET of the file NAME; less at its end only.
std::size_t read_at(const FileDescriptor &file, const std::string &name,
                    void *data, std::size_t size, std::uint64_t offset);

/// lstat, or nothing where PATH does not exist.  Other failures throw Error.
bool file_exists(const std::string &path);

/// The absolute PATH without symlinks; all of it must exist.
std::string real_path(const std::string &path);

/// "/a" for "/a/b" and "." for "b".
std::string parent_directory(const std::string &path);

/// "b" for "/a/b".
std::string_view base_name(std::string_view path);

/// So many symlinks the kernel follows in one look-up.
constexpr int most_links = 40;

/// The names that PATH goes through; empty ones and "." are none.
std::vector<std::string_view> path_names(std::string_view path);

/// Makes PATH and the folders above it (mode 0777 less the umask).
void make_directories(const std::string &path);

/// The names in the folder PATH, bytewise sorted.
std::vector<std::string> list_directory(const std::string &path);

/// Removes PATH and all below it, read-only folders included; what cannot be
/// removed stays.
void remove_tree(const std::string &path) noexcept;

/// fsync of the folder PATH, so that a rename in it outlives a power cut.
void sync_directory(const std::string &path);

} // namespace strata

#endif
