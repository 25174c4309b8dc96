// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of threads: order, failures, stopping; and of the monitor.

#include "base/threads.hh"
#include "support/fixtures.hh"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>

using namespace strata;

namespace {

constexpr unsigned job_counts[] = {1, 2, 7};

void pause_a_little(std::size_t i) {
  std::this_thread::sleep_for(std::chrono::microseconds(i * 37 % 200));
}

} // namespace

START_TEST(thread_count_is_at_least_one) {
  unsetenv("NIX_BUILD_CORES");
  ck_assert_uint_ge(thread_count(0), 1);
  ck_assert_uint_eq(thread_count(5), 5);
}
END_TEST

START_TEST(thread_count_obeys_the_build_daemon) {
  unsetenv("NIX_BUILD_CORES");
  unsigned all = thread_count(0);
  for (const char *no_limit : {"", "0"}) {
    setenv("NIX_BUILD_CORES", no_limit, 1);
    ck_assert_uint_eq(thread_count(0), all);
  }
  setenv("NIX_BUILD_CORES", "17", 1);
  ck_assert_uint_eq(thread_count(0), 17);
  ck_assert_uint_eq(thread_count(5), 5);
  for (const char *bad :
       {"x", "-1", "+1", " 1", "1 ", "1.5", "4097", "99999999999999999999"}) {
    setenv("NIX_BUILD_CORES", bad, 1);
    assert_error("NIX_BUILD_CORES: '" + std::string(bad) + "' is not a whole",
                 [] { thread_count(0); });
    ck_assert_uint_eq(thread_count(5), 5);
  }
}
END_TEST

START_TEST(parallel_for_calls_each_once) {
  for (unsigned jobs : job_counts)
    for (std::size_t count : {0, 1, 2, 6, 100}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, jobs, [&](std::size_t i) { ++calls[i]; });
      for (const auto &one : calls)
        ck_assert_int_eq(one, 1);
    }
}
END_TEST

START_TEST(parallel_for_throws_the_first_failure) {
  for (unsigned jobs : job_counts) {
    std::atomic<std::size_t> begun = 0;
    assert_error("index 5", [&] {
      parallel_for(10000, jobs, [&](std::size_t i) {
        ++begun;
        if (i >= 5) {
          // Later indexes fail sooner.
          pause_a_little(i == 5 ? 5 : 0);
          throw Error(format("index %zu", i));
        }
      });
    });
    ck_assert_uint_le(begun, 6 + jobs);
  }
}
END_TEST

START_TEST(follow_ups_come_in_order) {
  for (unsigned jobs : job_counts) {
    std::vector<std::size_t> order; // without a lock: one at a time
    std::atomic<std::size_t> under_way = 0, most = 0;
    OrderedTasks tasks(jobs, 5);
    for (std::size_t i = 0; i < 300; ++i)
      tasks.submit([&, i]() -> OrderedTasks::FollowUp {
        most = std::max(most.load(), ++under_way);
        pause_a_little(i);
        return [&, i] {
          order.push_back(i);
          --under_way;
        };
      });
    tasks.wait();
    ck_assert_uint_eq(order.size(), 300);
    ck_assert(std::is_sorted(order.begin(), order.end()));
    ck_assert_uint_le(most, 5);
  }
}
END_TEST

START_TEST(a_failing_task_stops_the_rest) {
  for (unsigned jobs : job_counts)
    for (bool in_follow_up : {false, true}) {
      std::size_t followed = 0;
      {
        OrderedTasks tasks(jobs, 4);
        assert_error("task 20", [&] {
          for (std::size_t i = 0; i < 100000; ++i)
            tasks.submit([&, i]() -> OrderedTasks::FollowUp {
              if (i == 20 && !in_follow_up)
                throw Error("task 20");
              return [&, i] {
                if (i == 20)
                  throw Error("task 20");
                ++followed;
              };
            });
          tasks.wait();
        });
        // It is told again to whoever asks again.
        assert_error("task 20", [&] { tasks.wait(); });
        assert_error("task 20", [&] { tasks.submit([] { return [] {}; }); });
      }
      // What ran already has ended now.
      ck_assert_uint_le(followed, 20);
    }
}
END_TEST

START_TEST(destructor_drops_what_has_not_begun) {
  for (unsigned jobs : job_counts) {
    std::atomic<std::size_t> ran = 0;
    {
      OrderedTasks tasks(jobs, 1000);
      for (std::size_t i = 0; i < 1000; ++i)
        tasks.submit([&]() -> OrderedTasks::FollowUp {
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
          ++ran;
          return [] {};
        });
    }
    ck_assert_uint_lt(ran, 1000);
  }
}
END_TEST

START_TEST(tasks_under_stress) {
  for (int round = 0; round < 50; ++round) {
    std::uint64_t sum = 0;
    OrderedTasks tasks(1 + round % 7, 1 + round % 9);
    for (std::uint64_t i = 1; i <= 200; ++i)
      tasks.submit([&sum, i] { return [&sum, i] { sum = sum * 31 + i; }; });
    tasks.wait();
    std::uint64_t wanted = 0;
    for (std::uint64_t i = 1; i <= 200; ++i)
      wanted = wanted * 31 + i;
    ck_assert_uint_eq(sum, wanted);
  }
}
END_TEST

START_TEST(cancelling_ends_the_work) {
  for (unsigned jobs : job_counts) {
    Monitor monitor;
    bool cancelled = false;
    OrderedTasks tasks(jobs, 4);
    try {
      for (std::size_t i = 0;; ++i)
        tasks.submit([&, i]() -> OrderedTasks::FollowUp {
          if (i == 10)
            monitor.cancel();
          monitor.advance(1);
          return [] {};
        });
    } catch (const Cancelled &) {
      cancelled = true;
    }
    ck_assert(cancelled);
  }
}
END_TEST

// The process is another user's from then on, with at most LIMIT processes
// while this lives: the leak sanitizer starts a thread at the end.
class ProcessLimit {
public:
  explicit ProcessLimit(rlim_t limit) {
    if (getuid() == 0) {
      ck_assert_int_eq(setgid(64123), 0);
      ck_assert_int_eq(setuid(64123), 0);
    }
    ck_assert_int_eq(getrlimit(RLIMIT_NPROC, &before_), 0);
    set(limit);
  }
  void set(rlim_t limit) {
    rlimit limits{limit, before_.rlim_max};
    ck_assert_int_eq(setrlimit(RLIMIT_NPROC, &limits), 0);
  }
  ~ProcessLimit() { setrlimit(RLIMIT_NPROC, &before_); }

private:
  rlimit before_{};
};

START_TEST(no_thread_can_be_started) {
  if (const char *fork = getenv("CK_FORK"); fork && fork == std::string("no"))
    return; // what is limited stays so
  ProcessLimit limit(1);
  assert_error("cannot start a thread", [] { OrderedTasks tasks(5, 4); });
  std::size_t calls = 0;
  parallel_for(10, 5, [&](std::size_t) { ++calls; });
  ck_assert_uint_eq(calls, 10);
}
END_TEST

static bool can_start_thread() {
  try {
    OrderedTasks(1, 1).wait();
    return true;
  } catch (const Error &) {
    return false;
  }
}

START_TEST(fewer_threads_than_wanted_will_do) {
  if (const char *fork = getenv("CK_FORK"); fork && fork == std::string("no"))
    return;
  if (getuid() != 0)
    return; // this user's other processes count
  ProcessLimit limit(1);
  // Sanitizers have threads of their own.
  for (rlim_t count = 1; !can_start_thread(); ++count)
    limit.set(count);
  std::size_t followed = 0;
  {
    OrderedTasks tasks(50, 4);
    for (std::size_t i = 0; i < 1000; ++i)
      tasks.submit([&] { return [&] { ++followed; }; });
    tasks.wait();
  }
  ck_assert_uint_eq(followed, 1000);
}
END_TEST

START_TEST(monitor_tells_progress_and_warnings) {
  Monitor monitor;
  monitor.begin_stage("one", 10);
  monitor.advance(4);
  monitor.advance(3);
  ck_assert_uint_eq(monitor.progress().done, 7);
  ck_assert_uint_eq(monitor.progress().total, 10);
  monitor.begin_stage("two");
  assert_same(monitor.progress().stage, "two");
  ck_assert_uint_eq(monitor.progress().done, 0);
  parallel_for(100, 7, [&](std::size_t) { monitor.warn("w"); });
  ck_assert_uint_eq(monitor.take_warnings().size(), 100);
  ck_assert_uint_eq(monitor.take_warnings().size(), 0);
}
END_TEST

int main() {
  Suite *suite = suite_create("base: threads");
  TCase *all = tcase_create("all");
  tcase_add_test(all, thread_count_is_at_least_one);
  tcase_add_test(all, thread_count_obeys_the_build_daemon);
  tcase_add_test(all, parallel_for_calls_each_once);
  tcase_add_test(all, parallel_for_throws_the_first_failure);
  tcase_add_test(all, follow_ups_come_in_order);
  tcase_add_test(all, a_failing_task_stops_the_rest);
  tcase_add_test(all, destructor_drops_what_has_not_begun);
  tcase_add_test(all, tasks_under_stress);
  tcase_add_test(all, cancelling_ends_the_work);
  tcase_add_test(all, no_thread_can_be_started);
  tcase_add_test(all, fewer_threads_than_wanted_will_do);
  tcase_add_test(all, monitor_tells_progress_and_warnings);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
