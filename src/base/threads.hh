// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: work on all cores whose results come in a fixed order, so that no
// byte of the output depends on the number of threads.
// Errors: the first failure stops the rest and is thrown to the caller.

#ifndef STRATA_BASE_THREADS_HH
#define STRATA_BASE_THREADS_HH

#include "base/monitor.hh"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace strata {

/// The most threads that can be asked for.
constexpr unsigned most_jobs = 4096;

/// The number of threads for a request of JOBS, where 0 means as many as the
/// environment variable NIX_BUILD_CORES says, by which a build daemon limits a
/// build; all cores where it is 0 too, or is not set.  Throws Error if it is no
/// number up to most_jobs.
unsigned thread_count(unsigned jobs);

/// Calls BODY(i) for 0 <= i < COUNT on JOBS threads; indexes are begun in
/// order.  Returns when all have ended.  Of several failures the one with the
/// least index is thrown; the others are not begun.
void parallel_for(std::size_t count, unsigned jobs,
                  const std::function<void(std::size_t)> &body);

/// Runs tasks on several threads and, for each, a follow-up: one at a time, in
/// the order in which the tasks were submitted.  At most LIMIT tasks are under
/// way, so that memory is bounded.  One thread submits.
class OrderedTasks {
public:
  using FollowUp = std::function<void()>;
  using Task = std::function<FollowUp()>;

  /// Throws Error if the system allows no thread at all; fewer than JOBS will
  /// do.  TIMINGS, which may be null, learn of waits in submit().
  OrderedTasks(unsigned jobs, std::size_t limit, Timings *timings = nullptr);
  OrderedTasks(const OrderedTasks &) = delete;
  OrderedTasks &operator=(const OrderedTasks &) = delete;
  /// Waits for what runs; what has not begun is dropped.
  ~OrderedTasks();

  /// Queues TASK; waits while too many are under way.  Throws what a task or
  /// follow-up threw.
  void submit(Task task);

  /// Waits until all is done.  Throws what a task or follow-up threw.
  void wait();

  Timings *timings() const { return timings_; }

private:
  struct Slot {
    Task task;
    FollowUp follow_up;
    bool begun = false;
    bool done = false;
  };
  void work();
  void run_follow_ups(std::unique_lock<std::mutex> &lock);
  void fail(std::exception_ptr failure);

  const std::size_t limit_;
  Timings *const timings_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Slot>> slots_; // in the order of submission
  std::exception_ptr failure_;
  bool following_up_ = false;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

} // namespace strata

#endif
