// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/folder_lock.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <thread>

namespace strata {

FileDescriptor lock_folder(const std::string &path, const Monitor &monitor) {
  FileDescriptor folder = open_file(path);
  while (flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw Error::system(
          format(_("cannot lock the folder '%s'"), printable(path).c_str()),
          errno);
    monitor.check();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return folder;
}

} // namespace strata
