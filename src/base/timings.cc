// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/timings.hh"

#include "base/text.hh"

namespace strata {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, activity_count> names{
    "look",     "plan",  "measure", "read", "hash",
    "compress", "write", "cache",   "wait"};

// What is shorter is not seen in a picture; it counts in the sums all the same.
constexpr Clock::duration shortest_event = std::chrono::microseconds(20);
constexpr std::size_t most_events = 1'000'000; // 40 MB

// The innermost span of this thread.
thread_local Timings::Span *current = nullptr;

long long microseconds(Clock::duration time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

} // namespace

std::string_view activity_name(Activity activity) {
  return names[static_cast<std::size_t>(activity)];
}

Timings::Span::Span(Timings *timings, Activity activity, std::uint64_t bytes)
    : timings_(timings), activity_(activity), bytes_(bytes) {
  if (timings == nullptr)
    return;
  outer_ = current;
  current = this;
  begin_ = Clock::now();
}

Timings::Span::~Span() {
  if (timings_ == nullptr)
    return;
  auto now = Clock::now();
  current = outer_;
  if (outer_ != nullptr)
    outer_->nested_ += now - begin_;
  timings_->end(*this, now);
}

void Timings::end(const Span &span, Clock::time_point now) {
  auto index = static_cast<std::size_t>(span.activity_);
  auto length = now - span.begin_;
  std::lock_guard lock(mutex_);
  sums_[index].bytes += span.bytes_;
  ++sums_[index].count;
  times_[index] += length - span.nested_;
  if (length < shortest_event || events_.size() == most_events)
    return;
  auto [thread, added] =
      threads_.try_emplace(std::this_thread::get_id(), threads_.size() + 1);
  events_.push_back({thread->second, span.activity_, span.bytes_,
                     span.begin_ - begin_, length});
}

void Timings::count_look_ups(bool found, std::uint64_t count) {
  std::lock_guard lock(mutex_);
  (found ? found_ : missed_) += count;
}

std::vector<Timings::Sum> Timings::sums() const {
  std::lock_guard lock(mutex_);
  std::vector<Sum> result;
  for (std::size_t i = 0; i < activity_count; ++i) {
    if (sums_[i].count == 0)
      continue;
    Sum sum = sums_[i];
    sum.activity = static_cast<Activity>(i);
    sum.seconds = std::chrono::duration<double>(times_[i]).count();
    result.push_back(sum);
  }
  return result;
}

std::string Timings::trace() const {
  std::lock_guard lock(mutex_);
  std::string result = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[";
  for (const auto &[id, thread] : threads_)
    result += format("{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,"
                     "\"tid\":%u,\"args\":{\"name\":\"thread %u\"}},\n",
                     thread, thread);
  for (const Event &event : events_)
    result += format("{\"name\":\"%s\",\"ph\":\"X\",\"pid\":1,\"tid\":%u,"
                     "\"ts\":%lld,\"dur\":%lld,\"args\":{\"bytes\":%llu}},\n",
                     names[static_cast<std::size_t>(event.activity)].data(),
                     event.thread, microseconds(event.begin),
                     microseconds(event.length),
                     static_cast<unsigned long long>(event.bytes));
  if (result.ends_with(",\n"))
    result.resize(result.size() - 2);
  return result + "]}\n";
}

} // namespace strata
