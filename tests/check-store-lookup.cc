// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/new_file.hh"
#include "base/text.hh"
#include "store/lookup.hh"
#include "support/check-main.hh"
#include "support/store-fixture.hh"

#include <filesystem>

using namespace strata;

namespace {

namespace fs = std::filesystem;

// A store below a root, with a profile and its generations.
class Store {
public:
  Store() {
    for (const std::string &item : {hello, old_hello, source, libc, profile})
      write_file(on_disk(item) + "/bin/program", "");
    fs::create_symlink(hello, on_disk(profile) + "/hello");
    fs::create_symlink(hello, on_disk(link));
    std::string profiles = root() + "/var/guix/profiles";
    make_directories(profiles);
    fs::create_symlink(profile, profiles + "/p-1-link");
    fs::create_symlink("p-1-link", profiles + "/p");
    fs::create_symlink("/var/guix/profiles/p", profiles + "/absolute");
    fs::create_symlink("loop", profiles + "/loop");
    fs::create_symlink(profiles + "/p", root() + "/home");
  }

  std::string root() const { return folder_.path(); }
  std::string on_disk(const std::string &path) const { return root() + path; }
  std::string resolve(const std::string &argument) const {
    return resolve_item(graph(), {"/gnu/store", root(), ""}, argument);
  }
  ReferenceGraph graph() const {
    std::vector<ReferenceGraph::Declaration> declarations;
    for (const std::string &item :
         {hello, old_hello, source, libc, profile, link, missing, derivation})
      declarations.push_back({{item, "", {}, {}, {}}, {}});
    return {std::move(declarations), "test"};
  }

  const std::string hello = made_up_item(1, "hello-2.10"),
                    old_hello = made_up_item(2, "hello-2.9"),
                    source = made_up_item(3, "hello-2.9.tar.gz"),
                    libc = made_up_item(4, "glibc-2.35"),
                    profile = made_up_item(5, "profile"),
                    link = made_up_item(6, "link-1"),
                    missing = made_up_item(7, "missing-1.0"),
                    derivation = made_up_item(8, "glibc-2.35.drv");

private:
  TemporaryDirectory folder_;
};

START_TEST(by_name) {
  Store store;
  ck_assert(store.resolve("glibc") == store.libc);
  ck_assert(store.resolve("glibc@2.35") == store.libc);
  ck_assert(store.resolve("glibc-2.35") == store.libc);
  ck_assert(store.resolve("profile") == store.profile);
  ck_assert(store.resolve("hello@2.10") == store.hello);
  ck_assert(store.resolve("hello@2.9") == store.old_hello);
}
END_TEST

START_TEST(ambiguous_name) {
  Store store;
  std::string text = error_of([&] { store.resolve("hello"); });
  for (const std::string &item : {store.hello, store.old_hello, store.source})
    assert_has(text.substr(text.find('|')), item);
  ck_assert(text.find(store.libc) == std::string::npos);
}
END_TEST

START_TEST(by_path) {
  Store store;
  ck_assert(store.resolve(store.hello) == store.hello);
  ck_assert(store.resolve(store.hello + "/") == store.hello);
  ck_assert(store.resolve(store.on_disk(store.hello)) == store.hello);
  // An item that is a symlink is meant itself.
  ck_assert(store.resolve(store.link) == store.link);
  ck_assert(store.resolve("/gnu/store/../store/" +
                          std::string(base_name(store.hello))) == store.hello);
  ck_assert_int_eq(chdir((store.root() + "/gnu").c_str()), 0);
  ck_assert(store.resolve("store/" + std::string(base_name(store.hello))) ==
            store.hello);
}
END_TEST

START_TEST(by_link) {
  Store store;
  std::string profiles = store.root() + "/var/guix/profiles";
  for (const char *name : {"/p-1-link", "/p", "/absolute"}) {
    ck_assert(store.resolve(profiles + name) == store.profile);
    // The same as the store has it.
    ck_assert(store.resolve("/var/guix/profiles" + std::string(name)) ==
              store.profile);
  }
  ck_assert(store.resolve(store.root() + "/home") == store.profile);
  ck_assert(store.resolve(profiles + "/p/hello") == store.hello);
  ck_assert_int_eq(chdir(profiles.c_str()), 0);
  ck_assert(store.resolve("./p") == store.profile);
  ck_assert(store.resolve("p") == store.profile);
  ck_assert(store.resolve("../profiles/p") == store.profile);
}
END_TEST

START_TEST(root_behind_a_link) {
  Store store;
  TemporaryDirectory other;
  fs::create_symlink(store.root(), other.path() + "/root");
  StoreLocation location{"/gnu/store", other.path() + "/root", ""};
  for (const std::string &argument :
       {store.hello, store.on_disk(store.hello), location.on_disk(store.hello)})
    ck_assert(resolve_item(store.graph(), location, argument) == store.hello);
}
END_TEST

START_TEST(bad_arguments) {
  Store store;
  std::string not_valid = made_up_item(77, "hallo-2.10");
  write_file(store.on_disk(not_valid), "");
  auto fails = [&](const std::string &argument, const std::string &part) {
    std::string text = error_of([&] { store.resolve(argument); });
    assert_has(text, part);
    assert_has(text, printable(argument));
    return text;
  };
  fails("", "no item");
  fails("@", "no item");
  fails("no\033such", "no item");
  assert_has(fails("helo", "no item"), store.hello);
  assert_has(fails("gilbc@2.35", "no item"), store.libc);
  fails("hello@9", "no item");
  fails("somethingelse", "no item");
  fails(std::string(3000, 'x'), "no item");
  assert_has(fails(not_valid, "not valid"), store.hello);
  fails(made_up_item(78, "q"), "no such item");
  fails(store.missing, "does not exist");
  fails("missing", "does not exist");
  assert_has(fails(store.hello + "/bin", "below an item"),
             "the item is '" + store.hello);
  fails(store.hello + "/bin/program", "below an item");
  fails(store.hello + "/nothing", "No such file");
  fails("/etc/passwd", "outside the store");
  fails(store.root() + "/var", "outside the store");
  fails("/gnu/store", "outside the store");
  fails("/gnu/store/x", "No such file");
  write_file(store.root() + "/gnu/store/x", "");
  fails("/gnu/store/x", "not that of an item");
  fails("/does/not/exist", "No such file");
  fails(store.root() + "/var/guix/profiles/loop", "symbolic links");
}
END_TEST

Suite *lookup_suite() {
  Suite *suite = suite_create("lookup");
  TCase *tests = tcase_create("lookup");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, by_name);
  tcase_add_test(tests, ambiguous_name);
  tcase_add_test(tests, by_path);
  tcase_add_test(tests, by_link);
  tcase_add_test(tests, root_behind_a_link);
  tcase_add_test(tests, bad_arguments);
  suite_add_tcase(suite, tests);
  return suite;
}

} // namespace

int main() { return run_tests({lookup_suite()}); }
