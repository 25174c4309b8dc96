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
#include <memory>
#include <optional>
#include <span>
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

constexpr std::size_t names_size = 32 << 10; // bytes of names at a time

// What all entries of one walk share.
struct Walk {
  std::string root; // path on disk, for messages

  // Made when they are needed first; never cleared, which would cost more than
  // small files do.
  std::unique_ptr<std::byte[]> buffer;
  std::unique_ptr<std::byte[]> names;

  // SIZE bytes at PLACE.
  static std::span<std::byte> space(std::unique_ptr<std::byte[]> &place,
                                    std::size_t size) {
    if (!place)
      place = std::make_unique_for_overwrite<std::byte[]>(size);
    return {place.get(), size};
  }

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
    std::span<std::byte> buffer = Walk::space(walk_.buffer, block_size);
    // One byte more than the size is asked for, so that a small file needs
    // one read only and a file that grew is noticed.
    std::uint64_t left = size();
    if (left > buffer.size()) // only a hint, which may fail
      (void)posix_fadvise(file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    for (bool asked_for_more = false; left > 0 || !asked_for_more;) {
      std::size_t wanted = std::min<std::uint64_t>(left + 1, buffer.size());
      ssize_t got = ::read(file_.get(), buffer.data(), wanted);
      if (got < 0 && errno == EINTR)
        continue;
      if (got < 0)
        walk_.fail(_("cannot read '%s'"), path());
      if (static_cast<std::uint64_t>(got) > left || (got == 0 && left > 0))
        changed();
      output.write(buffer.first(got));
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

// By getdents64(2): readdir(3) takes four system calls more for a folder.
std::vector<Child> children_of(Walk &walk, const FileDescriptor &folder,
                               const std::string &path) {
  std::span<std::byte> names = Walk::space(walk.names, names_size);
  std::vector<Child> result;
  for (;;) {
    ssize_t got = getdents64(folder.get(), names.data(), names.size());
    if (got < 0)
      walk.fail(_("cannot read the folder '%s'"), path);
    if (got == 0)
      break;
    for (ssize_t place = 0; place < got;) {
      auto *entry = reinterpret_cast<const dirent64 *>(names.data() + place);
      std::string_view name = entry->d_name;
      if (name != "." && name != "..")
        result.push_back({std::string(name), kind_of_type(entry->d_type)});
      place += entry->d_reclen;
    }
  }
  std::sort(result.begin(), result.end(),
            [](const Child &a, const Child &b) { return a.name < b.name; });
  return result;
}

void visit(Walk &walk, int parent, const char *name, const std::string &path,
           std::optional<Kind> known_kind, WalkVisitor &visitor) {
  Kind kind = known_kind ? *known_kind : kind_on_disk(walk, parent, name, path);
  DiskEntry entry(walk, parent, name, path, kind);
  visitor.enter(entry);
  if (kind != Kind::directory)
    return;

  constexpr int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  FileDescriptor folder(openat(parent, name, flags));
  if (!folder)
    walk.fail(_("cannot open the folder '%s'"), path);
  for (const Child &child : children_of(walk, folder, path))
    visit(walk, folder.get(), child.name.c_str(),
          path.empty() ? child.name : path + "/" + child.name, child.kind,
          visitor);
  visitor.leave(entry);
}

} // namespace

void DiskWalk::walk(WalkVisitor &visitor) const {
  Walk walk{path_, nullptr, nullptr};
  visit(walk, AT_FDCWD, path_.c_str(), "", {}, visitor);
}

} // namespace strata
