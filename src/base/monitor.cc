// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/monitor.hh"

#include "base/error.hh"

#include <utility>

namespace strata {

void Monitor::begin_stage(std::string stage, std::uint64_t total) {
  std::lock_guard lock(mutex_);
  stage_ = std::move(stage);
  done_ = 0;
  total_ = total;
}

void Monitor::advance(std::uint64_t count) {
  done_ += count;
  check();
}

void Monitor::check() const {
  if (cancelled_)
    throw Cancelled();
}

void Monitor::checkpoint() const {
  if (look_)
    look_();
  check();
}

void Monitor::warn(std::string text) {
  std::lock_guard lock(mutex_);
  warnings_.push_back(std::move(text));
}

Monitor::Progress Monitor::progress() const {
  std::lock_guard lock(mutex_);
  return {stage_, done_, total_};
}

std::vector<std::string> Monitor::take_warnings() {
  std::lock_guard lock(mutex_);
  return std::exchange(warnings_, {});
}

} // namespace strata
