// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what a long operation and the one who waits for it tell each other:
// progress and warnings one way, "stop" the other way.
// Threads: every method may be called from any thread.

#ifndef STRATA_BASE_MONITOR_HH
#define STRATA_BASE_MONITOR_HH

#include "base/timings.hh"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace strata {

class Monitor {
public:
  /// How far the work is.  Bytes of TOTAL are 0 while it is not known.
  struct Progress {
    std::string stage; // translated, such as "writing layers"
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };

  /// A new stage begins; TOTAL is its number of bytes, 0 if not known.
  void begin_stage(std::string stage, std::uint64_t total = 0);

  /// COUNT more bytes are done.  Throws Cancelled once cancel() was called.
  void advance(std::uint64_t count);

  /// Throws Cancelled once cancel() was called.
  void check() const;

  /// To be called right before what cannot be undone: like check(), but first
  /// the one who waits for the work looks whether it shall stop.
  void checkpoint() const;

  /// What checkpoint() calls first.  REQUIRES: set before the work begins.
  void set_checkpoint(std::function<void()> look) { look_ = std::move(look); }

  /// Something the user should know; the work goes on.
  void warn(std::string text);

  /// From now on it is measured what the time is spent on.  REQUIRES: set
  /// before the work begins.
  void measure() { timings_ = std::make_unique<Timings>(); }

  /// Null where nothing is measured.
  Timings *timings() const { return timings_.get(); }

  void cancel() { cancelled_ = true; }
  bool cancelled() const { return cancelled_; }

  Progress progress() const;

  /// The warnings since the last call.
  std::vector<std::string> take_warnings();

private:
  mutable std::mutex mutex_;
  std::function<void()> look_;
  std::unique_ptr<Timings> timings_;
  std::string stage_;
  std::vector<std::string> warnings_;
  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> total_ = 0;
  std::atomic<bool> cancelled_ = false;
};

} // namespace strata

#endif
