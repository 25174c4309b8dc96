// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/walk.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace strata {

Attributes Entry::attributes() {
  switch (kind_) {
  case Kind::symlink:
    return {0777, 0, 0};
  case Kind::directory:
    return {0555, 0, 0};
  case Kind::file:
    break;
  }
  return {executable() ? 0555U : 0444U, 0, 0};
}

namespace {

// Large enough for few system calls, small enough for the processor's cache.
constexpr std::size_t block_size = 256 << 10;

struct Child {
  std::string name;
  std::optional<Kind> kind; // where the file system told it by d_type
};

// What all entries of one walk share.
struct Walk {
  std::string root; // path on disk, for messages
  std::vector<std::byte> buffer;

  std::string full(const std::string &path) const {
    return path.empty() ? root : root + "/" + path;
  }

  [[noreturn]] void fail(const char *pattern, const std::string &path,
                         int number = errno) const {
    throw Error::system(format(pattern, printable(full(path)).c_str()), number);
  }
};

class DiskEntry : public Entry {
public:
  DiskEntry(Walk &walk, int parent, const char *name, std::string path,
            Kind kind)
      : Entry(std::move(path), kind), walk_(walk), parent_(parent),
        name_(name) {}

  void open() override {
    if (kind() != Kind::file || file_)
      return;
    constexpr int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    file_ = FileDescriptor(openat(parent_, name_, flags));
    if (!file_)
      walk_.fail(_("cannot open '%s'"), path());
    if (fstat(file_.get(), &status_.emplace()) != 0)
      walk_.fail(_("cannot look at '%s'"), path());
    if (!S_ISREG(status_->st_mode))
      changed();
  }

  std::uint64_t size() override {
    return kind() == Kind::file ? status().st_size : 0;
  }

  bool executable() override {
    return kind() == Kind::file && (status().st_mode & S_IXUSR) != 0;
  }

  std::optional<FileStamp> stamp() override {
    if (kind() != Kind::file)
      return {};
    auto nanoseconds = [](const timespec &time) {
      return time.tv_sec * std::int64_t(1'000'000'000) + time.tv_nsec;
    };
    const struct stat &found = status();
    return FileStamp{found.st_dev, found.st_ino, nanoseconds(found.st_mtim),
                     nanoseconds(found.st_ctim)};
  }

  std::string target() override {
    std::string result(256, '\0');
    for (;;) {
      ssize_t size = readlinkat(parent_, name_, result.data(), result.size());
      if (size < 0)
        walk_.fail(_("cannot read the link '%s'"), path());
      if (static_cast<std::size_t>(size) < result.size()) {
        result.resize(size);
        return result;
      }
      result.resize(2 * result.size());
    }
  }

  void read(ByteOutput &output) override {
    if (walk_.buffer.empty())
      walk_.buffer.resize(block_size);
    // One byte more than the size is asked for, so that a small file needs
    // one read only and a file that grew is noticed.
    std::uint64_t left = size();
    if (left > walk_.buffer.size()) // only a hint, which may fail
      (void)posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    for (bool asked_for_more = false; left > 0 || !asked_for_more;) {
      std::size_t wanted =
          std::min<std::uint64_t>(left + 1, walk_.buffer.size());
      ssize_t got = ::read(file_.get(), walk_.buffer.data(), wanted);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        walk_.fail(_("cannot read '%s'"), path());
      if (static_cast<std::uint64_t>(got) > left || (got == 0 && left > 0))
        changed();
      output.write(Bytes(walk_.buffer).first(got));
      asked_for_more = wanted > left;
      left -= got;
    }
  }

private:
  const struct stat &status() {
    if (!status_ &&
        fstatat(parent_, name_, &status_.emplace(), AT_SYMLINK_NOFOLLOW) != 0)
      walk_.fail(_("cannot look at '%s'"), path());
    return *status_;
  }

  [[noreturn]] void changed() const {
    throw Error(
        format(_("cannot read '%s'"), printable(walk_.full(path())).c_str()),
        _("it changes while it is read"));
  }

  Walk &walk_;
  int parent_;
  const char *name_;
  FileDescriptor file_;
  std::optional<struct stat> status_;
};

std::optional<Kind> kind_of_type(unsigned char type) {
  switch (type) {
  case DT_REG:
    return Kind::file;
  case DT_DIR:
    return Kind::directory;
  case DT_LNK:
    return Kind::symlink;
  default:
    return {};
  }
}

Kind kind_on_disk(const Walk &walk, int parent, const char *name,
                  const std::string &path) {
  struct stat status;
  if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    walk.fail(_("cannot look at '%s'"), path);
  if (auto kind = kind_of_type(IFTODT(status.st_mode)))
    return *kind;
  throw Error(format(_("cannot use '%s'"), printable(walk.full(path)).c_str()),
              _("it is a socket, a device or a FIFO"),
              _("store items hold files, directories and symlinks only"));
}

std::vector<Child> children_of(const Walk &walk, DIR *directory,
                               const std::string &path) {
  std::vector<Child> result;
  for (;;) {
    errno = 0;
    dirent *entry = readdir(directory);
    if (entry == nullptr)
      break;
    std::string_view name = entry->d_name;
    if (name != "." && name != "..")
      result.push_back({std::string(name), kind_of_type(entry->d_type)});
  }
  if (errno != 0)
    walk.fail(_("cannot read the folder '%s'"), path);
  std::sort(result.begin(), result.end(),
            [](const Child &a, const Child &b) { return a.name < b.name; });
  return result;
}

struct CloseDirectory {
  void operator()(DIR *directory) const { closedir(directory); }
};

void visit(Walk &walk, int parent, const char *name, const std::string &path,
           std::optional<Kind> known_kind, WalkVisitor &visitor) {
  Kind kind = known_kind ? *known_kind : kind_on_disk(walk, parent, name, path);
  DiskEntry entry(walk, parent, name, path, kind);
  visitor.enter(entry);
  if (kind != Kind::directory)
    return;

  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor file(openat(parent, name, flags));
  if (!file)
    walk.fail(_("cannot open the folder '%s'"), path);
  std::unique_ptr<DIR, CloseDirectory> directory(fdopendir(file.get()));
  if (!directory)
    walk.fail(_("cannot open the folder '%s'"), path);
  int number = file.release();
  for (const Child &child : children_of(walk, directory.get(), path))
    visit(walk, number, child.name.c_str(),
          path.empty() ? child.name : path + "/" + child.name, child.kind,
          visitor);
  visitor.leave(entry);
}

} // namespace

void DiskWalk::walk(WalkVisitor &visitor) const {
  Walk walk{path_, {}};
  visit(walk, AT_FDCWD, path_.c_str(), "", {}, visitor);
}

} // namespace strata
