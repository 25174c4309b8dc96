// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what holds for the plans of every strategy, on thousands of random
// graphs.  That each item is there once and groups are not too many is checked
// by make_plan.

#include "plan/plan_curve.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

constexpr int rounds = 1000; // for each strategy

PlanProblem random_problem(std::mt19937 &random) {
  PlanProblem problem;
  problem.items = random_items(random, random() % 50);
  problem.most_groups = 3 + random() % 30;
  problem.least_group_size =
      random() % 4 == 0 ? std::uint64_t(1) << random() % 28 : 0;
  problem.rules = parse_layer_rules("layer low package*1\n"
                                    "rest\n"
                                    "layer high package?-* package*-1.1?\n",
                                    "rules");
  return problem;
}

// Whether it takes the previous plan into account.
bool looks_back(const Strategy &strategy) {
  return strategy.name() == "expected" || strategy.name() == "manual";
}

template <typename Check>
void for_each_strategy(Check check) {
  for (std::string_view name : strategy_names())
    check(find_strategy(name));
}

} // namespace

START_TEST(the_order_of_input_does_not_matter) {
  for_each_strategy([](const Strategy &strategy) {
    std::mt19937 random(1);
    for (int round = 0; round < rounds; ++round) {
      PlanProblem problem = random_problem(random);
      auto expected = paths_of(problem.items, make_plan(problem, strategy));
      problem.items = shuffled(random, problem.items);
      ck_assert(paths_of(problem.items, make_plan(problem, strategy)) ==
                expected);
    }
  });
}
END_TEST

// Next to never is one broken because that costs less in the long run.
START_TEST(whole_layers_are_kept) {
  for_each_strategy([](const Strategy &strategy) {
    if (!looks_back(strategy))
      return;
    std::mt19937 random(2);
    std::size_t all = 0, broken = 0;
    for (int round = 0; round < rounds; ++round) {
      PlanProblem problem = random_problem(random);
      if (problem.items.empty())
        continue;
      auto before = paths_of(problem.items, make_plan(problem, strategy));
      problem.previous = before;
      ck_assert(paths_of(problem.items, make_plan(problem, strategy)) ==
                before);
      update_item(random, problem.items, random() % problem.items.size());
      auto after = paths_of(problem.items, make_plan(problem, strategy));
      for (const PathGroup &group : before) {
        bool whole = std::all_of(
            group.begin(), group.end(), [&](const std::string &path) {
              return std::any_of(
                  problem.items.begin(), problem.items.end(),
                  [&](const PlanItem &item) { return item.path == path; });
            });
        all += whole;
        broken += whole &&
                  std::find(after.begin(), after.end(), group) == after.end();
      }
    }
    ck_assert_uint_gt(all, 1000);
    ck_assert_uint_le(1000 * broken, all);
  });
}
END_TEST

START_TEST(more_layers_re_send_less) {
  for_each_strategy([](const Strategy &strategy) {
    const std::vector<std::size_t> numbers{3, 6, 12, 24, 48, 96};
    std::vector<AverageBytes> sums(numbers.size());
    std::mt19937 random(3);
    for (int round = 0; round < 100; ++round) {
      PlanProblem problem = random_problem(random);
      problem.items = random_items(random, 100);
      problem.least_group_size = 0;
      auto points = plan_curve(problem, strategy, numbers);
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        ck_assert_uint_le(points[i].groups, numbers[i]);
        sums[i].rebuilt += points[i].sent.rebuilt;
        sums[i].grafted += points[i].sent.grafted;
      }
    }
    bool same = strategy.name() == "single";
    for (std::size_t i = 1; i < numbers.size(); ++i) {
      ck_assert(same ? sums[i].rebuilt == sums[i - 1].rebuilt
                     : sums[i].rebuilt < sums[i - 1].rebuilt);
      ck_assert(same ? sums[i].grafted == sums[i - 1].grafted
                     : sums[i].grafted < sums[i - 1].grafted);
    }
  });
}
END_TEST

START_TEST(what_is_placed_is_in_no_group) {
  for_each_strategy([](const Strategy &strategy) {
    std::mt19937 random(4);
    for (int round = 0; round < rounds / 2; ++round) {
      PlanProblem problem = random_problem(random);
      problem.previous = paths_of(problem.items, make_plan(problem, strategy));
      for (PlanItem &item : problem.items)
        item.placed = random() % 3 == 0;
      if (random() % 2 == 0)
        problem.siblings = {random_items(random, 20), problem.items};
      make_plan(problem, strategy); // checks it
      for (PlanItem &item : problem.items)
        item.placed = true;
      ck_assert(make_plan(problem, strategy).empty());
    }
  });
}
END_TEST

START_TEST(each_of_a_fleet_makes_the_same_plans) {
  for_each_strategy([](const Strategy &strategy) {
    std::mt19937 random(5);
    for (int round = 0; round < rounds / 5; ++round) {
      PlanProblem problem = random_problem(random);
      problem.siblings = {random_items(random, 30), problem.items,
                          random_items(random, 10)};
      std::vector<Plan> plans = make_fleet_plans(problem, strategy);
      ck_assert(plans.at(0) == make_plan(problem, strategy));
      ck_assert(plans.at(2) == plans.at(0));
      for (std::size_t i = 0; i < problem.siblings.size(); ++i) {
        PlanProblem other = problem;
        std::swap(other.items, other.siblings[i]);
        ck_assert(make_fleet_plans(other, strategy).at(i + 1) == plans.at(0));
        ck_assert(make_plan(other, strategy) == plans.at(i + 1));
      }
    }
  });
}
END_TEST

// COUNT items of 300 sources.
static ImageItems many_items(std::mt19937 &random, unsigned count) {
  ImageItems items;
  for (unsigned i = 0; i < count; ++i)
    items.push_back({made_up_item(i, format("package%u-1.%u", i % 300, i)),
                     1000 + random() % 1000000,
                     {random() % (i + 1), random() % (i + 1)}});
  return items;
}

// More than are compared one by one.
START_TEST(a_fleet_with_very_many_items_shares_its_layers) {
  std::mt19937 random(6);
  PlanProblem problem;
  problem.items = many_items(random, 6000);
  problem.most_groups = 39;
  std::uint64_t unique = 0;
  for (const PlanItem &item : problem.items)
    unique += item.size;
  for (std::size_t less : {1, 2}) {
    ImageItems sibling = problem.items;
    sibling.resize(sibling.size() - less);
    problem.siblings.push_back(sibling);
  }
  auto points = plan_curve(problem, find_strategy("expected"), {39});
  ck_assert_uint_le(points.at(0).stored, unique + unique / 10);
}
END_TEST

// One image has two builds of each, the others have one of them.
START_TEST(the_same_build_is_shared_where_there_are_two) {
  PlanProblem both;
  ImageItems one, other;
  for (unsigned i = 0; i < 60; ++i) {
    PlanItem item{made_up_item(i, format("lib%u-1", i / 2)), 1000 + i, {}};
    both.items.push_back(item);
    (i % 2 == 0 ? one : other).push_back(item);
  }
  both.siblings = {one, other, both.items};
  const Strategy &strategy = find_strategy("expected");
  auto points = plan_curve(both, strategy, {8});
  ck_assert_uint_eq(points.at(0).groups, 8);
  ck_assert_uint_le(points.at(0).stored, 61'770 + 61'770 / 3);
  PlanProblem single = both;
  std::swap(single.items, single.siblings[1]);
  single.siblings[1] = other;
  ck_assert(make_fleet_plans(single, strategy) ==
            (std::vector<Plan>{make_plan(single, strategy),
                               make_fleet_plans(both, strategy).at(1),
                               make_plan(single, strategy),
                               make_fleet_plans(both, strategy).at(0)}));
}
END_TEST

START_TEST(each_item_of_a_fleet_in_another_set_of_images) {
  std::mt19937 random(7);
  ImageItems items = many_items(random, 4000);
  PlanProblem problem;
  problem.most_groups = 39;
  for (std::size_t image = 0; image < 12; ++image) {
    problem.items.clear();
    for (std::size_t i = 0; i < items.size(); ++i)
      if (i >> image & 1) {
        problem.items.push_back(items[i]);
        problem.items.back().references.clear();
      }
    problem.siblings.push_back(problem.items);
  }
  const Strategy &strategy = find_strategy("expected");
  std::vector<Plan> plans = make_fleet_plans(problem, strategy); // checks them
  std::swap(problem.items, problem.siblings[3]);
  ck_assert(make_plan(problem, strategy) == plans.at(4));
}
END_TEST

START_TEST(a_curve_counts_equal_layers_once) {
  PlanProblem problem;
  for (unsigned i = 0; i < 4; ++i)
    problem.items.push_back({made_up_item(i, format("x%u-1", i)), 100, {}});
  ImageItems sibling = problem.items;
  sibling.pop_back();
  problem.siblings = {sibling, problem.items};
  const Strategy &size = find_strategy("size");
  auto points = plan_curve(problem, size, {4, 1});
  CurvePoint point = points.at(0);
  ck_assert_uint_eq(point.groups, 4);
  ck_assert_uint_eq(point.stored, 400);
  ck_assert_uint_eq(point.sent.rebuilt, 100);
  point = points.at(1);
  ck_assert_uint_eq(point.groups, 1);
  ck_assert_uint_eq(point.stored, 700);
  ck_assert_uint_eq(point.sent.grafted, 400);
}
END_TEST

int main() {
  Suite *suite = suite_create("plan-properties");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 300);
  tcase_add_test(all, the_order_of_input_does_not_matter);
  tcase_add_test(all, whole_layers_are_kept);
  tcase_add_test(all, more_layers_re_send_less);
  tcase_add_test(all, what_is_placed_is_in_no_group);
  tcase_add_test(all, each_of_a_fleet_makes_the_same_plans);
  tcase_add_test(all, a_fleet_with_very_many_items_shares_its_layers);
  tcase_add_test(all, the_same_build_is_shared_where_there_are_two);
  tcase_add_test(all, each_item_of_a_fleet_in_another_set_of_images);
  tcase_add_test(all, a_curve_counts_equal_layers_once);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
