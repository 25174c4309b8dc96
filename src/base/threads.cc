// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/threads.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace strata {

namespace {

// What NIX_BUILD_CORES says; 0 where it is not set, or empty.
unsigned cores_of_build() {
  const char *value = getenv("NIX_BUILD_CORES");
  std::string_view text = value != nullptr ? value : "";
  unsigned result = 0;
  if (text.empty())
    return result;
  auto [rest, problem] =
      std::from_chars(text.data(), text.data() + text.size(), result);
  if (problem != std::errc() || rest != text.data() + text.size() ||
      result > most_jobs)
    throw Error(
        format(_("NIX_BUILD_CORES: '%s' is not a whole number from 0 to %u"),
               printable(text).c_str(), most_jobs));
  return result;
}

} // namespace

unsigned thread_count(unsigned jobs) {
  if (jobs == 0)
    jobs = cores_of_build();
  if (jobs > 0)
    return jobs;
  // The cores that this process may use, which a container may have limited.
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0)
    return std::max(1, CPU_COUNT(&cores));
  return std::max(1U, std::thread::hardware_concurrency());
}

namespace {

// Adds threads that run BODY until there are COUNT, or as many as the system
// allows this process.
template <typename Thread, typename Body>
void start_threads(std::vector<Thread> &threads, std::size_t count,
                   const Body &body) {
  try {
    while (threads.size() < count)
      threads.emplace_back(body);
  } catch (const std::exception &) {
    // What runs already must go on.
  }
}

} // namespace

void parallel_for(std::size_t count, unsigned jobs,
                  const std::function<void(std::size_t)> &body) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  std::mutex mutex;
  std::size_t failed_index = count;
  std::exception_ptr failure;
  auto work = [&] {
    for (std::size_t i; !failed && (i = next++) < count;) {
      try {
        body(i);
      } catch (...) {
        std::lock_guard lock(mutex);
        failed = true;
        if (i < failed_index) {
          failed_index = i;
          failure = std::current_exception();
        }
      }
    }
  };

  std::vector<std::jthread> threads;
  if (count > 1 && jobs > 1)
    start_threads(threads, std::min<std::size_t>(jobs, count) - 1, work);
  work();
  threads.clear();
  if (failure)
    std::rethrow_exception(failure);
}

OrderedTasks::OrderedTasks(unsigned jobs, std::size_t limit, Timings *timings)
    : limit_(limit), timings_(timings) {
  start_threads(threads_, jobs, [this] { work(); });
  if (threads_.empty())
    throw Error(_("cannot start a thread"), {},
                _("look at the limits of processes and memory"));
}

OrderedTasks::~OrderedTasks() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread &thread : threads_)
    thread.join();
}

void OrderedTasks::submit(Task task) {
  std::unique_lock lock(mutex_);
  {
    Timings::Span span(timings_, Activity::wait);
    changed_.wait(lock, [&] { return failure_ || slots_.size() < limit_; });
  }
  if (failure_)
    std::rethrow_exception(failure_);
  slots_.push_back(std::make_shared<Slot>(Slot{std::move(task), {}}));
  changed_.notify_all();
}

void OrderedTasks::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return failure_ || slots_.empty(); });
  if (failure_)
    std::rethrow_exception(failure_);
}

void OrderedTasks::fail(std::exception_ptr failure) {
  if (!failure_)
    failure_ = failure;
}

// Runs the follow-ups that are due, unless another thread is at it already.
void OrderedTasks::run_follow_ups(std::unique_lock<std::mutex> &lock) {
  if (following_up_)
    return;
  following_up_ = true;
  while (!failure_ && !stopping_ && !slots_.empty() && slots_.front()->done) {
    auto slot = slots_.front();
    lock.unlock();
    std::exception_ptr failure;
    try {
      slot->follow_up();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure)
      fail(failure);
    slots_.pop_front();
    changed_.notify_all();
  }
  following_up_ = false;
}

void OrderedTasks::work() {
  std::unique_lock lock(mutex_);
  auto next = [&] {
    return std::find_if(slots_.begin(), slots_.end(),
                        [](auto &slot) { return !slot->begun; });
  };
  for (;;) {
    changed_.wait(
        lock, [&] { return stopping_ || failure_ || next() != slots_.end(); });
    if (stopping_ || failure_)
      return;
    auto slot = *next();
    slot->begun = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
      slot->follow_up = slot->task();
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure)
      fail(failure);
    else
      slot->done = true;
    run_follow_ups(lock);
    changed_.notify_all();
  }
}

} // namespace strata
