// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/file_output.hh"

#include "base/error.hh"
#include "base/new_file.hh"
#include "base/text.hh"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace strata {

namespace {

Error cannot_write(const std::string &name, int number) {
  return Error::system(
      format(_("cannot write to '%s'"), printable(name).c_str()), number);
}

Error cannot_open(const std::string &name, int number) {
  return Error::system(format(_("cannot open '%s'"), printable(name).c_str()),
                       number);
}

bool is_fifo(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

} // namespace

void FileOutput::write(Bytes bytes) {
  while (!bytes.empty()) {
    ssize_t done = ::write(file_.get(), bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      throw cannot_write(name_, errno);
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

FileDescriptor open_stream(const std::string &path, const Monitor &monitor) {
  constexpr timespec pause{0, 50'000'000};
  for (;;) {
    FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK));
    if (file)
      return file;
    // Of a socket or a device, ENXIO says that it will never open.
    int number = errno;
    if (number != EINTR && !(number == ENXIO && is_fifo(path)))
      throw cannot_open(path, number);
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
    throw cannot_open(_("standard output"), errno);
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
      throw temporary_file_error(_("cannot write to a temporary file in '%s'"),
                                 errno);
    if (done < 0)
      throw cannot_write(name_, errno);
    bytes = bytes.subspan(done);
    offset_ += done;
  }
}

} // namespace strata
