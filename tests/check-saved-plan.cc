// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of saved plans: what is written is read again, and what is
// wrong is refused.

#include "plan/saved_plan.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

// "<hash>-NAME".
std::string base(unsigned number, const std::string &name) {
  return made_up_item(number, name).substr(sizeof "/gnu/store");
}

// Three items in two layers; one refers to the others and itself.
PlanProblem small_problem() {
  PlanProblem problem;
  problem.items = {{made_up_item(3, "top-1"), 30, {1, 0, 2, 1, 99}},
                   {made_up_item(1, "low-1"), 10},
                   {made_up_item(2, "mid-1"), 20, {1}}};
  problem.most_groups = 2;
  return problem;
}

SavedPlan small_plan() {
  return saved_plan("/gnu/store", "expected", small_problem(), {{0, 1}, {2}});
}

// A document with LAYERS.
std::string document(const std::string &layers,
                     const std::string &store = "/gnu/store") {
  return R"({"version":1,"store":")" + store +
         R"(","strategy":"size","layers":)" + layers + "}";
}

// An item with the SIZE and REFERENCES.
std::string item(unsigned number, const std::string &size = "1",
                 const std::string &references = "[]") {
  return "[\"" + base(number, "x") + "\"," + size + "," + references + "]";
}

void assert_refused(const std::string &part, const std::string &text) {
  std::string error = error_of([&] { parse_saved_plan(text, "a plan"); });
  assert_has(error, part);
  assert_has(error, "a plan");
}

} // namespace

START_TEST(bytes_of_a_file_and_of_a_label) {
  std::string low = base(1, "low-1"), mid = base(2, "mid-1"),
              top = base(3, "top-1");
  assert_same(to_json(small_plan(), false),
              R"({"version":1,"store":"/gnu/store","strategy":"expected",)"
              R"("layers":[[[")" +
                  low + R"(",10,[]],[")" + top + R"(",30,[0,2]]],[[")" + mid +
                  R"(",20,[0]]]]})");
  assert_same(to_json(small_plan(), true), R"({"version":1,
 "store":"/gnu/store",
 "strategy":"expected",
 "layers":[
  [[")" + low + R"(",10,[]],
   [")" + top + R"(",30,[0,2]]],
  [[")" + mid + R"(",20,[0]]]]}
)");
}
END_TEST

START_TEST(layers_with_something_besides) {
  SavedPlan plan = small_plan();
  ck_assert_uint_eq(groups_of(plan).size(), 2);
  plan.mixed = {0};
  std::string text = to_json(plan, false);
  assert_has(text, R"(]]],"mixed":[0]})");
  assert_has(to_json(plan, true), "]]],\n \"mixed\":[0]}\n");
  SavedPlan read = parse_saved_plan(text, "a plan");
  ck_assert(read.mixed == plan.mixed);
  assert_same(to_json(read, false), text);
  // It cannot be kept, but its items are known.
  ck_assert(groups_of(read) ==
            std::vector<PathGroup>{groups_of(small_plan())[1]});
  ck_assert_uint_eq(items_of(read).size(), 3);
  for (const char *mixed :
       {"[2]", "[-1]", "[0,0]", "[1,0]", "[\"0\"]", "0", "null"}) {
    std::string wrong = text;
    wrong.replace(wrong.find("[0]}"), 3, mixed);
    ck_assert(!error_of([&] { parse_saved_plan(wrong, "a plan"); }).empty());
  }
}
END_TEST

START_TEST(no_items) {
  SavedPlan empty{"/s", "size", {}};
  for (bool pretty : {false, true})
    ck_assert(parse_saved_plan(to_json(empty, pretty), "x").layers.empty());
}
END_TEST

START_TEST(what_is_written_is_read) {
  for (bool pretty : {false, true}) {
    SavedPlan plan = parse_saved_plan(to_json(small_plan(), pretty), "a plan");
    assert_same(plan.store, "/gnu/store");
    assert_same(plan.strategy, "expected");
    assert_same(to_json(plan, false), to_json(small_plan(), false));
    ImageItems items = items_of(plan);
    ck_assert_uint_eq(items.size(), 3);
    assert_same(items[1].path, made_up_item(3, "top-1"));
    ck_assert_uint_eq(items[1].size, 30);
    ck_assert(items[1].references == std::vector<std::size_t>({0, 2}));
    std::vector<PathGroup> groups = groups_of(plan);
    ck_assert_uint_eq(groups.size(), 2);
    ck_assert(groups[1] == PathGroup{made_up_item(2, "mid-1")});
  }
}
END_TEST

START_TEST(strange_words_survive) {
  SavedPlan plan = small_plan();
  plan.store = "/a \"store\"\n";
  plan.strategy = "\\";
  for (auto &layer : plan.layers)
    for (SavedItem &one : layer)
      one.path = plan.store + one.path.substr(sizeof "/gnu/store" - 1);
  SavedPlan again = parse_saved_plan(to_json(plan, true), "a plan");
  assert_same(again.store, plan.store);
  assert_same(again.strategy, plan.strategy);
  assert_same(again.layers[0][0].path, plan.layers[0][0].path);
}
END_TEST

START_TEST(random_plans_survive_in_any_order_of_items) {
  std::mt19937 random(20261129);
  for (int round = 0; round < 200; ++round) {
    PlanProblem problem;
    problem.items = random_items(random, 1 + random() % 60);
    problem.most_groups = 1 + random() % 20;
    // Random items may have one hash and name twice.
    std::set<std::string> paths;
    for (const PlanItem &one : problem.items)
      paths.insert(one.path);
    if (paths.size() < problem.items.size())
      continue;
    const Strategy &strategy = find_strategy("size");
    std::string text = to_json(
        saved_plan("/gnu/store", "size", problem, make_plan(problem, strategy)),
        true);
    assert_same(to_json(parse_saved_plan(text, "a plan"), true), text);
    problem.items = shuffled(random, problem.items);
    assert_same(to_json(saved_plan("/gnu/store", "size", problem,
                                   make_plan(problem, strategy)),
                        true),
                text);
  }
}
END_TEST

START_TEST(very_many_items_survive) {
  PlanProblem problem;
  for (unsigned i = 0; i < 100'000; ++i) {
    problem.items.push_back({made_up_item(i, "some-package-1.0"), i});
    for (unsigned n = 1; n <= 10 && n <= i; ++n)
      problem.items[i].references.push_back(i - n);
  }
  Group all(problem.items.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = i;
  SavedPlan plan = saved_plan("/gnu/store", "single", problem, {all});
  SavedPlan again = parse_saved_plan(to_json(plan, true), "a plan");
  ck_assert_uint_eq(again.layers[0].size(), 100'000);
  ck_assert_uint_eq(again.layers[0].back().references.size(), 10);
}
END_TEST

START_TEST(no_plan_at_all) {
  for (const char *text :
       {"", "{", "[]", "null", "7", "\"x\"", "{}", "{\"version\":1}"})
    assert_refused("cannot read the plan", text);
  assert_refused("cannot read the JSON", to_json(small_plan(), false) + "x");
  assert_refused("UTF-8", document("[]", "/\xff"));
  assert_refused("cannot read the JSON", std::string(100'000, '['));
  assert_refused("too many values", "[" + std::string(4'000'000, ',') + "]");
}
END_TEST

START_TEST(heads_that_are_wrong) {
  auto replaced = [](const std::string &from, const std::string &to) {
    std::string text = document("[]");
    return text.replace(text.find(from), from.size(), to);
  };
  assert_refused("version 2 is not known", replaced(":1,", ":2,"));
  assert_refused("whole number", replaced(":1,", ":\"1\","));
  assert_refused("whole number", replaced(":1,", ":1.0,"));
  assert_refused("'version' is missing", replaced("\"version\":1,", ""));
  assert_refused("'store' is missing",
                 replaced("\"store\":\"/gnu/store\",", ""));
  assert_refused("'strategy' is missing",
                 replaced("\"strategy\":\"size\",", ""));
  assert_refused("'layers' is missing", replaced(",\"layers\":[]", ""));
  assert_refused("'colour' is unknown", replaced("\"version\"", "\"colour\":1,"
                                                                "\"version\""));
  assert_refused("strategy is too long",
                 replaced("size", std::string(101, 'x')));
  assert_refused("directory is too long",
                 document("[]", "/" + std::string(1000, 'x')));
  assert_refused("an array is wanted", document("{}"));
  for (const char *store : {"", "gnu/store", "/", "/gnu/store/", "/gnu//store",
                            "/gnu/../store", "/gnu/./store"})
    assert_has(
        error_of([&] { parse_saved_plan(document("[]", store), "a plan"); }),
        "cannot use the store directory");
}
END_TEST

START_TEST(items_that_are_wrong) {
  assert_refused("a layer is empty", document("[[]]"));
  assert_refused("an array is wanted", document("[7]"));
  assert_refused("an array is wanted", document("[[{}]]"));
  assert_refused("three fields", document("[[[]]]"));
  assert_refused("three fields",
                 document("[[[\"" + base(1, "x") + "\",1,[],1]]]"));
  assert_refused("a string is wanted", document("[[[1,1,[]]]]"));
  for (const char *name :
       {"", "x", "..", "../../etc/passwd", "00000000000000000000000000000001-",
        "00000000000000000000000000000001-a/b",
        "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-x"})
    assert_refused("is not the name of an item",
                   document("[[[\"" + std::string(name) + "\",1,[]]]]"));
  for (const char *size : {"-1", "1.5", "\"1\"", "null", "true", "[]", "1e3"})
    assert_refused("whole number", document("[[" + item(1, size) + "]]"));
  for (const char *size : {"9223372036854775808", "18446744073709551615",
                           "99999999999999999999999999"})
    assert_refused("too large", document("[[" + item(1, size) + "]]"));
  assert_refused("there twice",
                 document("[[" + item(1) + "],[" + item(1) + "]]"));
  assert_refused("there twice",
                 document("[[" + item(1) + "," + item(1) + "]]"));
  assert_refused("order of names",
                 document("[[" + item(2) + "," + item(1) + "]]"));
  ck_assert_uint_eq(
      parse_saved_plan(document("[[" + item(2, "9223372036854775807") + "],[" +
                                item(1) + "]]"),
                       "a plan")
          .layers.size(),
      2);
}
END_TEST

START_TEST(references_that_are_wrong) {
  auto layer = [](const std::string &first, const std::string &second) {
    return document("[[" + item(1, "1", first) + "," + item(2, "1", second) +
                    "]]");
  };
  assert_refused("not there", layer("[2]", "[]"));
  assert_refused("not there", layer("[18446744073709551615]", "[]"));
  assert_refused("whole number", layer("[-1]", "[]"));
  assert_refused("whole number", layer("[\"0\"]", "[]"));
  assert_refused("an array is wanted", layer("0", "[]"));
  assert_refused("refers to itself", layer("[0]", "[]"));
  assert_refused("do not ascend", layer("[1,1]", "[]"));
  assert_refused("do not ascend", layer("[1,0]", "[]"));
  assert_refused("lead back", layer("[1]", "[0]"));
  ck_assert_uint_eq(
      parse_saved_plan(layer("[1]", "[]"), "a plan").layers[0].size(), 2);
  // A long way.
  std::string items, last = "[]";
  for (unsigned i = 0; i < 20'000; ++i)
    items +=
        (i > 0 ? "," : "") + item(i, "1", format("[%u]", (i + 1) % 20'000));
  assert_refused("lead back", document("[[" + items + "]]"));
}
END_TEST

START_TEST(errors_are_short_and_readable) {
  std::string name(100'000, 'x');
  name[1] = 'y';
  ck_assert_uint_lt(error_of([&] {
                      parse_saved_plan(document("[[[\"" + name + "\",1,[]]]]"),
                                       "a plan");
                    }).size(),
                    1000);
  assert_refused("\\033[31m", document("[[[\"\\u001b[31m\",1,[]]]]"));
}
END_TEST

namespace {

Suite *saved_plan_suite() {
  Suite *suite = suite_create("saved plan");
  TCase *good = tcase_create("good");
  tcase_add_test(good, bytes_of_a_file_and_of_a_label);
  tcase_add_test(good, layers_with_something_besides);
  tcase_add_test(good, no_items);
  tcase_add_test(good, what_is_written_is_read);
  tcase_add_test(good, strange_words_survive);
  tcase_add_test(good, random_plans_survive_in_any_order_of_items);
  tcase_add_test(good, very_many_items_survive);
  suite_add_tcase(suite, good);
  TCase *bad = tcase_create("bad");
  tcase_add_test(bad, no_plan_at_all);
  tcase_add_test(bad, heads_that_are_wrong);
  tcase_add_test(bad, items_that_are_wrong);
  tcase_add_test(bad, references_that_are_wrong);
  tcase_add_test(bad, errors_are_short_and_readable);
  suite_add_tcase(suite, bad);
  return suite;
}

} // namespace

int main() { return run_tests({saved_plan_suite()}); }
