// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/input.hh"

#include <vector>

namespace strata {

std::size_t FileInput::read(std::span<std::byte> buffer) {
  return read_some(file_, path_, buffer.data(), buffer.size(), monitor_);
}

std::size_t CheckedInput::read(std::span<std::byte> buffer) {
  std::size_t got = next_.read(buffer);
  monitor_.advance(counts_ ? got : 0);
  return got;
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
