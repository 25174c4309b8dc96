// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the strategy "expected": what it promises, on random
// graphs, and what it makes of input that no store gives.

#include "plan/change_sets.hh"
#include "plan/expected_bytes.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

// Layers of any size, unless PROBLEM says something else.
Plan plan_of(PlanProblem problem) {
  problem.least_group_size = problem.least_group_size.value_or(0);
  return make_plan(problem, ExpectedBytes()); // checks each item, once
}

PlanProblem random_problem(std::mt19937 &random, std::size_t most_items) {
  PlanProblem problem;
  problem.items = random_items(random, random() % (most_items + 1));
  problem.most_groups = 1 + random() % 30;
  return problem;
}

std::uint64_t size_of(const ImageItems &items, const Group &group) {
  std::uint64_t size = 0;
  for (std::size_t place : group)
    size = sum_of_sizes(size, items[place].size);
  return size;
}

// What the strategy wants to be low: bytes, each as often as changes reach its
// group.
double cost_of(const PlanProblem &problem, const Plan &plan) {
  SortedItems items(problem.items);
  ChangeSets changes(items);
  double cost = 0;
  for (const Group &group : plan) {
    std::vector<BitWord> all(changes.words());
    for (std::size_t place : group)
      add_bits(all, changes.of(static_cast<Rank>(
                        items.find(problem.items[place].path))));
    cost += double(size_of(problem.items, group)) * change_weight(all);
  }
  return cost;
}

} // namespace

START_TEST(what_changes_together_lies_together) {
  // Two programs with what belongs to them; one comes from one source.
  PlanProblem problem;
  auto add = [&](const char *name, std::vector<std::size_t> references) {
    problem.items.push_back({made_up_item(unsigned(problem.items.size()), name),
                             1000, std::move(references)});
  };
  add("libc-2.36", {});
  add("alpha-1", {0});
  add("alpha-1-doc", {});
  add("beta-1", {0, 4});
  add("beta-data-1", {});
  add("alpha-1-lib", {0});
  problem.most_groups = 4;
  auto groups = names_of(problem.items, plan_of(problem));
  ck_assert_uint_eq(groups.size(), 4);
  ck_assert(std::find(groups.begin(), groups.end(),
                      PathGroup{"alpha-1", "alpha-1-doc", "alpha-1-lib"}) !=
            groups.end());
}
END_TEST

START_TEST(the_least_likely_to_change_lies_lowest) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    PlanProblem problem = random_problem(random, 60);
    Plan plan = plan_of(problem);
    SortedItems items(problem.items);
    ChangeSets changes(items);
    std::uint32_t before = 0;
    for (const Group &group : plan) {
      std::vector<BitWord> all(changes.words());
      for (std::size_t place : group)
        add_bits(all, changes.of(static_cast<Rank>(
                          items.find(problem.items[place].path))));
      ck_assert_uint_le(before, change_weight(all));
      before = change_weight(all);
    }
  }
}
END_TEST

START_TEST(as_many_layers_as_there_may_be_and_of_many_one_less) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    PlanProblem problem = random_problem(random, 60);
    Plan plan = plan_of(problem);
    std::size_t count = problem.items.size(), most = problem.most_groups;
    ck_assert_uint_eq(plan.size(), count <= most ? count
                                   : most < 10   ? most
                                                 : most - 1);
  }
}
END_TEST

START_TEST(the_order_of_input_does_not_matter) {
  std::mt19937 random(2);
  for (int round = 0; round < 1000; ++round) {
    PlanProblem problem = random_problem(random, 60);
    for (std::size_t n = random() % 3; n > 0; --n)
      problem.siblings.push_back(random_items(random, random() % 40));
    auto expected = paths_of(problem.items, plan_of(problem));
    problem.items = shuffled(random, problem.items);
    for (ImageItems &sibling : problem.siblings)
      sibling = shuffled(random, sibling);
    std::shuffle(problem.siblings.begin(), problem.siblings.end(), random);
    ck_assert(paths_of(problem.items, plan_of(problem)) == expected);
  }
}
END_TEST

START_TEST(hashes_decide_nothing_where_names_differ) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    PlanProblem problem = random_problem(random, 60);
    for (std::size_t i = 0; i < problem.items.size(); ++i)
      problem.items[i].path = made_up_item(random(), format("x%zu-1", i));
    auto expected = names_of(problem.items, plan_of(problem));
    for (std::size_t i = 0; i < problem.items.size(); ++i)
      problem.items[i].path = made_up_item(random(), format("x%zu-1", i));
    ck_assert(names_of(problem.items, plan_of(problem)) == expected);
  }
}
END_TEST

// A layer that is whole is broken only where that costs less in the long run:
// next to never.
START_TEST(whole_layers_are_kept) {
  std::mt19937 random(4);
  std::size_t all = 0, broken = 0;
  for (int round = 0; round < 2000; ++round) {
    PlanProblem problem = random_problem(random, 60);
    if (problem.items.empty())
      continue;
    problem.previous = paths_of(problem.items, plan_of(problem));
    // Nothing changed: nothing changes.
    auto same = paths_of(problem.items, plan_of(problem));
    ck_assert(same == problem.previous);

    update_item(random, problem.items, random() % problem.items.size());
    auto next = paths_of(problem.items, plan_of(problem));
    std::vector<PathGroup> whole;
    for (const PathGroup &group : problem.previous)
      if (std::all_of(group.begin(), group.end(), [&](const std::string &path) {
            return std::any_of(
                problem.items.begin(), problem.items.end(),
                [&](const PlanItem &item) { return item.path == path; });
          }))
        whole.push_back(group);
    all += whole.size();
    broken += std::erase_if(whole, [&](const PathGroup &group) {
      return std::find(next.begin(), next.end(), group) == next.end();
    });
    // They are the lowest, as they were.
    ck_assert(std::equal(whole.begin(), whole.end(), next.begin()));
  }
  ck_assert_uint_gt(all, 10000);
  ck_assert_uint_le(1000 * broken, all);
}
END_TEST

START_TEST(fewer_layers_than_were_kept) {
  std::mt19937 random(5);
  for (int round = 0; round < 200; ++round) {
    PlanProblem problem = random_problem(random, 60);
    problem.previous = paths_of(problem.items, plan_of(problem));
    problem.most_groups = 1 + random() % problem.most_groups;
    ck_assert_uint_le(plan_of(problem).size(), problem.most_groups);
  }
}
END_TEST

START_TEST(a_previous_plan_may_be_anything) {
  std::mt19937 random(6);
  for (int round = 0; round < 500; ++round) {
    PlanProblem problem = random_problem(random, 30);
    problem.previous = {{}, {""}, {"/gnu/store/x", "x"}};
    for (std::size_t n = random() % 40; n > 0; --n) {
      PathGroup group;
      for (std::size_t i = random() % 4; i > 0 && !problem.items.empty(); --i)
        group.push_back(problem.items[random() % problem.items.size()].path);
      problem.previous.push_back(group);
    }
    plan_of(problem);
  }
}
END_TEST

START_TEST(more_layers_re_send_less) {
  std::mt19937 random(8);
  double before = 0;
  for (std::size_t groups : {2, 5, 10, 20, 40, 80}) {
    random.seed(8);
    double cost = 0;
    for (int round = 0; round < 60; ++round) {
      PlanProblem problem;
      problem.items = random_items(random, 100);
      problem.most_groups = groups;
      cost += cost_of(problem, plan_of(problem));
    }
    if (before > 0)
      ck_assert_double_lt(cost, before);
    before = cost;
  }
}
END_TEST

START_TEST(better_than_the_largest_alone) {
  std::mt19937 random(9);
  double expected = 0, size = 0;
  for (int round = 0; round < 60; ++round) {
    PlanProblem problem;
    problem.items = random_items(random, 100);
    problem.most_groups = 20;
    expected += cost_of(problem, plan_of(problem));
    size += cost_of(problem, make_plan(problem, find_strategy("size")));
  }
  ck_assert_double_lt(expected, 0.8 * size);
}
END_TEST

START_TEST(small_layers_are_not_made) {
  std::mt19937 random(10);
  for (int round = 0; round < 500; ++round) {
    PlanProblem problem = random_problem(random, 60);
    problem.least_group_size = std::uint64_t(1) << random() % 30;
    Plan plan = plan_of(problem);
    if (plan.size() > 1)
      for (const Group &group : plan)
        ck_assert_uint_ge(size_of(problem.items, group),
                          *problem.least_group_size);
    // What is kept stays, however small; of the rest, one may be small.
    problem.previous = paths_of(problem.items, plan);
    *problem.least_group_size *= 4;
    ck_assert(paths_of(problem.items, plan_of(problem)) == problem.previous);
  }
}
END_TEST

START_TEST(very_small_layers_are_not_made_unless_asked_for) {
  PlanProblem problem;
  problem.most_groups = 9;
  for (std::uint64_t size : {std::uint64_t(1), default_least_group_size - 1,
                             default_least_group_size, std::uint64_t(1) << 30})
    problem.items.push_back(
        {made_up_item(unsigned(size % 1000), format("x%zu", size)), size, {}});
  ck_assert_uint_eq(make_plan(problem, ExpectedBytes()).size(), 3);
  problem.least_group_size = 0;
  ck_assert_uint_eq(make_plan(problem, ExpectedBytes()).size(), 4);
  // Guix's rule and Nix's know no such thing.
  problem.least_group_size.reset();
  ck_assert_uint_eq(make_plan(problem, find_strategy("size")).size(), 4);
}
END_TEST

// What a check throws ends the work, wherever that is.
START_TEST(planning_can_be_interrupted) {
  std::mt19937 random(12);
  PlanProblem problem;
  problem.items = random_items(random, 200);
  problem.siblings = {problem.items, random_items(random, 100)};
  problem.most_groups = 20;
  Plan whole = plan_of(problem);
  std::size_t calls = 0;
  problem.check = [&] { ++calls; };
  ck_assert(plan_of(problem) == whole);
  ck_assert_uint_gt(calls, 1000);
  for (std::size_t last = 0; last < calls; last += 1 + calls / 50) {
    std::size_t left = last;
    problem.check = [&] {
      if (left-- == 0)
        throw Error("stop");
    };
    assert_error("stop", [&] { plan_of(problem); });
  }
}
END_TEST

START_TEST(cycles_and_references_to_nothing) {
  std::mt19937 random(11);
  for (int round = 0; round < 500; ++round) {
    PlanProblem problem = random_problem(random, 40);
    for (std::size_t i = 0; i < problem.items.size(); ++i)
      for (std::size_t wrong :
           {i, std::size_t(random() % problem.items.size()),
            problem.items.size() + random() % 3, ~std::size_t(0)})
        problem.items[i].references.push_back(wrong);
    problem.siblings.push_back(problem.items);
    auto expected = paths_of(problem.items, plan_of(problem));
    problem.items = shuffled(random, problem.items);
    ck_assert(paths_of(problem.items, plan_of(problem)) == expected);
  }
}
END_TEST

START_TEST(sizes_whose_sums_overflow) {
  std::mt19937 random(12);
  for (int round = 0; round < 300; ++round) {
    PlanProblem problem = random_problem(random, 60);
    for (PlanItem &item : problem.items)
      if (random() % 2 == 0)
        item.size = UINT64_MAX - random() % 3;
    problem.least_group_size = random() % 2 == 0 ? UINT64_MAX : 1;
    problem.sharing = random() % 2 == 0 ? UINT32_MAX : 0;
    problem.previous = paths_of(problem.items, plan_of(problem));
    for (PlanItem &item : problem.items)
      if (random() % 4 == 0)
        item.size = 0;
    problem.siblings.assign(random() % 3, problem.items);
    plan_of(problem);
  }
}
END_TEST

START_TEST(odd_names_and_many_sources) {
  PlanProblem problem;
  problem.most_groups = 40;
  for (unsigned i = 0; i < 3000; ++i) {
    PlanItem item{made_up_item(i, format("no.digits%c", 'a' + i % 26)), i % 7};
    item.source = format("source-%u", i * 7919 % 3000);
    if (i > 0)
      item.references = {i / 2, i / 3};
    problem.items.push_back(std::move(item));
  }
  ck_assert_uint_eq(plan_of(problem).size(), 39);
  for (PlanItem &item : problem.items)
    item.path = item.path.substr(item.path.size() % 5); // no item at all
  problem.items.front().path = "";
  ck_assert_uint_eq(plan_of(problem).size(), 39);
}
END_TEST

START_TEST(no_items_and_one_layer) {
  ck_assert(plan_of({}).empty());
  std::mt19937 random(13);
  for (std::size_t count : {1, 2, 50}) {
    PlanProblem problem;
    problem.items = random_items(random, count);
    ck_assert_uint_eq(plan_of(problem).size(), 1);
    problem.siblings = {{}, random_items(random, 5), problem.items};
    ck_assert_uint_eq(plan_of(problem).size(), 1);
  }
}
END_TEST

START_TEST(a_large_graph_is_planned) {
  // How long it takes is for bench/plan-scale to say.
  std::mt19937 random(14);
  PlanProblem problem;
  problem.items = random_items(random, 20000, 10);
  problem.most_groups = 99;
  ck_assert_uint_eq(plan_of(problem).size(), 98);
  problem.previous = paths_of(problem.items, plan_of(problem));
  ck_assert(paths_of(problem.items, plan_of(problem)) == problem.previous);
}
END_TEST

int main() {
  Suite *suite = suite_create("plan-expected");
  TCase *all = tcase_create("all");
  tcase_add_test(all, what_changes_together_lies_together);
  tcase_add_test(all, the_least_likely_to_change_lies_lowest);
  tcase_add_test(all, as_many_layers_as_there_may_be_and_of_many_one_less);
  tcase_add_test(all, the_order_of_input_does_not_matter);
  tcase_add_test(all, hashes_decide_nothing_where_names_differ);
  tcase_add_test(all, whole_layers_are_kept);
  tcase_add_test(all, fewer_layers_than_were_kept);
  tcase_add_test(all, a_previous_plan_may_be_anything);
  tcase_add_test(all, more_layers_re_send_less);
  tcase_add_test(all, better_than_the_largest_alone);
  tcase_add_test(all, small_layers_are_not_made);
  tcase_add_test(all, very_small_layers_are_not_made_unless_asked_for);
  tcase_add_test(all, planning_can_be_interrupted);
  tcase_add_test(all, cycles_and_references_to_nothing);
  tcase_add_test(all, sizes_whose_sums_overflow);
  tcase_add_test(all, odd_names_and_many_sources);
  tcase_add_test(all, no_items_and_one_layer);
  tcase_add_test(all, a_large_graph_is_planned);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
