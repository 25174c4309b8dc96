// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the strategy "popularity" against Nix's rule as it is told:
// a tree is drawn and its places are counted.

#include "plan/plan.hh"
#include "support/fixtures.hh"
#include "support/plan-fixture.hh"

#include <map>
#include <numeric>

using namespace strata;

namespace {

// Draws the tree of ITEMS and counts, for each item, the places that are the
// item or have it below them.
class DrawnTree {
public:
  explicit DrawnTree(const ImageItems &items) : items_(items) {
    std::set<std::size_t> referred_to;
    for (std::size_t i = 0; i < items.size(); ++i)
      for (std::size_t reference : items[i].references)
        if (reference != i)
          referred_to.insert(reference);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (!referred_to.count(i))
        draw(i);
  }

  std::uint64_t popularity(std::size_t item) const {
    auto found = counts_.find(item);
    return found == counts_.end() ? 0 : found->second;
  }

private:
  // Returns the items at this place and below it.
  std::set<std::size_t> draw(std::size_t item) {
    std::set<std::size_t> all{item};
    std::set<std::size_t> references(items_[item].references.begin(),
                                     items_[item].references.end());
    references.erase(item);
    for (std::size_t reference : references)
      all.merge(draw(reference));
    for (std::size_t one : all)
      ++counts_[one];
    return all;
  }

  const ImageItems &items_;
  std::map<std::size_t, std::uint64_t> counts_;
};

// Items with one-letter names, and what each refers to: {"A BC", "B C", "C"}.
ImageItems items_of(const std::vector<std::string> &graph) {
  ImageItems items;
  std::map<char, std::size_t> places;
  for (const std::string &line : graph) {
    places[line[0]] = items.size();
    items.push_back({made_up_item(static_cast<unsigned>(line[0]),
                                  std::string(line.substr(0, 1))),
                     1});
  }
  for (std::size_t i = 0; i < graph.size(); ++i)
    for (char name : graph[i].substr(1))
      if (name != ' ')
        items[i].references.push_back(places.at(name));
  return items;
}

// The names of the items in the order of layers; those that share one are
// joined by ",".
std::string plan_of(const ImageItems &items, std::size_t most_groups) {
  PlanProblem problem;
  problem.items = items;
  problem.most_groups = most_groups;
  std::string result;
  for (const PathGroup &group :
       names_of(items, make_plan(problem, find_strategy("popularity")))) {
    result += result.empty() ? "" : " ";
    for (const std::string &name : group)
      result += (&name == &group.front() ? "" : ",") + name;
  }
  return result;
}

} // namespace

// F, a leaf, lies at three places and below five; E at two and below three.
START_TEST(nixpkgs_own_example) {
  ImageItems items = items_of({"A BG", "B CE", "C DE", "D F", "E F", "F", "G"});
  DrawnTree tree(items);
  const std::uint64_t popularities[] = {1, 2, 3, 4, 5, 9, 2};
  for (std::size_t i = 0; i < items.size(); ++i)
    ck_assert_uint_eq(tree.popularity(i), popularities[i]);
  assert_same(plan_of(items, 7), "F E D C B G A");
  assert_same(plan_of(items, 4), "F E D A,B,C,G");
  assert_same(plan_of(items, 1), "A,B,C,D,E,F,G");
}
END_TEST

// The sum of the lengths of all ways would put X, to which many short ways lead
// from the same few items, before Y, which lies below more.
START_TEST(a_place_counts_once_however_many_ways_lead_on) {
  ImageItems items = items_of({"A BCX", "B CX", "C X", "X", "I Y", "J Y", "K Y",
                               "L Y", "M Y", "N Y", "Y"});
  DrawnTree tree(items);
  ck_assert_uint_eq(tree.popularity(3), 8);
  ck_assert_uint_eq(tree.popularity(10), 12);
  assert_same(plan_of(items, 3), "Y X A,B,C,I,J,K,L,M,N");
}
END_TEST

START_TEST(the_most_popular_of_random_graphs) {
  std::mt19937 random(20261130);
  for (int round = 0; round < 400; ++round) {
    ImageItems items = random_items(random, 1 + random() % 16, random() % 4);
    DrawnTree tree(items);
    std::vector<std::size_t> order(items.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::tuple(tree.popularity(b), item_name(items[a].path)) <
             std::tuple(tree.popularity(a), item_name(items[b].path));
    });
    PlanProblem problem;
    problem.items = items;
    problem.most_groups = 1 + random() % 20;
    Plan plan = make_plan(problem, find_strategy("popularity"));
    std::size_t alone = items.size() <= problem.most_groups
                            ? items.size()
                            : problem.most_groups - 1;
    for (std::size_t i = 0; i < alone; ++i)
      ck_assert(plan.at(i) == Group{order[i]});
  }
}
END_TEST

START_TEST(more_than_64_are_looked_at) {
  ImageItems items;
  for (unsigned i = 0; i < 300; ++i)
    items.push_back({made_up_item(i, format("item-%03u", i)), 1});
  PlanProblem problem;
  problem.items = items;
  problem.most_groups = 200;
  Plan plan = make_plan(problem, find_strategy("popularity"));
  for (std::size_t i = 0; i < 199; ++i)
    ck_assert(plan.at(i) == Group{i});
  // The last ones are the most popular now.
  for (std::size_t i = 0; i < 150; ++i)
    problem.items[i].references.push_back(i + 150);
  plan = make_plan(problem, find_strategy("popularity"));
  for (std::size_t i = 0; i < 199; ++i)
    ck_assert(plan.at(i) == Group{i < 150 ? i + 150 : i - 150});
}
END_TEST

START_TEST(equally_popular_items_go_by_name) {
  ImageItems items = items_of({"C", "A", "B"});
  assert_same(plan_of(items, 3), "A B C");
  // The same name twice: the hash decides.
  items[0].path = made_up_item(9, "B");
  items[2].path = made_up_item(8, "B");
  PlanProblem problem;
  problem.items = items;
  problem.most_groups = 3;
  ck_assert(make_plan(problem, find_strategy("popularity")) ==
            (Plan{{1}, {2}, {0}}));
}
END_TEST

// Each of these items refers to all before it: there are 2^498 ways to the
// first from the last.
START_TEST(more_ways_than_can_be_counted) {
  PlanProblem problem;
  for (unsigned i = 0; i < 500; ++i) {
    problem.items.push_back({made_up_item(i, format("item-%03u", i)), 1});
    for (unsigned reference = 0; reference < i; ++reference)
      problem.items.back().references.push_back(reference);
  }
  problem.most_groups = 500;
  Plan plan = make_plan(problem, find_strategy("popularity"));
  for (std::size_t i = 0; i < 500; ++i)
    ck_assert(plan.at(i) == Group{i});
}
END_TEST

START_TEST(cycles_end) {
  ImageItems items = items_of({"A B", "B C", "C AD", "D D"});
  const std::string all = plan_of(items, 4);
  ck_assert_uint_eq(all.size(), std::string("A B C D").size());
  for (std::size_t groups = 1; groups <= 4; ++groups)
    plan_of(items, groups);
}
END_TEST

START_TEST(small_items_and_placed_ones_leave_room_for_others) {
  PlanProblem problem;
  problem.items = items_of({"A BCDE", "B CDE", "C DE", "D", "E"});
  problem.most_groups = 2;
  problem.items[3].size = problem.items[4].size = 0;
  problem.items[2].placed = true;
  problem.least_group_size = 1;
  ck_assert(make_plan(problem, find_strategy("popularity")) ==
            (Plan{{1}, {0, 3, 4}}));
}
END_TEST

int main() {
  Suite *suite = suite_create("plan-popularity");
  TCase *all = tcase_create("all");
  tcase_add_test(all, nixpkgs_own_example);
  tcase_add_test(all, a_place_counts_once_however_many_ways_lead_on);
  tcase_add_test(all, the_most_popular_of_random_graphs);
  tcase_add_test(all, more_than_64_are_looked_at);
  tcase_add_test(all, equally_popular_items_go_by_name);
  tcase_add_test(all, more_ways_than_can_be_counted);
  tcase_add_test(all, cycles_end);
  tcase_add_test(all, small_items_and_placed_ones_leave_room_for_others);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
