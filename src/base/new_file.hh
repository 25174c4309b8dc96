// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: files written whole or not at all, and temporary files.
// Errors: an Error names the file and the system's reason.
// Threads: an object belongs to one thread at a time.

#ifndef STRATA_BASE_NEW_FILE_HH
#define STRATA_BASE_NEW_FILE_HH

#include "base/error.hh"
#include "base/file.hh"

#include <string>
#include <string_view>
#include <utility>

namespace strata {

/// A name in the folder of PATH for a temporary: hidden and not in use.
std::string temporary_name(const std::string &path);

/// Whether NAME, without its folder, is one that temporary_name() makes.
bool is_temporary_name(std::string_view name);

/// Where the symlinks at PATH lead; no file need be there.
std::string end_of_links(const std::string &path);

/// A file that appears under its name whole, or not at all: it is written
/// under a hidden name beside it, which the destructor removes.
class NewFile {
public:
  /// PATH: where commit() puts it.  A symlink there is followed.
  explicit NewFile(const std::string &path);
  NewFile(NewFile &&other) noexcept
      : path_(std::move(other.path_)),
        temporary_(std::exchange(other.temporary_, {})),
        file_(std::move(other.file_)) {}
  NewFile &operator=(NewFile &&) = delete;
  ~NewFile();

  const FileDescriptor &file() const { return file_; }
  const std::string &path() const { return path_; }

  /// Ends the writing: fsync and close.
  void close();

  /// close(), rename to PATH (or to OTHER_PATH on the same file system), fsync
  /// of the folder.
  void commit();
  void commit(const std::string &other_path);

  /// Renames to OTHER_PATH without fsync, for what is verified when it is read:
  /// after a power cut the file may be there with other bytes.
  void commit_unsynced(const std::string &other_path);

private:
  std::string path_;
  std::string temporary_; // empty once it has its name
  FileDescriptor file_;
};

/// A new private folder below TMPDIR (or /tmp), removed with all in it.
class TemporaryDirectory {
public:
  TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory &) = delete;
  TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;
  ~TemporaryDirectory();
  const std::string &path() const { return path_; }

private:
  std::string path_;
};

/// An open file without a name, in TMPDIR (or /tmp); gone once closed.
FileDescriptor unnamed_file();

/// The Error of the system's NUMBER; PATTERN has a place for the folder of
/// temporary files.
Error temporary_file_error(const char *pattern, int number);

} // namespace strata

#endif
