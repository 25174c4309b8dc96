// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "support/check-main.hh"
#include "support/store-fixture.hh"

#include <algorithm>
#include <random>
#include <set>

using namespace strata;

namespace {

ReferenceGraph::Declaration declare(unsigned number,
                                    const std::vector<unsigned> &references) {
  ReferenceGraph::Declaration result;
  result.item.path = made_up_item(number, "x");
  for (unsigned reference : references)
    result.references.push_back(made_up_item(reference, "x"));
  return result;
}

std::vector<ItemIndex> closure_of(const ReferenceGraph &graph,
                                  std::vector<ItemIndex> roots) {
  return graph.closure(roots);
}

START_TEST(references_come_first) {
  ReferenceGraph graph(
      {declare(3, {1, 3}), declare(0, {3, 2}), declare(2, {1}), declare(1, {})},
      "test");
  ck_assert(closure_of(graph, {0}) == (std::vector<ItemIndex>{1, 2, 3, 0}));
  ck_assert(closure_of(graph, {3}) == (std::vector<ItemIndex>{1, 3}));
  ck_assert(closure_of(graph, {3, 2, 3}) == (std::vector<ItemIndex>{1, 2, 3}));
  ck_assert(closure_of(graph, {}).empty());
  ck_assert(graph.referrers(1) == (std::vector<ItemIndex>{2, 3}));
  ck_assert(graph.referrers(3) == (std::vector<ItemIndex>{0, 3}));
  ck_assert(graph.find(made_up_item(2, "x")) == 2U);
  ck_assert(!graph.find(made_up_item(4, "x")));
}
END_TEST

START_TEST(items_by_index_are_sorted) {
  std::vector<Item> items(3);
  items[0] = {made_up_item(2, "c"), "", {}, 30, {2, 1, 1}};
  items[1] = {made_up_item(1, "b"), "", {}, 20, {1}};
  items[2] = {made_up_item(0, "a"), "", {}, 10, {1}};
  ReferenceGraph graph(std::move(items), "test");
  ck_assert(graph.items()[0].nar_size == 10U);
  ck_assert(graph.items()[0].references == (std::vector<ItemIndex>{1}));
  ck_assert(graph.items()[1].references == (std::vector<ItemIndex>{1}));
  ck_assert(graph.items()[2].references == (std::vector<ItemIndex>{0, 1}));
}
END_TEST

START_TEST(bad_graphs_are_errors) {
  assert_error("twice", [] {
    ReferenceGraph({declare(1, {}), declare(1, {})}, "test");
  });
  std::string text =
      error_of([] { ReferenceGraph({declare(1, {7})}, "the source"); });
  assert_has(text, "the source");
  assert_has(text, made_up_item(7, "x"));
  std::vector<Item> items(1);
  items[0].path = made_up_item(1, "x");
  items[0].references = {1};
  assert_error("no item", [&] { ReferenceGraph(items, "test"); });
}
END_TEST

START_TEST(a_cycle_is_named) {
  ReferenceGraph graph({declare(0, {1, 4}), declare(1, {2}), declare(2, {3, 2}),
                        declare(3, {1}), declare(4, {})},
                       "test");
  std::string text = error_of([&] { closure_of(graph, {0}); });
  for (unsigned item : {1, 2, 3})
    assert_has(text, made_up_item(item, "x"));
  ck_assert(text.find(made_up_item(0, "x")) == std::string::npos);
  ck_assert(text.find(made_up_item(4, "x")) == std::string::npos);
  ck_assert(closure_of(graph, {4}).size() == 1);
}
END_TEST

START_TEST(long_chains_and_cycles) {
  constexpr unsigned count = 100000;
  std::vector<Item> items(count);
  for (unsigned i = 0; i < count; ++i) {
    items[i].path = made_up_item(i, "x");
    if (i + 1 < count)
      items[i].references = {i + 1};
  }
  auto closure = closure_of(ReferenceGraph(items, "test"), {0});
  ck_assert_uint_eq(closure.size(), count);
  ck_assert_uint_eq(closure.front(), count - 1);
  items.back().references = {0};
  std::string text =
      error_of([&] { closure_of(ReferenceGraph(items, "test"), {5}); });
  assert_has(text, made_up_item(0, "x"));
  ck_assert_uint_lt(text.size(), 2000);
}
END_TEST

// What closure() promises, said as simply as can be.
std::vector<ItemIndex> slow_closure(const ReferenceGraph &graph,
                                    const std::vector<ItemIndex> &roots) {
  std::set<ItemIndex> reached(roots.begin(), roots.end());
  for (std::size_t size = 0; size != reached.size();) {
    size = reached.size();
    for (ItemIndex item : std::set<ItemIndex>(reached))
      reached.insert(graph.items()[item].references.begin(),
                     graph.items()[item].references.end());
  }
  std::vector<ItemIndex> result;
  auto listed = [&](ItemIndex item) {
    return std::find(result.begin(), result.end(), item) != result.end();
  };
  while (result.size() < reached.size()) {
    result.push_back(
        *std::find_if(reached.begin(), reached.end(), [&](ItemIndex item) {
          const auto &references = graph.items()[item].references;
          return !listed(item) &&
                 std::all_of(
                     references.begin(), references.end(),
                     [&](ItemIndex r) { return r == item || listed(r); });
        }));
  }
  return result;
}

START_TEST(random_graphs) {
  std::mt19937 random(static_cast<unsigned>(_i));
  unsigned count = 1 + random() % 40;
  std::vector<unsigned> order(count);
  for (unsigned i = 0; i < count; ++i)
    order[i] = i;
  std::shuffle(order.begin(), order.end(), random);
  std::vector<ReferenceGraph::Declaration> declarations;
  for (unsigned i = 0; i < count; ++i) {
    std::vector<unsigned> references;
    for (unsigned j = 0; j <= i; ++j)
      if (random() % 5 == 0)
        references.push_back(order[j]);
    declarations.push_back(declare(order[i], references));
  }
  ReferenceGraph graph(declarations, "test");
  std::vector<ItemIndex> roots;
  for (unsigned i = 0; i < 3; ++i)
    roots.push_back(static_cast<ItemIndex>(random() % count));
  ck_assert(graph.closure(roots) == slow_closure(graph, roots));
  for (ItemIndex i = 0; i < count; ++i)
    for (ItemIndex referrer : graph.referrers(i)) {
      const auto &references = graph.items()[referrer].references;
      ck_assert(std::count(references.begin(), references.end(), i) == 1);
    }
}
END_TEST

START_TEST(a_part_of_a_graph) {
  std::string a = made_up_item(1, "a"), b = made_up_item(2, "b"),
              c = made_up_item(3, "c"), d = made_up_item(4, "d");
  std::vector<ReferenceGraph::Declaration> declarations(3);
  declarations[0].item.path = a;
  declarations[1].item.path = b;
  declarations[1].item.nar_size = 7;
  declarations[1].references = {a, b, c};
  declarations[2].item.path = c;
  ReferenceGraph part =
      ReferenceGraph(declarations, "test").restricted_to({d, b, a, b});
  ck_assert_uint_eq(part.items().size(), 3);
  const Item &item = part.items()[*part.find(b)];
  ck_assert_uint_eq(*item.nar_size, 7);
  ck_assert_uint_eq(item.references.size(), 2);
  ck_assert(part.items()[*part.find(d)].references.empty());
  ck_assert(!part.find(c));
}
END_TEST

Suite *graph_suite() {
  Suite *suite = suite_create("reference graph");
  TCase *tests = tcase_create("graph");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, references_come_first);
  tcase_add_test(tests, items_by_index_are_sorted);
  tcase_add_test(tests, a_part_of_a_graph);
  tcase_add_test(tests, bad_graphs_are_errors);
  tcase_add_test(tests, a_cycle_is_named);
  tcase_add_test(tests, long_chains_and_cycles);
  tcase_add_loop_test(tests, random_graphs, 0, 100);
  suite_add_tcase(suite, tests);
  return suite;
}

} // namespace

int main() { return run_tests({graph_suite()}); }
