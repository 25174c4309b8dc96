// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: file descriptors, files written whole or not at all, folders.
// Errors: an Error names the file and the system's reason.
// Threads: an object belongs to one thread at a time, except OffsetOutputs on
// one descriptor, which may write side by side.

#ifndef STRATA_BASE_FILE_HH
#define STRATA_BASE_FILE_HH

#include "base/monitor.hh"
#include "base/output.hh"

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

/// A name in the folder of PATH for a temporary: hidden and not in use.
std::string temporary_name(const std::string &path);

/// Whether NAME, without its folder, is one that temporary_name() makes.
bool is_temporary_name(std::string_view name);

/// Writes to a descriptor in order.  The descriptor must outlive it.
class FileOutput : public ByteOutput {
public:
  FileOutput(const FileDescriptor &file, std::string name)
      : file_(file), name_(std::move(name)) {}
  void write(Bytes bytes) override;

private:
  const FileDescriptor &file_;
  std::string name_;
};

/// Writes in order to what may be full for long: a pipe, a FIFO, a socket.
/// While it waits it looks every 100 ms whether MONITOR cancels.  The
/// descriptor should be non-blocking; else a cancel is seen between writes.
class StreamOutput : public ByteOutput {
public:
  /// STANDARD: whether FILE is standard output, of which EPIPE is a BrokenPipe.
  /// REQUIRES: SIGPIPE is ignored where EPIPE shall be seen.
  StreamOutput(const FileDescriptor &file, std::string name,
               const Monitor &monitor, bool standard = false)
      : file_(file), name_(std::move(name)), monitor_(monitor),
        standard_(standard) {}
  void write(Bytes bytes) override;

private:
  const FileDescriptor &file_;
  std::string name_;
  const Monitor &monitor_;
  bool standard_;
};

/// Opens the FIFO or device PATH for writing, non-blocking; waits for a reader
/// of a FIFO until MONITOR cancels.
FileDescriptor open_stream(const std::string &path, const Monitor &monitor);

/// Standard output as a descriptor of its own, non-blocking where it is a pipe.
FileDescriptor open_standard_output();

/// Makes FILE block again, for another program that does not expect less.
void make_blocking(const FileDescriptor &file);

/// Writes to a descriptor from an offset on; leaves its position alone.
class OffsetOutput : public ByteOutput {
public:
  OffsetOutput(const FileDescriptor &file, std::string name,
               std::uint64_t offset)
      : file_(file), name_(std::move(name)), offset_(offset) {}
  /// For FILE of unnamed_file().
  OffsetOutput(const FileDescriptor &file, std::uint64_t offset)
      : file_(file), offset_(offset) {}
  void write(Bytes bytes) override;
  std::uint64_t offset() const { return offset_; }

  /// COUNT bytes are there already.
  void skip(std::uint64_t count) { offset_ += count; }

private:
  const FileDescriptor &file_;
  std::string name_; // empty: it has none
  std::uint64_t offset_;
};

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

} // namespace strata

#endif
