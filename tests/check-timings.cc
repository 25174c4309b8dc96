// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of timings.

#include "base/json.hh"
#include "base/threads.hh"
#include "support/fixtures.hh"

#include <set>
#include <thread>

using namespace strata;

namespace {

constexpr auto pause = std::chrono::milliseconds(20);

double seconds(const Timings &timings, Activity activity) {
  for (const Timings::Sum &sum : timings.sums())
    if (sum.activity == activity)
      return sum.seconds;
  return 0;
}

START_TEST(nested_time_counts_once) {
  Timings timings;
  {
    Timings::Span outer(&timings, Activity::read, 100);
    outer.add(23);
    Timings::Span inner(&timings, Activity::hash, 7);
    std::this_thread::sleep_for(pause);
  }
  auto sums = timings.sums();
  ck_assert_uint_eq(sums.size(), 2);
  ck_assert(sums[0].activity == Activity::read);
  ck_assert_uint_eq(sums[0].bytes, 123);
  ck_assert(sums[1].activity == Activity::hash);
  ck_assert_uint_eq(sums[1].bytes, 7);
  ck_assert(sums[1].seconds >= std::chrono::duration<double>(pause).count());
  ck_assert(sums[0].seconds < sums[1].seconds / 2);
}
END_TEST

START_TEST(nothing_is_measured_without_timings) {
  Monitor monitor;
  ck_assert_ptr_null(monitor.timings());
  Timings::Span span(monitor.timings(), Activity::read, 1);
  span.add(1);
}
END_TEST

START_TEST(a_span_of_others_is_not_nested) {
  // Another Timings, and another thread.
  Timings one, other;
  {
    Timings::Span outer(&one, Activity::read);
    std::thread([&] {
      Timings::Span span(&one, Activity::hash);
      std::this_thread::sleep_for(pause);
    }).join();
  }
  ck_assert(seconds(one, Activity::read) >=
            std::chrono::duration<double>(pause).count());
  ck_assert(other.sums().empty());
}
END_TEST

START_TEST(the_trace_has_each_thread) {
  Timings timings;
  parallel_for(2, 2, [&](std::size_t) {
    Timings::Span span(&timings, Activity::compress, 5);
    std::this_thread::sleep_for(pause);
  });
  Json trace = Json::parse(timings.trace(), "trace");
  std::set<std::uint64_t> threads;
  std::size_t spans = 0;
  for (const Json &event : trace.at("traceEvents").elements()) {
    threads.insert(event.at("tid").number());
    if (event.at("ph").string() != "X")
      continue;
    ++spans;
    assert_same(event.at("name").string(), "compress");
    event.at("ts").number();
    ck_assert_uint_ge(event.at("dur").number(), 20000);
    ck_assert_uint_eq(event.at("args").at("bytes").number(), 5);
  }
  ck_assert_uint_eq(spans, 2);
  ck_assert_uint_le(threads.size(), 2);
}
END_TEST

START_TEST(a_trace_of_nothing_is_json) {
  ck_assert(Json::parse(Timings().trace(), "trace")
                .at("traceEvents")
                .elements()
                .empty());
}
END_TEST

START_TEST(waits_for_tasks_are_seen) {
  Timings timings;
  OrderedTasks tasks(1, 1, &timings);
  for (int i = 0; i < 2; ++i)
    tasks.submit([] {
      std::this_thread::sleep_for(pause);
      return [] {};
    });
  tasks.wait();
  ck_assert(seconds(timings, Activity::wait) >=
            std::chrono::duration<double>(pause).count() / 2);
}
END_TEST

} // namespace

int main() {
  Suite *suite = suite_create("base: timings");
  TCase *all = tcase_create("all");
  tcase_add_test(all, nested_time_counts_once);
  tcase_add_test(all, nothing_is_measured_without_timings);
  tcase_add_test(all, a_span_of_others_is_not_nested);
  tcase_add_test(all, the_trace_has_each_thread);
  tcase_add_test(all, a_trace_of_nothing_is_json);
  tcase_add_test(all, waits_for_tasks_are_seen);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
