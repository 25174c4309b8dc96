// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the threads of a process spend their time on, for people who
// want to know why it takes long: sums for each activity, and a trace to look
// at.
// Format: "Trace Event Format" of Chromium's trace viewer, JSON object form,
// complete events ("ph": "X"); times in microseconds.
// Cost: nothing where there are no timings; two looks at the clock for a span.
// Threads: every method may be called from any thread.

#ifndef STRATA_BASE_TIMINGS_HH
#define STRATA_BASE_TIMINGS_HH

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace strata {

enum class Activity {
  look,     // into the store's database
  plan,     // who shares a layer
  measure,  // sizes of files
  read,     // files, and what becomes of them in a tar
  hash,     // SHA-256
  compress, // plain bytes
  write,    // into the sink
  cache,    // looking up, verifying, copying and adding fragments
  wait,     // for other threads
};
constexpr std::size_t activity_count = 9;

/// The name of ACTIVITY, such as "read": never translated.
std::string_view activity_name(Activity activity);

class Timings {
public:
  /// What all threads together spent on one activity.
  struct Sum {
    Activity activity = Activity::look;
    std::uint64_t bytes = 0;
    std::uint64_t count = 0; // spans
    double seconds = 0;      // of all threads, without what is nested in it
  };

  /// The time between its construction and its end, on one thread.  Spans of a
  /// thread nest.
  class Span {
  public:
    /// TIMINGS may be null: then nothing is measured.
    Span(Timings *timings, Activity activity, std::uint64_t bytes = 0);
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;
    ~Span();
    void add(std::uint64_t bytes) { bytes_ += bytes; }

  private:
    friend class Timings;
    Timings *timings_;
    Activity activity_;
    std::uint64_t bytes_;
    Span *outer_ = nullptr;
    std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::duration nested_{};
  };

  Timings() : begin_(std::chrono::steady_clock::now()) {}

  /// COUNT more items that a cache had, or had not.
  void count_look_ups(bool found, std::uint64_t count);

  /// For each activity that there was, in the order of Activity.
  std::vector<Sum> sums() const;
  std::uint64_t found() const { return found_; }
  std::uint64_t missed() const { return missed_; }

  /// A JSON document.
  std::string trace() const;

private:
  struct Event {
    std::uint32_t thread; // 1: the first one seen
    Activity activity;
    std::uint64_t bytes;
    std::chrono::steady_clock::duration begin, length;
  };
  void end(const Span &span, std::chrono::steady_clock::time_point now);

  const std::chrono::steady_clock::time_point begin_;
  mutable std::mutex mutex_;
  std::array<Sum, activity_count> sums_{};
  std::array<std::chrono::steady_clock::duration, activity_count> times_{};
  std::map<std::thread::id, std::uint32_t> threads_;
  std::vector<Event> events_;
  std::uint64_t found_ = 0, missed_ = 0;
};

} // namespace strata

#endif
