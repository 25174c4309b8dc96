// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/new_file.hh"
#include "store/reference_graph_file.hh"
#include "support/check-main.hh"
#include "support/store-fixture.hh"

using namespace strata;

namespace {

const std::string one = made_up_item(1, "one"), two = made_up_item(2, "two"),
                  three = made_up_item(3, "three"),
                  derivation = made_up_item(9, "x.drv");

// The lines for one item.
std::string lines(const std::string &path, const std::string &deriver,
                  const std::vector<std::string> &references) {
  std::string text =
      path + "\n" + deriver + "\n" + std::to_string(references.size()) + "\n";
  for (const std::string &reference : references)
    text += reference + "\n";
  return text;
}

ReferenceGraph parse(const std::vector<std::string> &texts) {
  TemporaryDirectory folder;
  std::vector<std::string> files;
  for (const std::string &text : texts) {
    files.push_back(folder.path() + "/file" + std::to_string(files.size()));
    write_file(files.back(), text);
  }
  return read_reference_graph_files(files, "/gnu/store", Monitor());
}

START_TEST(one_file) {
  ReferenceGraph graph = parse({lines(two, derivation, {one, two}) +
                                lines(three, "", {}) + lines(one, "", {})});
  ck_assert_uint_eq(graph.items().size(), 3);
  ck_assert(graph.items()[0].path == one);
  ck_assert(graph.items()[0].references.empty());
  ck_assert(graph.items()[1].references == (std::vector<ItemIndex>{0, 1}));
  ck_assert(graph.items()[1].deriver == derivation);
  ck_assert(!graph.items()[1].nar_hash && !graph.items()[1].nar_size);
}
END_TEST

START_TEST(several_files) {
  ReferenceGraph graph =
      parse({lines(one, "", {}) + lines(two, "", {one, two}),
             lines(one, derivation, {}) + lines(two, "", {two, one}) +
                 lines(three, "", {two})});
  ck_assert_uint_eq(graph.items().size(), 3);
  ck_assert(graph.items()[0].deriver == derivation);
  ck_assert(graph.items()[2].references == (std::vector<ItemIndex>{1}));
}
END_TEST

START_TEST(contradictions) {
  std::string text = error_of([] {
    parse({lines(three, "", {}), lines(one, "", {}) + lines(three, "", {one})});
  });
  assert_has(text, "file1', line 4");
  assert_has(text, "file0', line 1");
  assert_has(text, three);
  assert_error("otherwise", [] {
    parse({lines(one, derivation, {}), lines(one, made_up_item(8, "y"), {})});
  });
}
END_TEST

START_TEST(cycles) {
  ReferenceGraph graph =
      parse({lines(one, "", {two}) + lines(two, "", {three}) +
             lines(three, "", {one})});
  std::vector<ItemIndex> roots{0};
  std::string text = error_of([&] { graph.closure(roots); });
  for (const std::string &item : {one, two, three})
    assert_has(text, item);
}
END_TEST

struct BadFile {
  std::string text, part;
};

const std::vector<BadFile> bad_files{
    {"", "lists no items"},
    {"garbage\n", "line 1: 'garbage'"},
    {std::string(1000, '\0'), "line 1: the file ends too early"},
    {"\n", "line 1"},
    {one, "line 1: the file ends too early"},
    {one + "\n", "line 2: the file ends too early"},
    {one + "\n\n", "line 3: the file ends too early"},
    {one + "\n\n0", "line 3: the file ends too early"},
    {one + "\ngarbage\n0\n", "line 2: 'garbage'"},
    {one + "\n\n-1\n", "line 3: '-1'"},
    {one + "\n\n\n", "line 3: ''"},
    {one + "\n\n0x1\n", "line 3: '0x1'"},
    {one + "\n\n99\n", "line 3: the number"},
    {one + "\n\n18446744073709551616\n", "line 3: the number"},
    {one + "\n\n18446744073709551615\n", "line 3: the number"},
    {one + "\n\n2\n" + one + "\n", "line 5: the file ends too early"},
    {one + "\n\n1\n" + one.substr(0, 40) + "\n", "line 4"},
    {one + "\n\n2\n" + one + "\n" + two + "\n", "line 5: there is a reference"},
    {made_up_item(1, "x", "/nix/store") + "\n\n0\n", "/nix/store"},
    {one + "/bin\n\n0\n", "/bin"},
    {one + "\033\n\n0\n", "\\033"},
};

START_TEST(bad_input) {
  const BadFile &bad = bad_files[static_cast<std::size_t>(_i)];
  std::string text = error_of([&] { parse({bad.text}); });
  assert_has(text, bad.part);
  assert_has(text, "/file0'");
}
END_TEST

// Every item needs the last one.
START_TEST(cut_anywhere) {
  std::string whole = lines(one, derivation, {three}) +
                      lines(two, "", {one, three}) + lines(three, "", {});
  ck_assert_uint_eq(parse({whole}).items().size(), 3);
  for (std::size_t size = 0; size < whole.size(); ++size)
    error_of([&] { parse({whole.substr(0, size)}); });
}
END_TEST

START_TEST(missing_file) {
  assert_error("No such file", [] {
    read_reference_graph_files({"/does/not/exist"}, "/gnu/store", Monitor());
  });
}
END_TEST

Suite *reference_graph_suite() {
  Suite *suite = suite_create("reference-graph files");
  TCase *tests = tcase_create("files");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, one_file);
  tcase_add_test(tests, several_files);
  tcase_add_test(tests, contradictions);
  tcase_add_test(tests, cycles);
  tcase_add_loop_test(tests, bad_input, 0, static_cast<int>(bad_files.size()));
  tcase_add_test(tests, cut_anywhere);
  tcase_add_test(tests, missing_file);
  suite_add_tcase(suite, tests);
  return suite;
}

} // namespace

int main() { return run_tests({reference_graph_suite()}); }
