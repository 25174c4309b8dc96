// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of plans: the strategy "size", and what holds for each plan.

#include "plan/largest_alone.hh"
#include "plan/plan.hh"
#include "support/fixtures.hh"

#include <algorithm>
#include <random>

using namespace strata;

namespace {

// Items of the SIZES, their names in the order of the list.
PlanProblem problem_of(const std::vector<std::uint64_t> &sizes,
                       std::size_t most_groups) {
  PlanProblem problem;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    problem.items.push_back(
        {made_up_item(static_cast<unsigned>(i), format("item-%03zu", i)),
         sizes[i],
         {}});
  problem.most_groups = most_groups;
  return problem;
}

// "0 1,2" for the groups {0} and {1, 2}.
std::string shown(const Plan &plan) {
  std::string result;
  for (const Group &group : plan) {
    std::string items;
    for (std::size_t i : group)
      items += (items.empty() ? "" : ",") + std::to_string(i);
    result += (result.empty() ? "" : " ") + items;
  }
  return result;
}

std::string plan_of(const std::vector<std::uint64_t> &sizes,
                    std::size_t most_groups) {
  return shown(make_plan(problem_of(sizes, most_groups), LargestAlone()));
}

// A strategy whose plan is given.
class Fixed : public Strategy {
public:
  explicit Fixed(Plan plan) : plan_(std::move(plan)) {}
  std::string_view name() const override { return "fixed"; }
  Plan plan(const PlanProblem &) const override { return plan_; }

private:
  Plan plan_;
};

} // namespace

START_TEST(largest_alone_for_every_number_of_groups) {
  const std::vector<std::uint64_t> sizes{10, 50, 30, 20, 40};
  assert_same(plan_of(sizes, 1), "0,1,2,3,4");
  assert_same(plan_of(sizes, 2), "1 0,2,3,4");
  assert_same(plan_of(sizes, 3), "1 4 0,2,3");
  assert_same(plan_of(sizes, 4), "1 4 2 0,3");
  for (std::size_t groups = 5; groups <= 10; ++groups)
    assert_same(plan_of(sizes, groups), "1 4 2 3 0");
}
END_TEST

START_TEST(ties_go_by_name) {
  assert_same(plan_of({7, 7, 7, 7}, 3), "0 1 2,3");
  // The name counts, not the hash before it.
  PlanProblem problem = problem_of({5, 5, 5}, 2);
  problem.items[0].path = made_up_item(0, "z");
  problem.items[1].path = made_up_item(1, "m");
  problem.items[2].path = made_up_item(2, "a");
  assert_same(shown(make_plan(problem, LargestAlone())), "2 0,1");
  // The same name twice: the path decides.
  problem.items[2].path = made_up_item(2, "m");
  assert_same(shown(make_plan(problem, LargestAlone())), "1 0,2");
}
END_TEST

START_TEST(no_items_no_groups) {
  for (std::size_t groups : {1, 2, 100})
    assert_same(plan_of({}, groups), "");
}
END_TEST

START_TEST(sizes_at_their_limits) {
  assert_same(plan_of({0, UINT64_MAX, 0, UINT64_MAX - 1}, 3), "1 3 0,2");
}
END_TEST

START_TEST(properties_of_random_plans) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 500; ++round) {
    std::vector<std::uint64_t> sizes(random() % 40);
    for (auto &size : sizes)
      size = random() % 10; // many ties
    PlanProblem problem = problem_of(sizes, 1 + random() % 45);
    // Names in no order: the hash alone sorts the items.
    for (std::size_t i = 0; i < sizes.size(); ++i)
      problem.items[i].path = made_up_item(static_cast<unsigned>(i),
                                           format("x%d", int(random() % 20)));
    Plan plan = make_plan(problem, LargestAlone());

    ck_assert_uint_eq(plan.size(), std::min(sizes.size(), problem.most_groups));
    std::vector<int> seen(sizes.size());
    for (const Group &group : plan)
      for (std::size_t i : group)
        ++seen.at(i);
    ck_assert(
        std::all_of(seen.begin(), seen.end(), [](int n) { return n == 1; }));
    // Those alone are no smaller than any later one.
    for (std::size_t g = 0; g + 1 < plan.size(); ++g) {
      ck_assert_uint_eq(plan[g].size(), 1);
      for (std::size_t i : plan[g + 1])
        ck_assert_uint_ge(sizes[plan[g][0]], sizes[i]);
    }
    ck_assert(make_plan(problem, LargestAlone()) == plan);
  }
}
END_TEST

START_TEST(a_bad_plan_is_refused) {
  PlanProblem problem = problem_of({1, 2, 3}, 2);
  make_plan(problem, Fixed({{0, 2}, {1}}));
  const Plan bad_plans[] = {{},
                            {{0, 1}},
                            {{0, 1, 2}, {}},
                            {{0}, {1}, {2}},
                            {{0, 1}, {1}},
                            {{0, 1, 2}, {2}},
                            {{2, 1, 0}},
                            {{0, 1, 2, 3}},
                            {{0, 0}, {1}}};
  for (const Plan &bad : bad_plans)
    assert_error("not valid", [&] { make_plan(problem, Fixed(bad)); });
}
END_TEST

START_TEST(strategies_have_names) {
  ck_assert_uint_ge(strategy_names().size(), 1);
  assert_same(std::string(strategy_names().front()), "expected");
  for (std::string_view name : strategy_names())
    ck_assert(find_strategy(name).name() == name);
  assert_error("unknown strategy 'x\\033'", [] { find_strategy("x\033"); });
  assert_error("size", [] { find_strategy(""); });
}
END_TEST

START_TEST(groups_leave_room_for_other_layers) {
  ck_assert_uint_eq(groups_for_layers(100, 1), 99);
  ck_assert_uint_eq(groups_for_layers(2, 1), 1);
  ck_assert_uint_eq(groups_for_layers(1, 1), 1);
  ck_assert_uint_eq(groups_for_layers(1, 0), 1);
  ck_assert_uint_eq(groups_for_layers(3, 5), 1);
}
END_TEST

START_TEST(no_small_item_is_alone) {
  PlanProblem problem = problem_of({500, 8000, 7000, 6000}, 4);
  problem.least_group_size = 600;
  // Also where there is a group for each, and only one is small.
  assert_same(shown(make_plan(problem, LargestAlone())), "1 2 0,3");
  problem = problem_of({500, 8000, 7000, 400, 6000, 5000}, 9);
  problem.least_group_size = 1000;
  assert_same(shown(make_plan(problem, LargestAlone())), "1 2 4 0,3,5");
  problem.least_group_size = 900;
  assert_same(shown(make_plan(problem, LargestAlone())), "1 2 4 5 0,3");
  problem.least_group_size = 100'000;
  ck_assert_uint_eq(make_plan(problem, LargestAlone()).size(), 1);
}
END_TEST

int main() {
  Suite *suite = suite_create("plan");
  TCase *all = tcase_create("all");
  tcase_add_test(all, largest_alone_for_every_number_of_groups);
  tcase_add_test(all, ties_go_by_name);
  tcase_add_test(all, no_items_no_groups);
  tcase_add_test(all, sizes_at_their_limits);
  tcase_add_test(all, properties_of_random_plans);
  tcase_add_test(all, a_bad_plan_is_refused);
  tcase_add_test(all, strategies_have_names);
  tcase_add_test(all, groups_leave_room_for_other_layers);
  tcase_add_test(all, no_small_item_is_alone);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
