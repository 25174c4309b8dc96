// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/input.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace strata {

std::size_t FileInput::read(std::span<std::byte> buffer) {
  return read_some(file_, path_, buffer.data(), buffer.size(), monitor_);
}

std::uint64_t FileInput::skip(std::uint64_t count) {
  struct stat status;
  if (fstat(file_.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return 0;
  off_t place = lseek(file_.get(), 0, SEEK_CUR);
  if (place < 0 || place >= status.st_size)
    return 0;
  auto rest = static_cast<std::uint64_t>(status.st_size - place);
  std::uint64_t skipped = std::min(count, rest);
  if (lseek(file_.get(), static_cast<off_t>(skipped), SEEK_CUR) < 0)
    return 0;
  return skipped;
}

std::size_t CheckedInput::read(std::span<std::byte> buffer) {
  std::size_t got = next_.read(buffer);
  monitor_.advance(counts_ ? got : 0);
  return got;
}

std::uint64_t CheckedInput::skip(std::uint64_t count) {
  monitor_.check();
  return next_.skip(count);
}

std::size_t HashedInput::read(std::span<std::byte> buffer) {
  std::size_t got = next_.read(buffer);
  hash_.write(Bytes(buffer).first(got));
  size_ += got;
  return got;
}

void HashedInput::drain(const Monitor &monitor) {
  std::vector<std::byte> buffer(64 << 10);
  while (read(buffer) > 0)
    monitor.check();
}

} // namespace strata
