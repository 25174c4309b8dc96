// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/new_file.hh"

#include "base/text.hh"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <ctime>

namespace strata {

namespace {

constexpr char temporary_prefix[] = ".strata-";

std::string temporary_folder() {
  const char *folder = getenv("TMPDIR");
  return folder != nullptr && *folder != '\0' ? folder : "/tmp";
}

[[noreturn]] void fail(const char *pattern, const std::string &path,
                       int number = errno) {
  throw Error::system(format(pattern, printable(path).c_str()), number);
}

} // namespace

std::string temporary_name(const std::string &path) {
  static std::atomic<unsigned> counter = 0;
  std::string folder = parent_directory(path);
  std::string prefix = folder == "/" ? "/" : folder + "/";
  for (;;) {
    timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    std::string name =
        prefix + format("%s%ld-%lx-%u", temporary_prefix,
                        static_cast<long>(getpid()),
                        static_cast<long>(now.tv_nsec), counter++);
    if (!file_exists(name))
      return name;
  }
}

bool is_temporary_name(std::string_view name) {
  return name.starts_with(temporary_prefix);
}

std::string end_of_links(const std::string &path) {
  std::string end = path;
  std::array<char, PATH_MAX> target;
  for (int links = 0;; ++links) {
    ssize_t size = readlink(end.c_str(), target.data(), target.size());
    if (size < 0)
      return end;
    if (links == most_links)
      fail(_("cannot write to '%s'"), path, ELOOP);
    std::string link(target.data(), static_cast<std::size_t>(size));
    end = link.starts_with('/') ? link : parent_directory(end) + "/" + link;
  }
}

NewFile::NewFile(const std::string &path) : path_(end_of_links(path)) {
  temporary_ = temporary_name(path_);
  constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
  file_ = FileDescriptor(open(temporary_.c_str(), flags, 0666));
  if (!file_)
    fail(_("cannot create '%s'"), path_);
}

NewFile::~NewFile() {
  if (!temporary_.empty())
    unlink(temporary_.c_str());
}

void NewFile::close() {
  if (file_ && fsync(file_.get()) != 0)
    fail(_("cannot write to '%s'"), path_);
  file_ = FileDescriptor();
}

void NewFile::commit() { commit(path_); }

void NewFile::commit(const std::string &other_path) {
  close();
  commit_unsynced(other_path);
  sync_directory(parent_directory(other_path));
}

void NewFile::commit_unsynced(const std::string &other_path) {
  file_ = FileDescriptor();
  if (rename(temporary_.c_str(), other_path.c_str()) != 0)
    fail(_("cannot create '%s'"), other_path);
  temporary_.clear();
}

TemporaryDirectory::TemporaryDirectory()
    : path_(temporary_folder() + "/strata-XXXXXX") {
  if (mkdtemp(path_.data()) == nullptr)
    throw temporary_file_error(_("cannot make a folder in '%s'"), errno);
}

TemporaryDirectory::~TemporaryDirectory() { remove_tree(path_); }

FileDescriptor unnamed_file() {
  std::string folder = temporary_folder();
  FileDescriptor file(
      open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (file)
    return file;
  // Not every file system knows O_TMPFILE.
  std::string name = folder + "/strata-XXXXXX";
  file = FileDescriptor(mkostemp(name.data(), O_CLOEXEC));
  if (!file)
    throw temporary_file_error(_("cannot make a temporary file in '%s'"),
                               errno);
  unlink(name.c_str());
  return file;
}

Error temporary_file_error(const char *pattern, int number) {
  return Error::system(format(pattern, printable(temporary_folder()).c_str()),
                       number,
                       _("TMPDIR can name another folder for temporary files"));
}

} // namespace strata
