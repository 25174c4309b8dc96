// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/input.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <unistd.h>

#include <cerrno>
#include <vector>

namespace strata {

std::size_t FileInput::read(std::span<std::byte> buffer) {
  for (;;) {
    ssize_t got = ::read(file_.get(), buffer.data(), buffer.size());
    if (got >= 0)
      return got;
    if (errno != EINTR)
      throw Error::system(
          format(_("cannot read '%s'"), printable(path_).c_str()), errno);
  }
}

std::size_t HashedInput::read(std::span<std::byte> buffer) {
  std::size_t got = next_.read(buffer);
  hash_.write(Bytes(buffer).first(got));
  size_ += got;
  return got;
}

void HashedInput::drain() {
  std::vector<std::byte> buffer(64 << 10);
  while (read(buffer) > 0) {
  }
}

} // namespace strata
