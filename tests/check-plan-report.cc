// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of what is said about plans, and of their comparison.

#include "plan/fleet_report.hh"
#include "plan/plan_difference.hh"
#include "plan/plan_report.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

// libc <- lib <- program -> data; four sources.
PlanProblem small_problem() {
  PlanProblem problem;
  problem.items = {{made_up_item(0, "libc-2"), 1000, {0}},
                   {made_up_item(1, "lib-1"), 200, {0}},
                   {made_up_item(2, "program-3"), 30, {1, 3}},
                   {made_up_item(3, "data-1"), 4, {}}};
  problem.most_groups = 3;
  return problem;
}

std::string path(unsigned number, const char *name) {
  return made_up_item(number, name);
}

} // namespace

START_TEST(averages_of_a_small_plan) {
  PlanProblem problem = small_problem();
  PlanReport report = report_plan(problem, {{0}, {1}, {2, 3}});
  ck_assert_uint_eq(report.size, 1234);
  ck_assert_uint_eq(report.groups.at(0).size, 1000);
  // Rebuilt: libc changes by 1 of 4 sources, lib by 2, the last by all.
  ck_assert_uint_eq(report.groups.at(0).sent.rebuilt, 1000 / 4);
  ck_assert_uint_eq(report.groups.at(1).sent.rebuilt, 200 * 2 / 4);
  ck_assert_uint_eq(report.groups.at(2).sent.rebuilt, 34);
  // Grafted: program changes by itself, lib and data.
  ck_assert_uint_eq(report.groups.at(2).sent.grafted, 34 * 3 / 4);
  ck_assert_uint_eq(report.sent.rebuilt, 250 + 100 + 34);
  // Alone, data is sent for one source of four.
  ck_assert_uint_eq(report.least.rebuilt, 250 + 100 + 30 + 1);
  ck_assert(report.groups.at(0).reason == GroupReason::alone);
  ck_assert(report.groups.at(2).reason == GroupReason::few_layers);
}
END_TEST

START_TEST(reasons_of_groups) {
  PlanProblem problem = small_problem();
  problem.previous = {{problem.items[0].path}};
  problem.items.push_back({path(4, "twin-1"), 5, {0}, "lib"});
  problem.siblings = {{problem.items[0]}, {problem.items[3]}};
  PlanReport report = report_plan(problem, {{0}, {1, 4}, {2, 3}});
  ck_assert(report.groups.at(0).reason == GroupReason::kept);
  ck_assert(report.groups.at(1).reason == GroupReason::change_together);
  ck_assert(report.groups.at(2).reason == GroupReason::few_layers);
  // Both are in this image alone: that is no sharing.
  problem.siblings.pop_back();
  report = report_plan(problem, {{0}, {1, 4}, {2, 3}});
  ck_assert(report.groups.at(2).reason == GroupReason::few_layers);
  problem.siblings.push_back({problem.items[2], problem.items[3]});
  report = report_plan(problem, {{0}, {1, 4}, {2, 3}});
  ck_assert(report.groups.at(2).reason == GroupReason::shared);
  problem.rules = parse_layer_rules("layer first lib*\n", "r");
  report = report_plan(problem, {{0}, {1, 4}, {2, 3}});
  ck_assert(report.groups.at(0).reason == GroupReason::named);
  ck_assert(report.groups.at(2).reason == GroupReason::shared);
}
END_TEST

START_TEST(what_a_change_re_sends) {
  PlanProblem problem = small_problem();
  Plan plan{{0, 3}, {1}, {2}};
  ItemReport libc = report_item(problem, plan, 0);
  ck_assert_uint_eq(libc.group, 0);
  ck_assert((libc.rebuilt.items == std::vector<std::size_t>{0, 1, 2}));
  ck_assert((libc.rebuilt.groups == std::vector<std::size_t>{0, 1, 2}));
  ck_assert_uint_eq(libc.rebuilt.item_bytes, 1230);
  ck_assert_uint_eq(libc.rebuilt.group_bytes, 1234);
  ck_assert((libc.grafted.items == std::vector<std::size_t>{0, 1}));
  ck_assert_uint_eq(libc.grafted.group_bytes, 1204);
  ItemReport program = report_item(problem, plan, 2);
  ck_assert_uint_eq(program.group, 2);
  ck_assert_uint_eq(program.rebuilt.group_bytes, 30);
}
END_TEST

START_TEST(the_report_agrees_with_what_is_pulled) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    PlanProblem problem;
    problem.items = random_items(random, 1 + random() % 40);
    for (std::size_t i = 0; i < problem.items.size(); ++i)
      problem.items[i].source = format("source%zu", i);
    problem.most_groups = 10;
    const Strategy &strategy = find_strategy("size");
    Plan plan = make_plan(problem, strategy);
    SizedGroups before = sized_groups(problem.items, plan);
    std::size_t item = random() % problem.items.size();
    ItemReport report = report_item(problem, plan, item);
    update_item(random, problem.items, item);
    PlanDifference difference =
        compare_plans(before, sized_groups(problem.items, plan));
    ck_assert_uint_eq(difference.pulled_bytes, report.rebuilt.group_bytes);
    ck_assert_uint_eq(difference.least_bytes, report.rebuilt.item_bytes);
    ck_assert_uint_eq(difference.changes.size(), report.rebuilt.items.size());
  }
}
END_TEST

START_TEST(averages_are_exact_with_very_many_sources) {
  std::mt19937 random(2);
  PlanProblem problem;
  problem.items = random_items(random, 2500, 1);
  for (std::size_t i = 0; i < problem.items.size(); ++i)
    problem.items[i].source = format("source%zu", i);
  problem.most_groups = 10;
  Plan plan = make_plan(problem, find_strategy("size"));
  AverageBytes sent, least;
  for (std::size_t i = 0; i < problem.items.size(); ++i) {
    ItemReport report = report_item(problem, plan, i);
    sent.rebuilt += report.rebuilt.group_bytes;
    sent.grafted += report.grafted.group_bytes;
    least.rebuilt += report.rebuilt.item_bytes;
    least.grafted += report.grafted.item_bytes;
  }
  // Each layer, or item, is rounded down.
  auto near = [&](std::uint64_t average, std::uint64_t sum, std::size_t parts) {
    std::uint64_t exact = sum / problem.items.size();
    return average <= exact && average + parts >= exact;
  };
  PlanReport report = report_plan(problem, plan);
  ck_assert(near(report.sent.rebuilt, sent.rebuilt, plan.size()));
  ck_assert(near(report.sent.grafted, sent.grafted, plan.size()));
  ck_assert(near(report.least.rebuilt, least.rebuilt, problem.items.size()));
  ck_assert(near(report.least.grafted, least.grafted, problem.items.size()));
  AverageBytes curve = find_sent(problem, {plan}).at(0);
  ck_assert_uint_eq(curve.rebuilt, report.sent.rebuilt);
  ck_assert_uint_eq(curve.grafted, report.sent.grafted);
}
END_TEST

START_TEST(nothing_to_report) {
  PlanReport report = report_plan({}, {});
  ck_assert_uint_eq(report.size, 0);
  ck_assert(report.groups.empty());
  PlanProblem huge;
  huge.items = {{path(0, "a"), UINT64_MAX}, {path(1, "b"), UINT64_MAX}};
  report = report_plan(huge, {{0, 1}});
  ck_assert(report.size == UINT64_MAX);
  ck_assert(report.sent.rebuilt == UINT64_MAX);
}
END_TEST

START_TEST(plans_are_compared) {
  SizedGroups before{{{path(0, "libc-2"), 100}, {path(1, "lib-1"), 20}},
                     {{path(2, "program-3"), 7}},
                     {{path(3, "gone"), 1}}};
  SizedGroups after{{{path(2, "program-3"), 7}},
                    {{path(0, "libc-2"), 100}, {path(4, "lib-1.1"), 21}},
                    {{path(5, "new"), 3}}};
  PlanDifference difference = compare_plans(before, after);
  ck_assert((difference.in_both == std::vector<bool>{true, false, false}));
  ck_assert_uint_eq(difference.common_bytes, 7);
  ck_assert_uint_eq(difference.pulled_bytes, 124);
  ck_assert_uint_eq(difference.least_bytes, 24);
  std::string changes;
  for (const ItemChange &change : difference.changes)
    changes += std::string(item_name(change.before)) + ">" +
               std::string(item_name(change.after)) + " ";
  assert_same(changes, "gone> lib-1>lib-1.1 >new ");
  ck_assert_uint_eq(compare_plans(after, after).pulled_bytes, 0);
  ck_assert_uint_eq(compare_plans({}, after).pulled_bytes, 131);
  ck_assert(compare_plans(before, {}).in_both.empty());
}
END_TEST

START_TEST(a_fleet_is_reported) {
  std::vector<SizedItem> libc{{path(0, "libc-2"), 100}, {path(1, "lib-1"), 20}};
  std::vector<SizedItem> turned{libc[1], libc[0]};
  std::vector<SizedItem> one{{path(2, "one"), 7}}, other{{path(3, "other"), 3}};
  FleetReport report =
      report_fleet({{libc, one}, {other, turned}, {libc}, {one, one}});
  ck_assert_uint_eq(report.images.size(), 4);
  ck_assert_uint_eq(report.images[0].groups, 2);
  ck_assert_uint_eq(report.images[0].size, 127);
  ck_assert_uint_eq(report.images[0].shared_groups, 2);
  ck_assert_uint_eq(report.images[1].shared_groups, 1);
  ck_assert_uint_eq(report.images[1].shared_size, 120);
  ck_assert_uint_eq(report.stored_size, 130);
  ck_assert_uint_eq(report.unique_size, 130);
  ck_assert_uint_eq(report.sum_size, 127 + 123 + 120 + 14);

  // The same items in other groups are stored twice; a group that one image
  // has twice is shared with none.
  report = report_fleet({{libc}, {{libc[0]}, {libc[1]}}, {one, one}});
  ck_assert_uint_eq(report.stored_size, 247);
  ck_assert_uint_eq(report.unique_size, 127);
  ck_assert_uint_eq(report.images[2].shared_groups, 0);

  report = report_fleet({});
  ck_assert(report.images.empty());
  ck_assert_uint_eq(report.stored_size, 0);
}
END_TEST

int main() {
  Suite *suite = suite_create("plan-report");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_test(all, averages_of_a_small_plan);
  tcase_add_test(all, reasons_of_groups);
  tcase_add_test(all, what_a_change_re_sends);
  tcase_add_test(all, the_report_agrees_with_what_is_pulled);
  tcase_add_test(all, averages_are_exact_with_very_many_sources);
  tcase_add_test(all, nothing_to_report);
  tcase_add_test(all, plans_are_compared);
  tcase_add_test(all, a_fleet_is_reported);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
