// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/layer_stamp.hh"

#include <chrono>

namespace strata {

namespace {

// No file system that stores are on has coarser times (FAT has 2 s).
constexpr std::chrono::seconds coarsest_time(2);

std::int64_t coarse_now() {
  auto time = std::chrono::system_clock::now() - coarsest_time;
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             time.time_since_epoch())
      .count();
}

} // namespace

LayerStamp::LayerStamp() : surely_past_(coarse_now()) {}

void LayerStamp::add(const TarEntry &tar_entry, Entry *entry) {
  // Names and targets have no zeros.
  hash_.write(as_bytes(tar_entry.path));
  hash_.write(as_bytes(std::string_view("", 1)));
  hash_.write(as_bytes(tar_entry.target));
  std::uint64_t numbers[7] = {static_cast<std::uint64_t>(tar_entry.kind),
                              tar_entry.size};
  if (auto stamp = entry != nullptr ? entry->stamp() : std::nullopt) {
    numbers[2] = entry->executable() ? 1 : 0;
    numbers[3] = stamp->device;
    numbers[4] = stamp->inode;
    numbers[5] = static_cast<std::uint64_t>(stamp->modified);
    numbers[6] = static_cast<std::uint64_t>(stamp->changed);
    sure_ = sure_ && stamp->changed < surely_past_;
  }
  hash_.write(std::as_bytes(std::span(numbers)));
}

std::optional<Digest> LayerStamp::finish() {
  if (!sure_)
    return {};
  return hash_.finish();
}

} // namespace strata
