// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/new_file.hh"
#include "store/location.hh"
#include "store/store_path.hh"
#include "support/check-main.hh"
#include "support/store-fixture.hh"

using namespace strata;

namespace {

const std::string hash(32, 'z');

START_TEST(names) {
  for (const char *good : {"hello", "hello-2.10", "a+b?c=d_e", "-", "x"})
    ck_assert_msg(is_item_name(good), "%s", good);
  for (const char *bad : {"", ".hello", "a b", "a/b", "é", "a\n", "a@1"})
    ck_assert_msg(!is_item_name(bad), "%s", bad);
  ck_assert(is_item_name(std::string(211, 'a')));
  ck_assert(!is_item_name(std::string(212, 'a')));
  ck_assert(!is_item_name(std::string_view("a\0b", 3)));
}
END_TEST

START_TEST(paths) {
  ck_assert(is_item_path("/gnu/store/" + hash + "-a", "/gnu/store"));
  for (const std::string &bad :
       {"/gnu/store/" + hash, "/gnu/store/" + hash + "-",
        "/gnu/store/" + hash + "a-a", "/gnu/store/" + hash + "-a/b",
        "/gnu/storex" + hash + "-a", "/gnu/store//" + hash + "-a",
        "/nix/store/" + hash + "-a", std::string("/gnu/store"),
        "/gnu/store/" + std::string(32, 'e') + "-a",
        "/gnu/store/" + std::string(32, 'A') + "-a"})
    ck_assert_msg(!is_item_path(bad, "/gnu/store"), "%s", bad.c_str());
  ck_assert(item_name("/gnu/store/" + hash + "-hello-2.10") == "hello-2.10");
  ck_assert(item_name("short").empty());
}
END_TEST

START_TEST(names_and_versions) {
  struct Case {
    const char *text, *name, *version;
  };
  for (const Case &c :
       {Case{"hello-2.10", "hello", "2.10"}, Case{"hello", "hello", ""},
        Case{"gcc-toolchain-12.3.0", "gcc-toolchain", "12.3.0"},
        Case{"lib-2-3", "lib", "2-3"}, Case{"a-", "a-", ""},
        Case{"-1", "-1", ""}}) {
    NameAndVersion split = split_item_name(c.text);
    ck_assert_msg(split.name == c.name && split.version == c.version, "%s",
                  c.text);
  }
}
END_TEST

// The file "hello\n", as nix-hash and nix-store --add saw it.
START_TEST(known_values) {
  constexpr const char *hex =
      "1c37d01af40be2e80691de3cc3df44377a699afbb17c68f080964b2fd071fc13";
  auto digest = parse_nar_hash(std::string("sha256:") + hex);
  ck_assert(digest && digest->hex() == hex);
  ck_assert(parse_nar_hash("sha256:04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiq"
                           "hbyhdd0dqw") == digest);
  ck_assert(source_path("/gnu/store", "hf", *digest) ==
            "/gnu/store/7a3dh0zqjpxajrv5kz46rz0zsljiyv5h-hf");
}
END_TEST

START_TEST(bad_hashes) {
  std::string zeros(64, '0');
  for (const std::string &bad :
       {std::string(), zeros, "sha256:" + zeros + "0", "sha1:" + zeros,
        "sha256:" + zeros.substr(1), "sha256:" + zeros.substr(1) + "g",
        "sha256:" + std::string(52, 'e'), "sha256:z" + zeros.substr(0, 51),
        "sha256:" + zeros.substr(0, 51)})
    ck_assert_msg(!parse_nar_hash(bad), "%s", bad.c_str());
  ck_assert(parse_nar_hash("sha256:1" + zeros.substr(0, 51)));
}
END_TEST

START_TEST(locations) {
  TemporaryDirectory folder;
  const std::string &root = folder.path();
  StoreLocation fresh = locate_store(root + "//", "", "");
  ck_assert_str_eq(fresh.directory.c_str(), "/gnu/store");
  ck_assert(fresh.root == root);
  ck_assert(fresh.database == root + "/var/guix/db/db.sqlite");
  ck_assert(fresh.on_disk("/gnu/store/x") == root + "/gnu/store/x");

  write_file(root + "/nix/var/nix/db/db.sqlite", "");
  StoreLocation nix = locate_store(root, "", "");
  ck_assert_str_eq(nix.directory.c_str(), "/nix/store");
  ck_assert(nix.database == root + "/nix/var/nix/db/db.sqlite");
  ck_assert(locate_store(root, "/gnu/store", "").database == fresh.database);

  make_directories(root + "/nix/store");
  StoreLocation other = locate_store(root, "", "/some/file");
  ck_assert_str_eq(other.directory.c_str(), "/nix/store");
  ck_assert_str_eq(other.database.c_str(), "/some/file");
  ck_assert(locate_store("/", "/gnu/store/", "").root.empty());
  ck_assert(locate_store("", "/my/store/", "f").directory == "/my/store");

  assert_error("--database", [] { locate_store("", "/my/store", ""); });
  for (const char *bad : {"gnu/store", "/", "/a//b", "/a/../b", "/a/."})
    assert_error("not an absolute path", [&] { locate_store("", bad, "f"); });
}
END_TEST

Suite *path_suite() {
  Suite *suite = suite_create("store paths");
  TCase *tests = tcase_create("paths");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, names);
  tcase_add_test(tests, paths);
  tcase_add_test(tests, names_and_versions);
  tcase_add_test(tests, known_values);
  tcase_add_test(tests, bad_hashes);
  tcase_add_test(tests, locations);
  suite_add_tcase(suite, tests);
  return suite;
}

} // namespace

int main() { return run_tests({path_suite()}); }
