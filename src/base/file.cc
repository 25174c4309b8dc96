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
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

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

Error cannot_write(const std::string &name, int number) {
  return Error::system(
      format(_("cannot write to '%s'"), printable(name).c_str()), number);
}

struct CloseDirectory {
  void operator()(DIR *directory) const { closedir(directory); }
};

// PATTERN has a place for the folder of temporary files.
[[noreturn]] void fail_temporary(const char *pattern, int number = errno) {
  throw Error::system(format(pattern, printable(temporary_folder()).c_str()),
                      number,
                      _("TMPDIR can name another folder for temporary files"));
}

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

void FileOutput::write(Bytes bytes) {
  while (!bytes.empty()) {
    ssize_t done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      fail(_("cannot write to '%s'"), name_);
    bytes = bytes.subspan(done);
  }
}

void StreamOutput::write(Bytes bytes) {
  constexpr int wait = 100; // milliseconds
  while (!bytes.empty()) {
    monitor_.check();
    ssize_t done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done >= 0) {
      bytes = bytes.subspan(done);
    } else if (errno == EAGAIN) {
      pollfd room{file_.get(), POLLOUT, 0};
      poll(&room, 1, wait);
    } else if (errno == EPIPE && standard_) {
      throw BrokenPipe(cannot_write(name_, errno).what());
    } else if (errno != EINTR) {
      throw cannot_write(name_, errno);
    }
  }
}

namespace {

bool is_fifo(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

} // namespace

FileDescriptor open_stream(const std::string &path, const Monitor &monitor) {
  constexpr timespec pause{0, 50'000'000};
  for (;;) {
    FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (file)
      return file;
    // Of a socket or a device, ENXIO says that it will never open.
    int number = errno;
    if (number != EINTR && !(number == ENXIO && is_fifo(path)))
      fail(_("cannot open '%s'"), path, number);
    monitor.check();
    nanosleep(&pause, nullptr);
  }
}

FileDescriptor open_standard_output() {
  struct stat status;
  // Opened anew, so that others who write to the same pipe are not changed.
  if (fstat(STDOUT_FILENO, &status) == 0 && S_ISFIFO(status.st_mode)) {
    FileDescriptor file(
        open("/proc/self/fd/1", O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (file)
      return file;
  }
  FileDescriptor file(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  if (!file)
    fail(_("cannot open '%s'"), _("standard output"));
  return file;
}

void make_blocking(const FileDescriptor &file) {
  int flags = fcntl(file.get(), F_GETFL);
  if (flags >= 0 && (flags & O_NONBLOCK) != 0)
    fcntl(file.get(), F_SETFL, flags & ~O_NONBLOCK);
}

void OffsetOutput::write(Bytes bytes) {
  while (!bytes.empty()) {
    ssize_t done = pwrite(file_.get(), bytes.data(), bytes.size(),
                          static_cast<off_t>(offset_));
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0 && name_.empty())
      fail_temporary(_("cannot write to a temporary file in '%s'"));
    if (done < 0)
      fail(_("cannot write to '%s'"), name_);
    bytes = bytes.subspan(done);
    offset_ += done;
  }
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
    fail_temporary(_("cannot make a folder in '%s'"));
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
    fail_temporary(_("cannot make a temporary file in '%s'"));
  unlink(name.c_str());
  return file;
}

} // namespace strata
