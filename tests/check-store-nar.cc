// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/new_file.hh"
#include "store/item_size.hh"
#include "store/nar.hh"
#include "store/reference_scanner.hh"
#include "store/verify.hh"
#include "support/check-main.hh"
#include "support/store-fixture.hh"

#include <filesystem>
#include <random>

using namespace strata;

namespace {

std::string nar_of(const std::string &path) {
  Monitor monitor;
  MemoryOutput output;
  write_nar(DiskWalk(path), output, monitor);
  NarInfo info = nar_info(DiskWalk(path), monitor);
  ck_assert(info.hash == sha256(as_bytes(output.text())));
  ck_assert_uint_eq(info.size, output.text().size());
  ck_assert_uint_eq(nar_size(DiskWalk(path)), output.text().size());
  return output.text();
}

// TEXTS as a NAR has them.
std::string strings(std::initializer_list<std::string> texts) {
  std::string result;
  for (const std::string &text : texts) {
    result += static_cast<char>(text.size() & 255);
    result += static_cast<char>(text.size() >> 8);
    result += std::string(6, '\0') + text;
    result += std::string((8 - text.size() % 8) % 8, '\0');
  }
  return result;
}

START_TEST(single_entries) {
  TemporaryDirectory folder;
  std::string path = folder.path() + "/x";
  write_file(path, "");
  ck_assert(nar_of(path) == strings({"nix-archive-1", "(", "type", "regular",
                                     "contents", "", ")"}));
  write_file(path, "12345678");
  chmod(path.c_str(), 0500);
  ck_assert(nar_of(path) ==
            strings({"nix-archive-1", "(", "type", "regular", "executable", "",
                     "contents", "12345678", ")"}));
  // What others may execute counts for nothing.
  chmod(path.c_str(), 0455);
  ck_assert(nar_of(path) == strings({"nix-archive-1", "(", "type", "regular",
                                     "contents", "12345678", ")"}));
  unlink(path.c_str());
  std::string target(300, 'y');
  std::filesystem::create_symlink(target, path);
  ck_assert(nar_of(path) == strings({"nix-archive-1", "(", "type", "symlink",
                                     "target", target, ")"}));
}
END_TEST

START_TEST(a_folder) {
  TemporaryDirectory folder;
  write_file(folder.path() + "/b/\xFF\n", "1");
  write_file(folder.path() + "/b.c", "2");
  make_directories(folder.path() + "/B");
  ck_assert(nar_of(folder.path()) == strings({"nix-archive-1",
                                              "(",
                                              "type",
                                              "directory",
                                              "entry",
                                              "(",
                                              "name",
                                              "B",
                                              "node",
                                              "(",
                                              "type",
                                              "directory",
                                              ")",
                                              ")",
                                              "entry",
                                              "(",
                                              "name",
                                              "b",
                                              "node",
                                              "(",
                                              "type",
                                              "directory",
                                              "entry",
                                              "(",
                                              "name",
                                              "\xFF\n",
                                              "node",
                                              "(",
                                              "type",
                                              "regular",
                                              "contents",
                                              "1",
                                              ")",
                                              ")",
                                              ")",
                                              ")",
                                              "entry",
                                              "(",
                                              "name",
                                              "b.c",
                                              "node",
                                              "(",
                                              "type",
                                              "regular",
                                              "contents",
                                              "2",
                                              ")",
                                              ")",
                                              ")"}));
}
END_TEST

START_TEST(large_files) {
  TemporaryDirectory folder;
  std::string content;
  for (unsigned i = 0; content.size() < 1000001; ++i)
    content += std::to_string(i);
  for (std::size_t size : {262143, 262144, 262145, 1000000}) {
    write_file(folder.path() + "/x", content.substr(0, size));
    std::string nar = nar_of(folder.path() + "/x");
    ck_assert(nar.find(content.substr(0, size)) != std::string::npos);
  }
}
END_TEST

START_TEST(stopped) {
  TemporaryDirectory folder;
  write_file(folder.path() + "/x", "content");
  Monitor monitor;
  monitor.cancel();
  bool stopped = false;
  try {
    nar_info(DiskWalk(folder.path()), monitor);
  } catch (const Cancelled &) {
    stopped = true;
  }
  ck_assert(stopped);
  assert_error("No such file", [&] { nar_size(DiskWalk("/does/not/exist")); });
}
END_TEST

// What nix-store and nix-hash say of the same folder.
START_TEST(as_nix_does_it) {
  if (system("nix-store --version >/dev/null 2>&1") != 0)
    return;
  TemporaryDirectory folder;
  std::string tree = folder.path() + "/tree", nix;
  write_file(tree + "/dir/executable", "#!/bin/sh\n");
  chmod((tree + "/dir/executable").c_str(), 0700);
  write_file(tree + "/dir.file", std::string(300000, 'x'));
  write_file(tree + "/\xC3\xA4 \x80", "");
  std::filesystem::create_symlink("../nowhere", tree + "/link");
  make_directories(tree + "/empty");
  for (const char *part : {"", "/dir", "/dir/executable", "/link"}) {
    std::string path = tree + part;
    ck_assert(nar_of(path) == output_of("nix-store --dump '" + path + "'"));
  }
  Monitor monitor;
  assert_same(nar_info(DiskWalk(tree), monitor).hash.hex() + "\n",
              output_of("nix-hash --type sha256 '" + tree + "'"));
}
END_TEST

START_TEST(sizes_of_items) {
  TemporaryDirectory root;
  Item item{made_up_item(1, "x"), "", {}, {}, {}};
  StoreLocation location{"/gnu/store", root.path(), ""};
  write_file(location.on_disk(item.path), "12345678");
  ck_assert_uint_eq(item_size(item, location),
                    nar_of(location.on_disk(item.path)).size());
  item.nar_size = 5;
  ck_assert_uint_eq(item_size(item, location), 5);
}
END_TEST

START_TEST(verified) {
  TemporaryDirectory root;
  StoreLocation location{"/gnu/store", root.path(), ""};
  std::vector<Item> items;
  Monitor monitor;
  for (unsigned i = 0; i < 8; ++i) {
    Item item{made_up_item(i, "x"), "", {}, {}, {}};
    std::string path = location.on_disk(item.path);
    write_file(path, std::string(100 * i, 'x'));
    NarInfo info = nar_info(DiskWalk(path), monitor);
    item.nar_hash = info.hash;
    item.nar_size = info.size;
    items.push_back(item);
  }
  ReferenceGraph graph(items, "test");
  auto problems_of = [&](unsigned jobs) {
    return verify_store(graph, location, jobs, monitor);
  };
  ck_assert(problems_of(0).empty());

  auto on_disk = [&](unsigned i) { return location.on_disk(items[i].path); };
  unlink(on_disk(1).c_str());
  write_file(on_disk(3), "shorter");
  write_file(on_disk(4), std::string(400, 'y'));
  chmod(on_disk(5).c_str(), 0555);
  unlink(on_disk(6).c_str());
  ck_assert_int_eq(mkfifo(on_disk(6).c_str(), 0600), 0);
  for (unsigned jobs : {1, 2, 8}) {
    auto problems = problems_of(jobs);
    ck_assert_uint_eq(problems.size(), 5);
    const std::array<const char *, 5> parts{"does not exist", "bytes instead",
                                            "hash", "bytes instead", "FIFO"};
    const std::array<unsigned, 5> indexes{1, 3, 4, 5, 6};
    for (std::size_t i = 0; i < problems.size(); ++i) {
      ck_assert(problems[i].path == items[indexes[i]].path);
      assert_has(problems[i].description, parts[i]);
    }
  }
  chmod(root.path().c_str(), 0755);
  chmod(on_disk(7).c_str(), 0);
  as_plain_user([&] {
    require(problems_of(2).size() == 6, "an unreadable file is no problem");
  });
}
END_TEST

std::vector<std::string> many_items(unsigned count) {
  std::vector<std::string> items;
  for (unsigned i = 0; i < count; ++i)
    items.push_back(made_up_item(i, "x"));
  return items;
}

std::string hash_of(const std::string &path) {
  return std::string(base_name(path).substr(0, 32));
}

// Text of digits and other bytes with some hashes, cut into random blocks.
START_TEST(references_in_random_text) {
  std::mt19937 random(static_cast<unsigned>(_i));
  std::vector<std::string> items = many_items(300);
  std::string text;
  for (int i = 0; i < 60; ++i) {
    unsigned length = random() % 90, kind = random() % 3;
    for (unsigned j = 0; j < length; ++j)
      text += kind == 0   ? static_cast<char>(random())
              : kind == 1 ? "0123456789abcdef"[random() % 16]
                          : "/eout"[random() % 5];
    std::string hash = hash_of(items[random() % items.size()]);
    if (random() % 3 == 0)
      text += hash;
    else if (random() % 2 == 0)
      text += hash.substr(random() % 3, 31);
  }
  std::vector<std::string> expected;
  for (const std::string &item : items)
    if (text.find(hash_of(item)) != std::string::npos)
      expected.push_back(item);

  for (unsigned longest : {1, 20, 33, 100, 5000}) {
    ReferenceScanner scanner(items);
    for (std::size_t at = 0; at < text.size();) {
      std::size_t size = 1 + random() % longest;
      scanner.write(as_bytes(std::string_view(text).substr(at, size)));
      at += size;
    }
    ck_assert(scanner.found() == expected);
  }
}
END_TEST

START_TEST(odd_references) {
  std::string one = made_up_item(1, "one"), other = made_up_item(1, "other");
  ReferenceScanner both({other, one});
  both.write(as_bytes(hash_of(one)));
  ck_assert(both.found() == (std::vector<std::string>{one, other}));

  ReferenceScanner none({});
  none.write(as_bytes(hash_of(one)));
  ck_assert(none.found().empty());

  // A copy in capitals is no hash.
  std::string letters = "/gnu/store/" + std::string(32, 'a') + "-x";
  ReferenceScanner capitals({letters});
  capitals.write(as_bytes(std::string(32, 'A')));
  ck_assert(capitals.found().empty());
  capitals.write(as_bytes(std::string(31, 'a')));
  ck_assert(capitals.found().empty());
  capitals.write(as_bytes("a"));
  ck_assert(capitals.found().size() == 1);
}
END_TEST

Suite *nar_suite() {
  Suite *suite = suite_create("items and their bytes");
  TCase *tests = tcase_create("NAR");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, single_entries);
  tcase_add_test(tests, a_folder);
  tcase_add_test(tests, large_files);
  tcase_add_test(tests, stopped);
  tcase_add_test(tests, as_nix_does_it);
  tcase_add_test(tests, sizes_of_items);
  tcase_add_test(tests, verified);
  suite_add_tcase(suite, tests);
  TCase *references = tcase_create("references");
  tcase_set_timeout(references, 120);
  tcase_add_loop_test(references, references_in_random_text, 0, 50);
  tcase_add_test(references, odd_references);
  suite_add_tcase(suite, references);
  return suite;
}

} // namespace

int main() { return run_tests({nar_suite()}); }
