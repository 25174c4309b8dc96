// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/output.hh"

namespace strata {

BufferedOutput::BufferedOutput(ByteOutput &next, std::size_t size)
    : next_(next), size_(size) {
  buffer_.reserve(size);
}

void BufferedOutput::write(Bytes bytes) {
  if (buffer_.size() + bytes.size() > size_)
    flush();
  if (bytes.size() >= size_)
    next_.write(bytes);
  else
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void BufferedOutput::flush() {
  if (!buffer_.empty())
    next_.write(buffer_);
  buffer_.clear();
}

} // namespace strata
