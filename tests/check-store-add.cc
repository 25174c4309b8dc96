// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/database.hh"
#include "store/add.hh"
#include "store/nar.hh"
#include "store/store_database.hh"
#include "store/verify.hh"
#include "support/check-main.hh"
#include "support/fixtures.hh"
#include "support/store-fixture.hh"

#include <sched.h>
#include <sys/mount.h>
#include <sys/xattr.h>

#include <filesystem>
#include <random>

using namespace strata;

namespace {

namespace fs = std::filesystem;

class Store {
public:
  Store() { chmod(folder_.path().c_str(), 0755); }
  std::string root() const { return folder_.path() + "/root"; }
  std::string source() const { return folder_.path() + "/source"; }
  StoreLocation location() const { return locate_store(root(), "", ""); }
  std::string on_disk(const std::string &path) const { return root() + path; }

  std::string add(const std::string &name, const std::string &source) const {
    Monitor monitor;
    return add_to_store(location(), name, source, monitor);
  }
  ReferenceGraph graph() const {
    Monitor monitor;
    return read_store_database(location(), monitor);
  }

  // Everything registered is whole, and nothing else is there but hidden
  // names if LEFTOVERS may be.
  void check(bool leftovers = false) const {
    Monitor monitor;
    ReferenceGraph items = graph();
    ck_assert(verify_store(items, location(), 1, monitor).empty());
    for (const std::string &name : list_directory(root() + "/gnu/store"))
      ck_assert_msg(items.find("/gnu/store/" + name) || leftovers, "%s",
                    name.c_str());
    Database database(location().database, Database::Access::read_only);
    Statement row(database, "PRAGMA integrity_check");
    ck_assert(row.step() && row.text(0) == "ok");
  }

private:
  TemporaryDirectory folder_;
};

struct stat status_of(const std::string &path) {
  struct stat status;
  ck_assert_int_eq(lstat(path.c_str(), &status), 0);
  return status;
}

void assert_canonical(const std::string &path, unsigned mode) {
  struct stat status = status_of(path);
  ck_assert_msg((status.st_mode & 07777) == mode, "mode of %s: %o",
                path.c_str(), status.st_mode);
  ck_assert_int_eq(status.st_mtim.tv_sec, 1);
  ck_assert_int_eq(status.st_mtim.tv_nsec, 0);
  ck_assert_uint_eq(status.st_uid, geteuid());
}

START_TEST(canonical_form) {
  Store store;
  std::string tree = store.source();
  write_file(tree + "/dir/program", "#!/bin/sh\n");
  chmod((tree + "/dir/program").c_str(), 06710);
  write_file(tree + "/file\xFF", "1");
  chmod((tree + "/file\xFF").c_str(), 0666);
  setxattr((tree + "/file\xFF").c_str(), "user.test", "1", 1, 0);
  fs::create_hard_link(tree + "/file\xFF", tree + "/hard-link");
  write_file(tree + "/hole", std::string(3000000, '\0') + "end");
  fs::create_symlink("nowhere", tree + "/link");
  chmod((tree + "/dir").c_str(), 07777);
  umask(077);

  std::string path = store.on_disk(store.add("tree", tree));
  assert_canonical(path, 0555);
  assert_canonical(path + "/dir", 0555);
  assert_canonical(path + "/dir/program", 0555);
  assert_canonical(path + "/file\xFF", 0444);
  assert_canonical(path + "/hard-link", 0444);
  assert_canonical(path + "/link", 0777);
  ck_assert_uint_eq(status_of(path + "/hard-link").st_nlink, 1);
  ck_assert_int_lt(
      getxattr((path + "/file\xFF").c_str(), "user.test", nullptr, 0), 0);
  ck_assert(content_of(path + "/hole") == content_of(tree + "/hole"));
  ck_assert_int_lt(status_of(path + "/hole").st_blocks, 1000);
  assert_same(fs::read_symlink(path + "/link").string(), "nowhere");
  ck_assert_int_eq(status_of(store.location().database).st_mode & 07777, 0644);
  ck_assert_uint_eq(
      list_directory(parent_directory(store.location().database)).size(), 1);
  store.check();
}
END_TEST

START_TEST(files_and_links) {
  Store store;
  write_file(store.source(), "hello\n");
  std::string file = store.add("hf", store.source());
  ck_assert_str_eq(file.c_str(),
                   "/gnu/store/7a3dh0zqjpxajrv5kz46rz0zsljiyv5h-hf");
  assert_canonical(store.on_disk(file), 0444);
  fs::create_symlink(file, store.source() + "-link");
  std::string link = store.add("link", store.source() + "-link");
  ck_assert(fs::is_symlink(store.on_disk(link)));
  ReferenceGraph graph = store.graph();
  ck_assert(graph.items()[*graph.find(link)].references ==
            (std::vector<ItemIndex>{*graph.find(file)}));
  // Its target is an item, which it does not become.
  ck_assert_uint_eq(graph.items().size(), 2);
  store.check();
}
END_TEST

START_TEST(references) {
  Store store;
  write_file(store.source(), "a");
  std::string a = store.add("a", store.source());
  write_file(store.source(), "b");
  std::string b = store.add("b", store.source());
  write_file(store.source(), "c");
  std::string c = store.add("c", store.source());

  // In the middle of a binary, in a target, in a name, over block borders.
  std::string tree = store.source() + "-tree";
  write_file(tree + "/binary",
             std::string((256 << 10) - 30, 'z') + a + std::string(100, '\0'));
  fs::create_symlink(b + "/lib", tree + "/link");
  std::string d = store.add("d", tree);
  make_directories(tree + "/" + std::string(base_name(c)));
  std::string e = store.add("e", tree);

  ReferenceGraph graph = store.graph();
  auto references_of = [&](const std::string &path) {
    std::vector<std::string> paths;
    for (ItemIndex reference : graph.items()[*graph.find(path)].references)
      paths.push_back(graph.items()[reference].path);
    return paths;
  };
  auto sorted = [](std::vector<std::string> list) {
    std::sort(list.begin(), list.end());
    return list;
  };
  ck_assert(references_of(d) == sorted({a, b}));
  ck_assert(references_of(e) == sorted({a, b, c}));
  ck_assert(references_of(a).empty());
  store.check();
}
END_TEST

START_TEST(twice) {
  Store store;
  write_file(store.source() + "/x", "1");
  std::string path = store.add("x", store.source());
  ino_t inode = status_of(store.on_disk(path)).st_ino;
  ck_assert(store.add("x", store.source()) == path);
  ck_assert_uint_eq(status_of(store.on_disk(path)).st_ino, inode);
  ck_assert(store.add("y", store.source()) != path);
  ck_assert_uint_eq(store.graph().items().size(), 2);
  store.check();

  // What was lost comes back.
  remove_tree(store.on_disk(path));
  ck_assert(store.add("x", store.source()) == path);
  ck_assert_uint_eq(store.graph().items().size(), 2);
  store.check();
}
END_TEST

START_TEST(leftover_is_replaced) {
  Store store;
  write_file(store.source() + "/x", "1");
  std::string path = store.add("x", store.source());
  Database(store.location().database, Database::Access::create)
      .execute("DELETE FROM ValidPaths");
  chmod(store.on_disk(path).c_str(), 0755);
  write_file(store.on_disk(path) + "/junk", "");
  ck_assert(store.add("x", store.source()) == path);
  ck_assert(!file_exists(store.on_disk(path) + "/junk"));
  store.check();
}
END_TEST

START_TEST(many_processes) {
  Store store;
  std::vector<pid_t> children;
  for (int child = 0; child < 8; ++child)
    children.push_back(start_process([&] {
      for (int i = 0; i < 6; ++i) {
        // Every second one adds the same content.
        std::string source = store.source() + std::to_string(child);
        std::string text = std::to_string(i);
        if (child % 2 == 0)
          text += " of " + std::to_string(child);
        write_file(source, text);
        std::string path = store.add("x", source);
        require(file_exists(store.on_disk(path)), "it is not there");
        require(store.graph().find(path).has_value(), "it is not registered");
      }
    }));
  for (pid_t child : children)
    ck_assert_int_eq(wait_for(child), 0);
  ck_assert_uint_eq(store.graph().items().size(), 4 * 6 + 6);
  store.check();
}
END_TEST

// All begin at once, where there is no database yet.
START_TEST(first_adds) {
  Store store;
  std::array<int, 2> gate;
  ck_assert_int_eq(pipe(gate.data()), 0);
  std::vector<pid_t> children;
  for (int child = 0; child < 8; ++child) {
    std::string source = store.source() + std::to_string(child);
    write_file(source, source);
    children.push_back(start_process([&] {
      close(gate[1]);
      char byte;
      require(read(gate[0], &byte, 1) == 0, "the gate does not open");
      store.add("x", source);
    }));
  }
  close(gate[1]);
  for (pid_t child : children)
    ck_assert_int_eq(wait_for(child), 0);
  close(gate[0]);
  ck_assert_uint_eq(store.graph().items().size(), 8);
  store.check();
}
END_TEST

// What fails after the item has its final name takes it back.
START_TEST(registration_fails) {
  Store store;
  write_file(store.source() + "/x", "1");
  store.add("x", store.source());
  Database(store.location().database, Database::Access::create)
      .execute("CREATE TRIGGER no BEFORE INSERT ON ValidPaths "
               "BEGIN SELECT RAISE(ABORT, 'not today'); END");
  write_file(store.source() + "/x", "2");
  assert_error("not today", [&] { store.add("x", store.source()); });
  ck_assert_uint_eq(store.graph().items().size(), 1);
  store.check();
}
END_TEST

START_TEST(killed_at_any_time) {
  Store store;
  std::mt19937 random(static_cast<unsigned>(_i));
  for (int i = 0; i < 40; ++i)
    write_file(store.source() + "/" + std::to_string(i),
               std::string(9999, 'x'));
  for (int i = 0; i < 25; ++i) {
    write_file(store.source() + "/number", std::to_string(i / 4));
    pid_t child = start_process([&] { store.add("x", store.source()); });
    usleep(static_cast<useconds_t>(random() % 30000));
    kill(child, SIGKILL);
    wait_for(child);
    if (file_exists(store.location().database))
      store.check(true);
  }
  for (int i = 0; i < 7; ++i) {
    write_file(store.source() + "/number", std::to_string(i));
    store.add("x", store.source());
  }
  store.check(true);
  ck_assert_uint_eq(store.graph().items().size(), 7);
}
END_TEST

START_TEST(cancelled) {
  Store store;
  write_file(store.source() + "/x", "1");
  Monitor monitor;
  monitor.cancel();
  bool stopped = false;
  try {
    add_to_store(store.location(), "x", store.source(), monitor);
  } catch (const Cancelled &) {
    stopped = true;
  }
  ck_assert(stopped);
  ck_assert(list_directory(store.root() + "/gnu/store").empty());
}
END_TEST

START_TEST(bad_arguments) {
  Store store;
  write_file(store.source() + "/x", "1");
  for (const char *name : {"", ".x", "a/b", "a b", "../x", "a\033"})
    assert_error("name of an item", [&] { store.add(name, store.source()); });
  assert_error("No such file", [&] { store.add("x", "/does/not/exist"); });
  ck_assert(!file_exists(store.root()));
  assert_error("--store-root", [&] {
    Monitor monitor;
    add_to_store({"/gnu/store", "", store.root() + "/db"}, "x", store.source(),
                 monitor);
  });
  ck_assert(!file_exists(store.root()));

  store.add("x", store.source());
  assert_error("lies in it", [&] { store.add("x", store.root()); });
  assert_error("lies in it",
               [&] { store.add("x", store.root() + "/gnu/store/."); });
  ck_assert_int_eq(mkfifo((store.source() + "/fifo").c_str(), 0600), 0);
  assert_error("FIFO", [&] { store.add("x", store.source()); });
  store.check();
}
END_TEST

START_TEST(other_databases) {
  Store store;
  write_file(store.source() + "/x", "1");
  std::string database = store.location().database;
  write_file(database, "no database, but longer than a header of one, which "
                       "has one hundred bytes; so it is filled up with words");
  assert_error("not a database", [&] { store.add("x", store.source()); });
  unlink(database.c_str());
  store.add("x", store.source());
  Database(database, Database::Access::create)
      .execute("ALTER TABLE ValidPaths ADD COLUMN ultimate INTEGER");
  write_file(store.source() + "/x", "2");
  assert_error("Guix's tables", [&] { store.add("x", store.source()); });
  ck_assert_uint_eq(list_directory(store.root() + "/gnu/store").size(), 1);
}
END_TEST

START_TEST(unwritable_store) {
  Store store;
  write_file(store.source() + "/x", "1");
  store.add("x", store.source());
  write_file(store.source() + "/x", "2");
  for (const std::string &folder :
       {store.root() + "/gnu/store",
        parent_directory(store.location().database)}) {
    chmod(folder.c_str(), 0555);
    as_plain_user([&] {
      try {
        store.add("x", store.source());
      } catch (const Error &) {
        return;
      }
      throw Error("it was added");
    });
    chmod(folder.c_str(), 0755);
  }
  ck_assert_uint_eq(store.graph().items().size(), 1);
  store.check();
}
END_TEST

// A file system that is full, first for data, then for new files.
START_TEST(full_disk) {
  Store store;
  make_directories(store.root());
  pid_t child = start_process([&] {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0)
      return; // may not mount
    for (const char *limit : {"size=1m", "size=4m,nr_inodes=40"}) {
      require(mount("tmpfs", store.root().c_str(), "tmpfs", 0, limit) == 0,
              "cannot mount");
      write_file(store.source() + "/x", limit);
      std::string small = store.add("small", store.source());
      for (int i = 0; i < 100; ++i)
        write_file(store.source() + "/" + std::to_string(i),
                   std::string(30000, 'x'));
      std::string text = error_of([&] { store.add("x", store.source()); });
      assert_has(text, "No space left");
      require(list_directory(store.root() + "/gnu/store").size() == 1, "rest");
      require(store.graph().items().size() == 1, "registered");
      for (int i = 0; i < 100; ++i)
        unlink((store.source() + "/" + std::to_string(i)).c_str());
      require(store.add("small", store.source()) == small, "not usable");
      require(umount(store.root().c_str()) == 0, "cannot unmount");
    }
  });
  ck_assert_int_eq(wait_for(child), 0);
}
END_TEST

// Under the name that nix-store gives it, with the hash it gives it.
START_TEST(as_nix_does_it) {
  if (system("nix-store --version >/dev/null 2>&1") != 0)
    return;
  Store store;
  write_file(store.source() + "/dir/program", "#!/bin/sh\n");
  chmod((store.source() + "/dir/program").c_str(), 0700);
  fs::create_symlink("dir", store.source() + "/link");
  std::string nix = store.source() + "-nix";
  write_file(nix + "/conf/nix.conf", "build-users-group =\nsandbox = false\n");
  std::string environment =
      "env -u NIX_REMOTE HOME=" + nix + " NIX_STORE_DIR=" + nix +
      "/store NIX_STATE_DIR=" + nix + "/state NIX_LOG_DIR=" + nix +
      "/log NIX_CONF_DIR=" + nix + "/conf ";
  std::string path =
      output_of(environment + "nix-store --add " + store.source());
  path.pop_back();
  std::string hash = output_of(environment + "nix-store -q --hash " + path);
  std::string size = output_of(environment + "nix-store -q --size " + path);

  StoreLocation location = locate_store(store.root(), nix + "/store",
                                        store.root() + "/db/db.sqlite");
  Monitor monitor;
  assert_same(add_to_store(location, "source", store.source(), monitor), path);
  ReferenceGraph graph = read_store_database(location, monitor);
  const Item &item = graph.items()[0];
  assert_same(std::to_string(item.nar_size.value()) + "\n", size);
  hash.pop_back();
  assert_same(item.nar_hash.value().hex() + "\n",
              output_of("nix-hash --type sha256 --to-base16 " +
                        hash.substr(hash.find(':') + 1)));
  // Nix's own database, as Nix left it.
  ReferenceGraph theirs = read_store_database(
      {nix + "/store", "", nix + "/state/db/db.sqlite"}, monitor);
  ck_assert(theirs.items()[0].path == path);
  ck_assert(theirs.items()[0].nar_hash == item.nar_hash);
}
END_TEST

Suite *add_suite() {
  Suite *suite = suite_create("adding to a store");
  TCase *tests = tcase_create("adding");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, canonical_form);
  tcase_add_test(tests, files_and_links);
  tcase_add_test(tests, references);
  tcase_add_test(tests, twice);
  tcase_add_test(tests, leftover_is_replaced);
  tcase_add_test(tests, many_processes);
  tcase_add_loop_test(tests, first_adds, 0, 10);
  tcase_add_test(tests, registration_fails);
  tcase_add_loop_test(tests, killed_at_any_time, 0, 2);
  tcase_add_test(tests, cancelled);
  tcase_add_test(tests, bad_arguments);
  tcase_add_test(tests, other_databases);
  tcase_add_test(tests, unwritable_store);
  tcase_add_test(tests, full_disk);
  tcase_add_test(tests, as_nix_does_it);
  suite_add_tcase(suite, tests);
  return suite;
}

} // namespace

int main() { return run_tests({add_suite()}); }
