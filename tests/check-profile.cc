// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of profiles: unions of items.

#include "store/store_path.hh"
#include "support/fixtures.hh"
#include "tree/profile.hh"

using namespace strata;

namespace {

// A store to which items are added as folders.
class Store {
public:
  // The folder on disk of a new item.
  std::string add(const std::string &name) {
    paths.push_back(made_up_item(static_cast<unsigned>(paths.size()), name));
    std::string folder = location.on_disk(paths.back());
    make_directories(folder);
    return folder;
  }

  // The listing of the union of all items without its own files.
  std::string profile() {
    made =
        make_profile(location, paths, {"the manifest", "the profile"}, monitor);
    std::string text = listing(*made.tree);
    // The digits before names make lines long.
    for (std::size_t i = 0; i < paths.size(); ++i)
      for (std::size_t at; (at = text.find(paths[i])) != std::string::npos;)
        text.replace(at, paths[i].size(), format("ITEM%zu", i));
    return text;
  }

  std::string warnings() {
    std::string result;
    for (const std::string &warning : monitor.take_warnings())
      result += warning + "\n";
    return result;
  }

  TemporaryDirectory scratch;
  StoreLocation location{"/gnu/store", scratch.path(), ""};
  std::vector<std::string> paths;
  VirtualItem made;
  Monitor monitor;
};

const std::string own_files = "etc directory 555\n"
                              "etc/profile file 444 11\n"
                              "leave etc\n";

} // namespace

START_TEST(what_one_item_has_is_one_link) {
  Store store;
  write_file(store.add("a") + "/bin/deep/a", "x");
  write_file(store.add("b") + "/lib/b", "x");
  assert_same(store.profile(), ". directory 555\n"
                               "bin -> ITEM0/bin\n" +
                                   own_files +
                                   "lib -> ITEM1/lib\n"
                                   "manifest file 444 12\n"
                                   "leave \n");
  assert_same(store.warnings(), "");
  ck_assert(store.made.references == store.paths);
  NarInfo nar = nar_info(*store.made.tree, store.monitor);
  ck_assert(nar.hash == store.made.nar.hash);
  ck_assert_uint_eq(nar.size, store.made.nar.size);
  assert_same(store.made.path, source_path("/gnu/store", "profile", nar.hash));
}
END_TEST

START_TEST(directories_are_joined) {
  Store store;
  std::string a = store.add("a"), b = store.add("b");
  write_file(a + "/bin/a", "x");
  write_file(a + "/etc/one", "x");
  write_file(a + "/share/doc/a", "x");
  write_file(b + "/bin/b", "x");
  write_file(b + "/share/doc/b", "x");
  write_file(b + "/share/man/b", "x");
  assert_same(store.profile(), ". directory 555\n"
                               "bin directory 555\n"
                               "bin/a -> ITEM0/bin/a\n"
                               "bin/b -> ITEM1/bin/b\n"
                               "leave bin\n"
                               "etc directory 555\n"
                               "etc/one -> ITEM0/etc/one\n"
                               "etc/profile file 444 11\n"
                               "leave etc\n"
                               "manifest file 444 12\n"
                               "share directory 555\n"
                               "share/doc directory 555\n"
                               "share/doc/a -> ITEM0/share/doc/a\n"
                               "share/doc/b -> ITEM1/share/doc/b\n"
                               "leave share/doc\n"
                               "share/man -> ITEM1/share/man\n"
                               "leave share\n"
                               "leave \n");
  assert_same(store.warnings(), "");
}
END_TEST

START_TEST(of_collisions_the_first_wins) {
  Store store;
  std::string a = store.add("a"), b = store.add("b"), c = store.add("c");
  write_file(a + "/bin/x", "1");
  write_file(b + "/bin/x", "2");
  write_file(a + "/mixed", "file");
  write_file(b + "/mixed/below", "folder");
  write_file(b + "/other/below", "folder");
  write_file(c + "/other", "file");
  put_link(a + "/broken", "nowhere");
  write_file(c + "/broken", "whole");
  std::string text = store.profile();
  assert_has(text, "bin/x -> ITEM0/bin/x\n");
  assert_has(text, "mixed -> ITEM0/mixed\n");
  assert_has(text, "other -> ITEM1/other\n");
  assert_has(text, "broken -> ITEM0/broken\n");
  auto collision = [&](const std::string &left_out, const std::string &taken) {
    return "collision in the profile: '" + left_out + "' is left out, '" +
           taken + "' has its place\n";
  };
  const auto &paths = store.paths;
  assert_same(store.warnings(),
              collision(paths[1] + "/bin/x", paths[0] + "/bin/x") +
                  collision(paths[2] + "/broken", paths[0] + "/broken") +
                  collision(paths[1] + "/mixed", paths[0] + "/mixed") +
                  collision(paths[2] + "/other", paths[1] + "/other"));
}
END_TEST

START_TEST(links_to_directories_are_joined) {
  Store store;
  std::string a = store.add("a"), b = store.add("b");
  write_file(a + "/lib/a", "x");
  put_link(b + "/lib", "lib64");
  write_file(b + "/lib64/b", "x");
  std::string c = store.add("c");
  put_link(c + "/lib", store.paths[0] + "/lib"); // once is enough
  std::string text = store.profile();
  assert_has(text, "lib directory 555\n"
                   "lib/a -> ITEM0/lib/a\n"
                   "lib/b -> ITEM1/lib64/b\n"
                   "leave lib\n");
  assert_same(store.warnings(), "");
}
END_TEST

START_TEST(the_same_directory_by_two_ways_is_one_link) {
  Store store;
  std::string a = store.add("a"), b = store.add("b");
  write_file(a + "/lib/a", "x");
  put_link(b + "/lib", store.paths[0] + "/lib");
  write_file(a + "/f", "x");
  put_link(b + "/f", store.paths[0] + "/f");
  std::string text = store.profile();
  assert_has(text, "lib -> ITEM0/lib\n");
  assert_has(text, "\nf -> ITEM0/f\n");
  assert_same(store.warnings(), "");
}
END_TEST

START_TEST(own_files_come_first) {
  Store store;
  std::string a = store.add("a");
  write_file(a + "/manifest", "of the item");
  write_file(a + "/etc/profile", "of the item");
  assert_same(store.profile(), ". directory 555\n" + own_files +
                                   "manifest file 444 12\nleave \n");
  std::string b = store.add("b");
  write_file(b + "/etc", "a file");
  store.profile();
  assert_has(store.warnings(), "/etc' is left out, 'etc' has its place");
}
END_TEST

START_TEST(an_item_that_is_a_file_or_a_link) {
  Store store;
  std::string a = store.add("a");
  write_file(a + "/bin/a", "x");
  std::string file = made_up_item(7, "file"), link = made_up_item(8, "link");
  put_file(store.location.on_disk(file), "x");
  put_link(store.location.on_disk(link), store.paths[0]);
  store.paths.push_back(file);
  store.paths.push_back(link);
  assert_has(store.profile(), "bin -> ITEM0/bin\n");
  assert_same(store.warnings(), "'" + file +
                                    "' is no folder: the profile has no links "
                                    "to it\n");
  ck_assert_uint_eq(store.made.references.size(), 3);
}
END_TEST

START_TEST(nothing_to_join) {
  Store store;
  assert_same(store.profile(), ". directory 555\n" + own_files +
                                   "manifest file 444 12\nleave \n");
  ck_assert(store.made.references.empty());
}
END_TEST

// As bin/X11 -> . in old packages; joining it again would never end.
START_TEST(links_to_directories_above_end) {
  Store store;
  for (const char *name : {"a", "b"}) {
    std::string item = store.add(name);
    write_file(item + "/bin/" + name, "x");
    put_link(item + "/bin/X11", ".");
    put_link(item + "/bin/up", "..");
    write_file(item + "/share/deep/" + name, "x");
    put_link(item + "/share/deep/share", "..");
  }
  std::string text = store.profile();
  assert_has(text, "bin/X11 -> .\n");
  assert_has(text, "bin/up -> ..\n");
  assert_has(text, "share/deep/share -> ..\n");
  assert_same(store.warnings(), "");
}
END_TEST

// Two ways to the same directories are joined once, else a few links make a
// profile of any size.
START_TEST(directories_joined_before_are_one_link) {
  Store store;
  for (const char *name : {"a", "b"}) {
    std::string item = store.add(name);
    for (int level = 0; level < 40; ++level) {
      make_directories(item + format("/d%02d", level));
      put_link(item + format("/d%02d/x", level), format("../d%02d", level + 1));
      put_link(item + format("/d%02d/y", level), format("../d%02d", level + 1));
    }
    write_file(item + "/d40/" + name, "x");
  }
  std::string text = store.profile();
  assert_has(text, "d00/y -> x\n");
  assert_same(store.warnings(), "");
}
END_TEST

START_TEST(names_that_are_no_text) {
  Store store;
  std::string a = store.add("a"), b = store.add("b");
  write_file(a + "/bin/\xFF", "x");
  write_file(b + "/bin/\xFF", "x");
  assert_has(store.profile(), "bin/\\377 -> ITEM0/bin/\xFF\n");
  assert_has(store.warnings(), "bin/\\377' is left out");
}
END_TEST

int main() {
  Suite *suite = suite_create("profile");
  TCase *all = tcase_create("all");
  tcase_add_test(all, what_one_item_has_is_one_link);
  tcase_add_test(all, directories_are_joined);
  tcase_add_test(all, of_collisions_the_first_wins);
  tcase_add_test(all, links_to_directories_are_joined);
  tcase_add_test(all, the_same_directory_by_two_ways_is_one_link);
  tcase_add_test(all, own_files_come_first);
  tcase_add_test(all, an_item_that_is_a_file_or_a_link);
  tcase_add_test(all, nothing_to_join);
  tcase_add_test(all, links_to_directories_above_end);
  tcase_add_test(all, directories_joined_before_are_one_link);
  tcase_add_test(all, names_that_are_no_text);
  tcase_set_timeout(all, 20);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
