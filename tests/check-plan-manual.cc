// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the strategy "manual" and of its file of rules.

#include "plan/manual.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

PlanProblem problem_of(const std::vector<const char *> &names,
                       std::size_t most_groups, const std::string &rules) {
  PlanProblem problem;
  for (const char *name : names)
    problem.items.push_back({made_up_item(unsigned(problem.items.size()), name),
                             100 + 10 * problem.items.size(),
                             {}});
  problem.most_groups = most_groups;
  problem.least_group_size = 0;
  problem.rules = parse_layer_rules(rules, "my-rules");
  return problem;
}

// "a+b c" for the groups {a, b} and {c}.
std::string plan_of(const PlanProblem &problem) {
  std::string result;
  for (const PathGroup &group :
       names_of(problem.items, make_plan(problem, Manual()))) {
    std::string names;
    for (const std::string &name : group)
      names += (names.empty() ? "" : "+") + name;
    result += (result.empty() ? "" : " ") + names;
  }
  return result;
}

const std::vector<const char *> some{"libc-2.36", "libm-1", "app-1", "app-2",
                                     "data-1"};

} // namespace

START_TEST(globs) {
  struct {
    const char *glob, *name;
    bool matches;
  } const cases[] = {
      {"a", "a", true},
      {"a", "b", false},
      {"a", "ab", false},
      {"ab", "a", false},
      {"*", "", true},
      {"*", "libc-2.36", true},
      {"lib*", "libc-2.36", true},
      {"lib*", "glib-2", false},
      {"*lib*", "glib-2", true},
      {"*-2.?6", "libc-2.36", true},
      {"*-2.?6", "libc-2.6", false},
      {"?", "", false},
      {"?*", "", false},
      {"a*b*c", "aXbYbZc", true},
      {"a*b*c", "aXbYbZ", false},
      {"**", "x", true},
      {"*a", "aaa", true},
      {"a**", "a", true},
      {"*ab", "aab", true},
  };
  for (const auto &c : cases)
    ck_assert_msg(matches_glob(c.name, c.glob) == c.matches, "%s %s", c.glob,
                  c.name);
  // No more steps than characters times characters.
  std::string name(211, 'a'), glob;
  for (int i = 0; i < 100; ++i)
    glob += "*a";
  ck_assert(!matches_glob(name, glob + "b"));
}
END_TEST

START_TEST(rules_are_read) {
  LayerRules rules = parse_layer_rules("# base\n"
                                       "layer base libc-*\tlibm-*  # both\n"
                                       "\n"
                                       "  rest size\n"
                                       "layer top app-*\n"
                                       "layer base data-*",
                                       "r");
  ck_assert(rules.layers == std::vector<std::string>({"base", "top"}));
  assert_same(rules.rest_strategy, "size");
  ck_assert_uint_eq(rules.below_rest.value(), 1);
  ck_assert_uint_eq(rules.rules.size(), 4);
  ck_assert_uint_eq(rules.rules[1].line, 2);
  assert_same(rules.rules[1].glob, "libm-*");
  ck_assert_uint_eq(rules.rules[3].layer, 0);
  ck_assert_uint_eq(rules.rules[3].line, 6);
  ck_assert(RuleMatcher(rules).find("libm-1") == &rules.rules[1]);
  ck_assert(!RuleMatcher(rules).find("other"));
  ck_assert(!parse_layer_rules("", "r").below_rest);
  assert_same(parse_layer_rules("rest\n", "r").rest_strategy, "");
  // With the line ends of other systems.
  rules = parse_layer_rules("layer a b-*\r\n\r\nrest size\r\n", "r");
  assert_same(rules.rules.at(0).glob, "b-*");
  assert_same(rules.rest_strategy, "size");
}
END_TEST

START_TEST(bad_rules_are_refused) {
  struct {
    const char *text, *cause;
  } const cases[] = {
      {"layers a b\n", "line 1: 'layers' begins no rule"},
      {"\n#\nlayer\n", "line 3: the name of a layer and what"},
      {"layer a\n", "line 1: the name of a layer and what"},
      {"layer a #b\n", "line 1: the name of a layer and what"},
      {"layer a/b c\n", "'a/b' is no name of a layer"},
      {"layer \033 c\n", "'\\033' is no name of a layer"},
      {"layer a /gnu/store/x\n", "'/gnu/store/x' can match no item's name"},
      {"layer a [a-z]*\n", "'[a-z]*' can match no item's name"},
      {"layer a .x\n", "'.x' can match no item's name"},
      {"layer a b\v\n", "'b\\013' can match no item's name"},
      {"rest\nrest size\n", "line 2: there is a second rule for the rest"},
      {"rest size single\n", "the rest takes one strategy"},
      {"rest manual\n", "cannot be planned by 'manual'"},
      {"rest luck\n", "line 1: unknown strategy 'luck'"},
  };
  for (const auto &c : cases) {
    assert_error(c.cause, [&] { parse_layer_rules(c.text, "a file"); });
    assert_error("the rules 'a file'",
                 [&] { parse_layer_rules(c.text, "a file"); });
  }
  std::string zeros("layer a b\0c\n", 12);
  assert_error("can match no item's name",
               [&] { parse_layer_rules(zeros, "a file"); });
}
END_TEST

// Names are looked up, the others tried; the first of the file decides.
START_TEST(names_and_globs_in_the_order_of_the_file) {
  LayerRules rules = parse_layer_rules("layer a x\nlayer b y*\nlayer c y1 x\n"
                                       "layer d z\nlayer e *\nlayer f w\n",
                                       "r");
  RuleMatcher matcher(rules);
  auto layer = [&](const char *name) {
    return rules.layers[matcher.find(name)->layer];
  };
  assert_same(layer("x"), "a");
  assert_same(layer("y1"), "b");
  assert_same(layer("z"), "d");
  assert_same(layer("w"), "e");
  assert_same(layer("v"), "e");
}
END_TEST

// 90,000 names are no 90,000 * 90,000 steps.
START_TEST(very_many_rules) {
  std::string text;
  for (int i = 0; i < 90000; ++i)
    text += format("layer l%d n%d\n", i, i);
  PlanProblem many = problem_of(some, 9, text.c_str());
  ck_assert_uint_eq(make_plan(many, Manual()).size(), 5);
  auto texts = describe_unused_rules(many);
  ck_assert_uint_eq(texts.size(), 21);
  assert_same(texts[20], "the rules 'my-rules': 89980 more are not used");

  text = "layer a";
  for (std::size_t i = 0; i < most_globs; ++i)
    text += " x*";
  parse_layer_rules(text + "\n", "r");
  assert_error(
      "cannot use the rules 'r', line 1: there are more than 1000 globs",
      [&] { parse_layer_rules(text + " y?\n", "r"); });
}
END_TEST

START_TEST(layers_lie_as_in_the_file) {
  assert_same(plan_of(problem_of(some, 9, "layer b app-*\nlayer a lib*\n")),
              "app-1+app-2 libc-2.36+libm-1 data-1");
  assert_same(
      plan_of(problem_of(some, 9, "layer b libm-*\nrest\nlayer a app-*\n")),
      "libm-1 data-1 libc-2.36 app-1+app-2");
  assert_same(plan_of(problem_of(some, 9, "rest single\nlayer a libm-?\n")),
              "app-1+app-2+data-1+libc-2.36 libm-1");
  // The first rule that matches decides, also for a name that comes again.
  assert_same(plan_of(problem_of(some, 9,
                                 "layer a app-1\nlayer b app-*\n"
                                 "layer a data-*\nrest single")),
              "app-1+data-1 app-2 libc-2.36+libm-1");
}
END_TEST

START_TEST(rules_for_nothing_and_for_everything) {
  PlanProblem none = problem_of(some, 9, "layer a x-*\nrest size\n");
  assert_same(plan_of(none), "data-1 app-2 app-1 libm-1 libc-2.36");
  auto texts = describe_unused_rules(none);
  ck_assert_uint_eq(texts.size(), 1);
  assert_same(texts[0], "the rules 'my-rules', line 1: 'x-*' matches no item");

  PlanProblem all = problem_of(some, 1, "layer a *\nlayer b app-*\n");
  assert_same(plan_of(all), "app-1+app-2+data-1+libc-2.36+libm-1");
  texts = describe_unused_rules(all);
  ck_assert_uint_eq(texts.size(), 1);
  assert_same(texts[0], "the rules 'my-rules', line 2: all items that 'app-*' "
                        "matches lie in layers by earlier rules");
  ck_assert(describe_unused_rules(problem_of(some, 1, "")).empty());
  ck_assert(
      describe_unused_rules(problem_of(some, 1, "layer x a* l* d*\n")).empty());
  PlanProblem empty = problem_of({}, 1, "layer a *\n");
  ck_assert(make_plan(empty, Manual()).empty());
}
END_TEST

START_TEST(more_named_layers_than_there_may_be) {
  const char *rules = "layer a app-1\nlayer b app-2\nlayer none x\n";
  assert_same(plan_of(problem_of(some, 3, rules)),
              "app-1 app-2 data-1+libc-2.36+libm-1");
  assert_error("the rules 'my-rules' need 3 layers for items: there may be 2",
               [&] { plan_of(problem_of(some, 2, rules)); });
  // Nothing is left: then all may be named.
  assert_same(plan_of(problem_of({"app-1", "app-2"}, 2, rules)), "app-1 app-2");
}
END_TEST

START_TEST(what_is_named_counts_for_the_rest) {
  // a and b change with x, though that lies elsewhere; c does not.
  PlanProblem problem =
      problem_of({"x-1", "a-1", "b-1", "c-1"}, 3, "layer x x-*\n");
  problem.items[1].references = problem.items[2].references = {0};
  for (PlanItem &item : problem.items)
    item.size = 1000;
  assert_same(plan_of(problem), "x-1 c-1 a-1+b-1");
}
END_TEST

START_TEST(a_previous_plan_is_kept) {
  PlanProblem problem = problem_of(some, 9, "layer a app-*\n");
  problem.previous = {{problem.items[0].path, problem.items[1].path},
                      {problem.items[2].path, problem.items[4].path}};
  assert_same(plan_of(problem), "app-1+app-2 libc-2.36+libm-1 data-1");
}
END_TEST

START_TEST(siblings_share_what_rules_leave) {
  std::mt19937 random(1);
  for (int round = 0; round < 100; ++round) {
    ImageItems pool = random_items(random, 60);
    PlanProblem problem;
    problem.most_groups = 12;
    problem.rules = parse_layer_rules("layer a *1*\nrest\nlayer b *2\n", "r");
    auto part = [&] {
      ImageItems image;
      for (const PlanItem &item : pool)
        if (random() % 3 > 0) {
          image.push_back(item);
          image.back().references.clear();
        }
      return image;
    };
    problem.items = part();
    problem.siblings = {part(), part()};
    std::vector<Plan> plans = make_fleet_plans(problem, Manual());
    ck_assert(plans.at(0) == make_plan(problem, Manual()));
    for (std::size_t i = 0; i < problem.siblings.size(); ++i) {
      PlanProblem other = problem;
      std::swap(other.items, other.siblings[i]);
      ck_assert(plans.at(i + 1) == make_plan(other, Manual()));
    }
  }
}
END_TEST

int main() {
  Suite *suite = suite_create("plan-manual");
  TCase *all = tcase_create("all");
  tcase_add_test(all, globs);
  tcase_add_test(all, rules_are_read);
  tcase_add_test(all, bad_rules_are_refused);
  tcase_add_test(all, names_and_globs_in_the_order_of_the_file);
  tcase_add_test(all, very_many_rules);
  tcase_add_test(all, layers_lie_as_in_the_file);
  tcase_add_test(all, rules_for_nothing_and_for_everything);
  tcase_add_test(all, more_named_layers_than_there_may_be);
  tcase_add_test(all, what_is_named_counts_for_the_rest);
  tcase_add_test(all, a_previous_plan_is_kept);
  tcase_add_test(all, siblings_share_what_rules_leave);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
