// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/canonical_copy.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/file_output.hh"
#include "base/text.hh"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace strata {

namespace {

constexpr std::size_t smallest_hole = 64 << 10; // bytes

[[noreturn]] void fail(const char *pattern, const std::string &path) {
  throw Error::system(format(pattern, printable(path).c_str()), errno);
}

// A file's content; blocks of zeros are left out, so that the file needs its
// size set at the end.
class ContentOutput : public ByteOutput {
public:
  ContentOutput(const FileDescriptor &file, const std::string &name,
                Monitor &monitor)
      : file_(file), name_(name), monitor_(monitor) {}

  void write(Bytes bytes) override {
    if (!is_hole(bytes))
      OffsetOutput(file_, name_, size_).write(bytes);
    size_ += bytes.size();
    monitor_.advance(bytes.size());
  }

  void finish() const {
    if (ftruncate(file_.get(), static_cast<off_t>(size_)) != 0)
      fail(_("cannot write to '%s'"), name_);
  }

private:
  static bool is_hole(Bytes bytes) {
    return bytes.size() >= smallest_hole &&
           std::all_of(bytes.begin(), bytes.end(),
                       [](std::byte b) { return b == std::byte{0}; });
  }

  const FileDescriptor &file_;
  const std::string &name_;
  Monitor &monitor_;
  std::uint64_t size_ = 0;
};

// Works relative to open folders, so that no path gets too long.
class CopyVisitor : public WalkVisitor {
public:
  CopyVisitor(const std::string &destination, Monitor &monitor)
      : destination_(destination), monitor_(monitor) {}

  void enter(Entry &entry) override {
    monitor_.check();
    std::string name = name_of(entry);
    switch (entry.kind()) {
    case Kind::directory:
      make_folder(entry, name);
      break;
    case Kind::file:
      copy_file(entry, name);
      break;
    case Kind::symlink:
      if (symlinkat(entry.target().c_str(), parent(), name.c_str()) != 0)
        fail(_("cannot create '%s'"), full_name(entry));
      set_time(entry, name);
      break;
    }
  }

  // The time comes last: what was made in the folder changed it.
  void leave(Entry &entry) override {
    if (fchmod(parent(), 0555) != 0)
      fail(_("cannot set the mode of '%s'"), full_name(entry));
    folders_.pop_back();
    set_time(entry, name_of(entry));
  }

private:
  int parent() const {
    return folders_.empty() ? AT_FDCWD : folders_.back().get();
  }

  std::string name_of(const Entry &entry) const {
    return entry.path().empty() ? destination_
                                : std::string(base_name(entry.path()));
  }

  std::string full_name(const Entry &entry) const {
    return entry.path().empty() ? destination_
                                : destination_ + "/" + entry.path();
  }

  void make_folder(const Entry &entry, const std::string &name) {
    constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    if (mkdirat(parent(), name.c_str(), 0700) != 0)
      fail(_("cannot create '%s'"), full_name(entry));
    FileDescriptor folder(openat(parent(), name.c_str(), flags));
    if (!folder)
      fail(_("cannot open the folder '%s'"), full_name(entry));
    folders_.push_back(std::move(folder));
  }

  void copy_file(Entry &entry, const std::string &name) {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    std::string full = full_name(entry);
    entry.open();
    FileDescriptor file(openat(parent(), name.c_str(), flags, 0600));
    if (!file)
      fail(_("cannot create '%s'"), full);
    ContentOutput content(file, full, monitor_);
    entry.read(content);
    content.finish();
    if (fchmod(file.get(), entry.executable() ? 0555 : 0444) != 0)
      fail(_("cannot set the mode of '%s'"), full);
    set_time(entry, name);
  }

  void set_time(const Entry &entry, const std::string &name) const {
    const timespec times[2] = {{1, 0}, {1, 0}}; // of access, of change
    if (utimensat(parent(), name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
      fail(_("cannot set the time of '%s'"), full_name(entry));
  }

  const std::string destination_;
  Monitor &monitor_;
  std::vector<FileDescriptor> folders_; // those that are being filled
};

// One call for all of the copy: an fsync for each of many small files would
// take far longer.
void sync_file_system(const std::string &path) {
  FileDescriptor folder = open_file(parent_directory(path));
  if (syncfs(folder.get()) != 0)
    fail(_("cannot write to '%s'"), path);
}

} // namespace

void copy_canonical(const Walkable &tree, const std::string &destination,
                    Monitor &monitor) {
  CopyVisitor visitor(destination, monitor);
  tree.walk(visitor);
  sync_file_system(destination);
}

} // namespace strata
