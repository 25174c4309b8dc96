// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of trees, and of looking into the store as an image has it.

#include "support/fixtures.hh"
#include "tree/image_files.hh"
#include "tree/tree.hh"

using namespace strata;

namespace {

constexpr Attributes plain{0644, 0, 0};

// A store with one item "a" of files and links.
class StoreWithLinks {
public:
  StoreWithLinks() {
    std::string item = location.on_disk(path("a"));
    make_directories(item + "/bin");
    put_file(item + "/bin/sh", "#!");
    put_link(item + "/absolute", path("a") + "/bin/sh");
    put_link(item + "/relative", "./bin/../bin//sh");
    put_link(item + "/folder", "bin");
    put_link(item + "/loop", "loop2");
    put_link(item + "/loop2", "loop");
    put_link(item + "/self", "self/x");
    put_link(item + "/broken", "nothing");
    put_link(item + "/out", "/etc/passwd");
    put_link(item + "/climb", "../../../etc/passwd");
    put_link(item + "/climb-absolute", "/gnu/store/../../etc/passwd");
    put_link(item + "/store", "/gnu/store");
    put_link(item + "/other", "../" + std::string(base_name(path("b"))));
    put_link(location.on_disk(path("b")), path("a"));
    put_link(item + "/chain0", "bin/sh");
    for (int i = 1; i <= 45; ++i)
      put_link(item + format("/chain%d", i), format("chain%d", i - 1));
  }

  static std::string path(const std::string &name) {
    return made_up_item(name == "a" ? 1 : 2, name);
  }

  TemporaryDirectory scratch;
  StoreLocation location{"/gnu/store", scratch.path(), ""};
};

void leads_to(const ImageFiles &files, const std::string &path,
              const std::string &wanted) {
  auto found = files.find(path);
  assert_same(found ? found->path : "nothing", wanted);
}

} // namespace

START_TEST(implied_directories_and_order) {
  Tree tree;
  ck_assert(tree.empty());
  ck_assert(!tree.add_file("/usr/share//doc/./a", "text", plain));
  ck_assert(!tree.add_file("usr/b", "", {0755, 0, 0}));
  ck_assert(!tree.add_directory("/tmp/", {01777, 0, 0}));
  ck_assert(!tree.add_symlink("bin", "usr/bin"));
  ck_assert(!tree.add_directory("usr", {0700, 0, 0}));
  ck_assert(!tree.empty());
  assert_same(listing(tree), ". directory 755\n"
                             "bin -> usr/bin\n"
                             "tmp directory 1777\n"
                             "leave tmp\n"
                             "usr directory 700\n"
                             "usr/b file 755 0\n"
                             "usr/share directory 755\n"
                             "usr/share/doc directory 755\n"
                             "usr/share/doc/a file 644 4\n"
                             "leave usr/share/doc\n"
                             "leave usr/share\n"
                             "leave usr\n"
                             "leave \n");
}
END_TEST

START_TEST(what_stands_there_is_replaced) {
  Tree tree;
  tree.add_file("a/b", "1", plain);
  ck_assert(tree.add_file("a/b", "22", plain));
  ck_assert(tree.add_symlink("a/b", "x"));
  assert_same(tree.target("a/b"), "x");
  ck_assert(tree.add_directory("a/b", plain));
  ck_assert(tree.add_symlink("a", "y")); // with all below it
  assert_same(listing(tree), ". directory 755\na -> y\nleave \n");
  ck_assert(tree.add_directory("a", plain));
}
END_TEST

START_TEST(a_name_that_repeats_on_the_way) {
  Tree tree;
  tree.add_file("a/a/a", "1", plain);
  ck_assert(tree.kind("a/a") == Kind::directory);
  ck_assert(tree.add_file("a/a/a", "2", plain));
  ck_assert(tree.kind("a/a/a") == Kind::file);
}
END_TEST

START_TEST(paths_that_cannot_be) {
  Tree tree;
  tree.add_file("file", "", plain);
  tree.add_symlink("link", "/usr");
  for (const char *path : {"..", "../x", "a/../b", "/a/..", "x/y/.."})
    assert_error("leads out of the root", [&] { tree.add_symlink(path, "t"); });
  for (const char *path : {"file/x", "link/x", "file/x/y"})
    assert_error("no directory", [&] { tree.add_directory(path, plain); });
  for (const char *path : {"", "/", "./", "//."}) {
    assert_error("it is the root itself",
                 [&] { tree.add_file(path, "", plain); });
    assert_error("it is the root itself", [&] { tree.add_symlink(path, "t"); });
  }
}
END_TEST

// Else the directories on the way would stay behind.
START_TEST(a_refused_path_changes_nothing) {
  Tree tree;
  assert_error("leads out", [&] { tree.add_symlink("a/b/../c", "t"); });
  ck_assert(tree.empty());
}
END_TEST

START_TEST(the_root_has_attributes_too) {
  Tree tree;
  ck_assert(!tree.add_directory("", {0555, 0, 0}));
  ck_assert(tree.empty());
  assert_same(listing(tree), ". directory 555\nleave \n");
}
END_TEST

START_TEST(looking_into_a_tree) {
  Tree tree;
  tree.add_file("a/f", "", plain);
  ck_assert(tree.kind("a") == Kind::directory);
  ck_assert(tree.kind("/a/f/") == Kind::file);
  ck_assert(!tree.kind("a/g") && !tree.kind("a/f/x") && !tree.kind("a/.."));
  ck_assert(tree.directory("a") && tree.directory("a")->mode == 0755);
  ck_assert(!tree.directory("a/f") && !tree.directory("b"));
}
END_TEST

// Links that lead somewhere, to a parent, or to what is not in the tree.
START_TEST(links_that_are_fine) {
  Tree tree;
  tree.add_file("usr/bin/sh", "", {0755, 0, 0});
  const char *links[][2] = {{"bin", "usr/bin"},
                            {"sh", "/bin/./sh"},
                            {"here", "."},
                            {"usr/up", "../../../.."},
                            {"usr/root", "/"},
                            {"usr/again", "up/usr/up/usr/root/usr/up/here"},
                            {"through-file", "bin/sh/through-file"},
                            {"gone", "gone.d/../gone"},
                            {"run", "/proc/self/root/run"},
                            {"store", "/gnu/store/x/store"},
                            {"shadow", "usr/shadow"},
                            {"odd", "/../usr//bin/"}};
  for (auto [path, target] : links)
    tree.add_symlink(path, target);
  tree.check_links();
}
END_TEST

START_TEST(links_that_go_round) {
  // A link, its target, and another link with its target.
  const char *pairs[][4] = {
      {"/self", "self", "", ""},           {"/self", "/self", "", ""},
      {"/self", "../../self", "", ""},     {"/d/self", "../d/./self", "", ""},
      {"/self", "self/x", "", ""},         {"/self", "self/..", "", ""},
      {"/self", "here/self", "here", "."}, {"/a", "b", "b", "a"},
      {"/a", "d/b", "d/b", "/a"},          {"/a", "x/d/b", "x", "a"},
      {"/d/a", "/x/a", "x", "d"}};
  for (auto [path, target, other, other_target] : pairs) {
    Tree tree;
    tree.add_directory("d", {0755, 0, 0});
    tree.add_symlink(path, target);
    if (*other != '\0')
      tree.add_symlink(other, other_target);
    assert_error(format("'%s': it leads back to itself", path),
                 [&] { tree.check_links(); });
  }
}
END_TEST

// Whether the first link of the chain comes first or last.
START_TEST(links_through_many_links) {
  for (bool first_comes_first : {true, false}) {
    auto name = [&](unsigned i) {
      return format("l%05u", first_comes_first ? i : 99999 - i);
    };
    auto chain = [&](unsigned length) {
      Tree tree;
      tree.add_file("end", "", plain);
      for (unsigned i = 0; i < length; ++i)
        tree.add_symlink(name(i), i + 1 < length ? name(i + 1) : "end");
      tree.check_links();
    };
    chain(40);
    assert_error("'/" + name(0) + "': it leads through more than 40 links",
                 [&] { chain(41); });
    assert_error("it leads through more than 40 links", [&] { chain(50000); });
  }
  Tree tree;
  tree.add_symlink("here", ".");
  std::string target;
  for (int i = 0; i < 39; ++i)
    target += "here/";
  tree.add_symlink("most", target);
  tree.check_links();
  tree.add_symlink("more", target + "here");
  assert_error("'/more': it leads through more", [&] { tree.check_links(); });
}
END_TEST

// Without a memory these would be 39,000 steps for each of 50,000 links, and
// the test would run out of its time.
START_TEST(many_links_take_linear_time) {
  Tree tree;
  std::string there_and_back;
  for (int i = 0; i < 1000; ++i)
    there_and_back += "d/../";
  tree.add_directory("d", {0755, 0, 0});
  for (int i = 0; i < 39; ++i)
    tree.add_symlink(format("a%02d", i),
                     there_and_back + (i == 0 ? "d" : format("a%02d", i - 1)));
  for (int i = 0; i < 50000; ++i)
    tree.add_symlink(format("b%d", i), "a38");
  tree.check_links();
}
END_TEST

START_TEST(image_files_follow_links) {
  StoreWithLinks store;
  ImageFiles files(store.location);
  std::string a = store.path("a"), sh = a + "/bin/sh";
  leads_to(files, sh, sh);
  leads_to(files, a, a);
  for (const char *name :
       {"/absolute", "/relative", "/folder/sh", "/other/folder/sh",
        "/other/other/absolute", "//bin///sh", "/chain0", "/chain39"})
    leads_to(files, a + name, sh);
  leads_to(files, store.path("b"), a);
  leads_to(files, a + "/bin/../folder", a + "/bin");
  ck_assert(files.find(a)->kind == Kind::directory);
  ck_assert(files.find(sh)->kind == Kind::file);
}
END_TEST

START_TEST(image_files_find_nothing_beyond_the_store) {
  StoreWithLinks store;
  ImageFiles files(store.location);
  std::string a = store.path("a");
  for (const char *name :
       {"/loop", "/self", "/broken", "/out", "/climb", "/climb-absolute",
        "/bin/sh/x", "/gone", "/chain45", "/../../x"})
    leads_to(files, a + name, "nothing");
  for (const char *path : {"", "/", "/etc/passwd", "/gnu/storex", "gnu/store/x",
                           "/gnu/store/../../etc"})
    leads_to(files, path, "nothing");
  leads_to(files, a + "/" + std::string(5000, 'x'), "nothing");
}
END_TEST

// The kernel says ENOTDIR to file/.. as well.
START_TEST(image_files_do_not_leave_a_file_by_dots) {
  StoreWithLinks store;
  ImageFiles files(store.location);
  leads_to(files, store.path("a") + "/bin/sh/../sh", "nothing");
}
END_TEST

START_TEST(image_files_look_into_virtual_items) {
  StoreWithLinks store;
  auto tree = std::make_shared<Tree>();
  std::string profile = made_up_item(9, "profile");
  tree->add_symlink("bin", store.path("a") + "/folder");
  tree->add_symlink("up", "../" + std::string(base_name(profile)) + "/bin");
  tree->add_file("manifest", "", plain);
  ImageFiles files(store.location, {VirtualItem{profile, tree, {}, {}}});
  leads_to(files, profile + "/up/sh", store.path("a") + "/bin/sh");
  leads_to(files, profile + "/manifest", profile + "/manifest");
  leads_to(files, profile, profile);
  leads_to(files, profile + "/gone", "nothing");
  leads_to(files, profile + "x/bin", "nothing");
}
END_TEST

START_TEST(a_file_of_the_disk) {
  TemporaryDirectory scratch;
  std::string source = scratch.path() + "/source";
  put_file(source, "content");
  put_link(scratch.path() + "/link", source);
  Tree tree;
  ck_assert(!tree.add_disk_file("/a/b", scratch.path() + "/link", plain));

  class Reader : public WalkVisitor {
  public:
    void enter(Entry &entry) override {
      if (entry.kind() != Kind::file)
        return;
      entry.open();
      ck_assert_uint_eq(entry.size(), 7);
      entry.read(output);
    }
    MemoryOutput output;
  } reader;
  tree.walk(reader);
  assert_same(reader.output.text(), "content");

  put_file(source, "longer content");
  assert_error("size has changed", [&] { tree.walk(reader); });
  assert_error("not a regular file",
               [&] { tree.add_disk_file("c", scratch.path(), plain); });
  assert_error("sourcex'",
               [&] { tree.add_disk_file("c", source + "x", plain); });
}
END_TEST

START_TEST(owners) {
  Tree tree;
  tree.add_directory("srv/data", {0700, 0, 0});
  ck_assert(tree.set_owner("/srv/data/", 1000, 100));
  auto attributes = tree.directory("srv/data");
  ck_assert_uint_eq(attributes->uid, 1000);
  ck_assert_uint_eq(attributes->gid, 100);
  ck_assert_uint_eq(attributes->mode, 0700);
  ck_assert_uint_eq(tree.directory("srv")->uid, 0);
  ck_assert(!tree.set_owner("srv/other", 1, 1));
}
END_TEST

int main() {
  Suite *suite = suite_create("tree");
  TCase *trees = tcase_create("trees");
  tcase_add_test(trees, implied_directories_and_order);
  tcase_add_test(trees, what_stands_there_is_replaced);
  tcase_add_test(trees, a_name_that_repeats_on_the_way);
  tcase_add_test(trees, paths_that_cannot_be);
  tcase_add_test(trees, a_refused_path_changes_nothing);
  tcase_add_test(trees, the_root_has_attributes_too);
  tcase_add_test(trees, looking_into_a_tree);
  tcase_add_test(trees, a_file_of_the_disk);
  tcase_add_test(trees, owners);
  tcase_add_test(trees, links_that_are_fine);
  tcase_add_test(trees, links_that_go_round);
  tcase_add_test(trees, links_through_many_links);
  tcase_add_test(trees, many_links_take_linear_time);
  suite_add_tcase(suite, trees);
  TCase *files = tcase_create("files of an image");
  tcase_add_test(files, image_files_follow_links);
  tcase_add_test(files, image_files_find_nothing_beyond_the_store);
  tcase_add_test(files, image_files_do_not_leave_a_file_by_dots);
  tcase_add_test(files, image_files_look_into_virtual_items);
  suite_add_tcase(suite, files);
  return run_tests({suite});
}
