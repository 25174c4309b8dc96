// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/database.hh"
#include "store/live_database.hh"
#include "store/store_database.hh"
#include "store/store_schema.hh"
#include "store/store_writer.hh"
#include "support/check-main.hh"
#include "support/fixtures.hh"
#include "support/store-fixture.hh"

#include <filesystem>

using namespace strata;

namespace {

const std::string hash_text = "sha256:" + std::string(64, '0');

std::string sql_item(unsigned number, const std::string &hash = hash_text,
                     const std::string &size = "100") {
  return "INSERT INTO ValidPaths (id, path, hash, registrationTime, narSize) "
         "VALUES (" +
         std::to_string(number) + ", '" + made_up_item(number, "x") + "', '" +
         hash + "', 1, " + size + ");";
}

std::string sql_reference(unsigned from, unsigned to) {
  return "INSERT INTO Refs VALUES (" + std::to_string(from) + ", " +
         std::to_string(to) + ");";
}

// A folder with a database in it, which other users may read.
class Store {
public:
  Store() {
    chmod(folder_.path().c_str(), 0755);
    make_directories(database_folder());
  }
  std::string database_folder() const { return folder_.path() + "/db"; }
  StoreLocation location() const {
    return {"/gnu/store", folder_.path(), database_folder() + "/db.sqlite"};
  }
  const std::string file() const { return location().database; }

  void make(const std::string &journal_mode, const std::string &sql) const {
    Database database(file(), Database::Access::create);
    database.execute("PRAGMA journal_mode = " + journal_mode);
    create_store_schema(database);
    database.execute(sql);
  }

private:
  TemporaryDirectory folder_;
};

ReferenceGraph read(const Store &store) {
  Monitor monitor;
  return read_store_database(store.location(), monitor);
}

// Names, sizes, times and bytes of all files in a folder, -shm aside: that is
// memory which those who use the database share, and -shm must just exist.
std::string state_of(const std::string &folder) {
  std::string result;
  for (const std::string &name : list_directory(folder)) {
    std::string path = folder + "/" + name;
    struct stat status;
    ck_assert_int_eq(lstat(path.c_str(), &status), 0);
    result += name + " " + std::to_string(status.st_size);
    if (!name.ends_with("-shm"))
      result += " " + std::to_string(status.st_mtim.tv_sec) + "." +
                std::to_string(status.st_mtim.tv_nsec) + " " +
                sha256(as_bytes(content_of(path))).hex();
    result += "\n";
  }
  return result;
}

// STORE has COUNT items for root and for others, and is as it was before.
void assert_items(const Store &store, std::size_t count) {
  std::string before = state_of(store.database_folder());
  ck_assert_uint_eq(read(store).items().size(), count);
  as_plain_user([&] {
    require(read(store).items().size() == count, "not as many for all users");
  });
  assert_same(state_of(store.database_folder()), before);
}

// Another process that has the database open: it runs ACTION, and ends when
// this object does.
class OtherProcess {
public:
  OtherProcess(const Store &store,
               const std::function<void(Database &)> &action) {
    std::array<int, 2> ready, end;
    ck_assert_int_eq(pipe(ready.data()), 0);
    ck_assert_int_eq(pipe(end.data()), 0);
    child_ = start_process([&] {
      close(end[1]);
      Database database(store.file(), Database::Access::create);
      database.set_timeout(10000);
      action(database);
      char byte = 0;
      require(write(ready[1], &byte, 1) == 1, "no reader");
      require(::read(end[0], &byte, 1) == 0, "no end");
    });
    close(ready[1]);
    close(end[0]);
    end_ = FileDescriptor(end[1]);
    char byte;
    ck_assert_int_eq(::read(ready[0], &byte, 1), 1);
    close(ready[0]);
  }
  OtherProcess(const OtherProcess &) = delete;
  OtherProcess &operator=(const OtherProcess &) = delete;
  ~OtherProcess() {
    if (kill_)
      kill(child_, SIGKILL);
    end_ = FileDescriptor();
    waitpid(child_, nullptr, 0);
  }
  void kill_at_end() { kill_ = true; }

private:
  pid_t child_;
  FileDescriptor end_;
  bool kill_ = false;
};

START_TEST(items_and_references) {
  Store store;
  store.make("DELETE",
             sql_item(7) + sql_item(3, hash_text, "NULL") +
                 sql_item(5, hash_text, "0") + sql_reference(7, 3) +
                 sql_reference(7, 7) + sql_reference(5, 3) +
                 "UPDATE ValidPaths SET deriver = '" +
                 made_up_item(9, "x.drv") + "' WHERE id = 7;" +
                 "UPDATE ValidPaths SET deriver = 'junk' WHERE id = 3;");
  ReferenceGraph graph = read(store);
  ck_assert_uint_eq(graph.items().size(), 3);
  const Item &three = graph.items()[0], &five = graph.items()[1],
             &seven = graph.items()[2];
  ck_assert(three.path == made_up_item(3, "x"));
  ck_assert(!three.nar_size && three.deriver.empty());
  ck_assert(three.references.empty() && !five.nar_size);
  ck_assert(five.references == (std::vector<ItemIndex>{0}));
  ck_assert(seven.references == (std::vector<ItemIndex>{0, 2}));
  ck_assert(seven.nar_size == 100U && seven.nar_hash == Digest{});
  ck_assert(seven.deriver == made_up_item(9, "x.drv"));
}
END_TEST

START_TEST(registered_items_are_read_back) {
  Store store;
  store.make("WAL", "");
  {
    Database database(store.file(), Database::Access::create);
    Transaction transaction(database);
    std::vector<Registration> items{
        {made_up_item(1, "a"), sha256(as_bytes("a")), 11, 1, {}},
        {made_up_item(2, "b"),
         sha256(as_bytes("b")),
         22,
         1,
         {made_up_item(1, "a"), made_up_item(2, "b")}}};
    register_items(database, items);
    transaction.commit();
    ck_assert(is_registered(database, items[1].path));
    ck_assert(!is_registered(database, made_up_item(3, "c")));
    items = {{made_up_item(3, "c"), {}, 1, 1, {made_up_item(4, "d")}}};
    assert_error(made_up_item(4, "d"), [&] {
      Transaction failing(database);
      register_items(database, items);
    });
  }
  ReferenceGraph graph = read(store);
  ck_assert_uint_eq(graph.items().size(), 2);
  ck_assert(graph.items()[1].nar_hash == sha256(as_bytes("b")));
  ck_assert(graph.items()[1].references == (std::vector<ItemIndex>{0, 1}));

  // As Guix's daemon deletes items.
  Database database(store.file(), Database::Access::create);
  database.execute("PRAGMA foreign_keys = ON");
  assert_error("constraint", [&] {
    database.execute("DELETE FROM ValidPaths WHERE id = 1");
  });
  database.execute("DELETE FROM ValidPaths WHERE id = 2");
  ck_assert(!Statement(database, "SELECT 1 FROM Refs").step());
}
END_TEST

START_TEST(idle_database) {
  for (const char *mode : {"DELETE", "WAL", "PERSIST"}) {
    Store store;
    store.make(mode, sql_item(1) + sql_item(2));
    assert_items(store, 2);
  }
}
END_TEST

START_TEST(idle_database_with_empty_wal) {
  Store store;
  store.make("WAL", sql_item(1) + sql_item(2));
  write_file(store.file() + "-wal", "");
  assert_items(store, 2);
}
END_TEST

START_TEST(open_database) {
  Store store;
  store.make("WAL", sql_item(1));
  OtherProcess daemon(store, [](Database &database) {
    database.execute("PRAGMA wal_autocheckpoint = 0");
    database.execute(sql_item(2) + sql_item(3));
  });
  assert_items(store, 3);
}
END_TEST

START_TEST(open_database_in_the_middle_of_a_transaction) {
  for (const char *mode : {"WAL", "DELETE"}) {
    Store store;
    store.make(mode, sql_item(1));
    OtherProcess daemon(store, [](Database &database) {
      database.execute("BEGIN IMMEDIATE");
      database.execute(sql_item(2) + sql_item(3));
    });
    assert_items(store, 1);
  }
}
END_TEST

// The rollback journal has what the database had before.
START_TEST(locked_database) {
  Store store;
  store.make("DELETE", sql_item(1));
  OtherProcess daemon(store, [](Database &database) {
    database.execute("PRAGMA cache_size = 1");
    database.execute("BEGIN EXCLUSIVE");
    for (unsigned i = 2; i < 200; ++i)
      database.execute(sql_item(i));
  });
  ck_assert_uint_eq(read(store).items().size(), 1);
}
END_TEST

START_TEST(killed_writer) {
  for (const char *mode : {"WAL", "DELETE"}) {
    Store store;
    store.make(mode, sql_item(1));
    {
      OtherProcess daemon(store, [&](Database &database) {
        database.execute("PRAGMA cache_size = 1; "
                         "PRAGMA wal_autocheckpoint = 0");
        database.execute(sql_item(2));
        database.execute("BEGIN IMMEDIATE");
        for (unsigned i = 3; i < 200; ++i)
          database.execute(sql_item(i));
      });
      daemon.kill_at_end();
    }
    ck_assert(
        file_exists(store.file() + (mode[0] == 'W' ? "-wal" : "-journal")));
    assert_items(store, 2);
  }
}
END_TEST

// As a copy of a live store has it: a log without the shared memory.
START_TEST(wal_without_shm) {
  Store store, copy;
  store.make("WAL", sql_item(1));
  OtherProcess daemon(store, [](Database &database) {
    database.execute("PRAGMA wal_autocheckpoint = 0");
    database.execute(sql_item(2) + sql_item(3));
  });
  for (const char *suffix : {"", "-wal"})
    std::filesystem::copy_file(store.file() + suffix, copy.file() + suffix);
  assert_items(copy, 3);
}
END_TEST

// Every transaction adds an item and its reference to the one before, so that
// a view of half a transaction is an error.
START_TEST(busy_database) {
  Store store;
  store.make("WAL", sql_item(1));
  pid_t writer = start_process([&] {
    for (unsigned i = 2;; ++i) {
      // Opened again and again, as by short-lived clients: -wal and -shm come
      // and go.
      Database database(store.file(), Database::Access::create);
      database.set_timeout(10000);
      for (unsigned end = i + _i; i < end; ++i)
        database.execute("BEGIN IMMEDIATE;" + sql_item(i) +
                         sql_reference(i, i - 1) + "COMMIT");
      database.execute("BEGIN IMMEDIATE;" + sql_item(i) +
                       sql_reference(i, i - 1) + "COMMIT");
    }
  });
  auto watch = [&] {
    std::size_t last = 0;
    for (int i = 0; i < 25; ++i) {
      ReferenceGraph graph = read(store);
      require(graph.items().size() >= last, "an older state came later");
      last = graph.items().size();
      for (std::size_t item = 1; item < last; ++item)
        require(graph.items()[item].references.size() == 1, "no reference");
      usleep(3000);
    }
    require(last > 1, "the writer does not write");
  };
  watch();
  as_plain_user(watch);
  kill(writer, SIGKILL);
  wait_for(writer);
}
END_TEST

// A daemon that starts, writes and ends while an idle database is read.
START_TEST(changed_while_read) {
  Store store;
  store.make("WAL", sql_item(1));
  Monitor monitor;
  int calls = 0;
  std::int64_t items = 0;
  read_live_database(store.file(), monitor, [&](Database &database) {
    Statement row(database, "SELECT count(*) FROM ValidPaths");
    row.step();
    items = row.integer(0);
    if (++calls == 1)
      ck_assert_int_eq(wait_for(start_process([&] {
                         Database(store.file(), Database::Access::create)
                             .execute(sql_item(2));
                       })),
                       0);
  });
  ck_assert_int_eq(calls, 2);
  ck_assert_int_eq(items, 2);
}
END_TEST

// A read that goes wrong for such a change is tried again.
START_TEST(failed_and_changed_while_read) {
  Store store;
  store.make("WAL", sql_item(1));
  Monitor monitor;
  int calls = 0;
  read_live_database(store.file(), monitor, [&](Database &) {
    if (++calls > 1)
      return;
    Database(store.file(), Database::Access::create).execute(sql_item(2));
    throw Error("half of a change was seen");
  });
  ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(odd_names_of_the_file) {
  Store store;
  store.make("WAL", sql_item(1));
  std::string odd = store.database_folder() + "/a?b#c%41 é";
  std::filesystem::rename(store.file(), odd);
  Monitor monitor;
  StoreLocation location{"/gnu/store", "", odd};
  ck_assert_uint_eq(read_store_database(location, monitor).items().size(), 1);

  // Through a symlink SQLite's other files are beside the database.
  std::filesystem::create_symlink(odd, store.file());
  assert_items(store, 1);
}
END_TEST

START_TEST(cancelled) {
  Store store;
  store.make("WAL", sql_item(1));
  Monitor monitor;
  monitor.cancel();
  bool stopped = false;
  try {
    read_store_database(store.location(), monitor);
  } catch (const Cancelled &) {
    stopped = true;
  }
  ck_assert(stopped);
}
END_TEST

struct BadDatabase {
  const char *name, *sql, *part;
};

const std::array bad_databases{
    BadDatabase{"no Refs", "DROP TABLE Refs", "no table 'Refs'"},
    BadDatabase{"no ValidPaths", "DROP TABLE ValidPaths",
                "no table 'ValidPaths'"},
    BadDatabase{"a view",
                "DROP TABLE Refs; CREATE VIEW Refs AS "
                "SELECT 1 AS referrer, 1 AS reference",
                "no table 'Refs'"},
    BadDatabase{"no column", "ALTER TABLE ValidPaths DROP COLUMN narSize",
                "narSize"},
    BadDatabase{"another column", "ALTER TABLE Refs RENAME referrer TO r",
                "referrer"},
    BadDatabase{"other store",
                "UPDATE ValidPaths SET path = replace(path, 'gnu', 'nix')",
                "/nix/store/"},
    BadDatabase{"path below an item",
                "UPDATE ValidPaths SET path = path || '/bin'", "/bin"},
    BadDatabase{"path with control characters",
                "UPDATE ValidPaths SET path = path || char(27)", "\\033"},
    BadDatabase{"empty path", "UPDATE ValidPaths SET path = '' WHERE id = 1",
                "no item"},
    BadDatabase{"binary path",
                "UPDATE ValidPaths SET path = x'00' WHERE id = 1", "\\000"},
    BadDatabase{"empty hash", "UPDATE ValidPaths SET hash = '' WHERE id = 1",
                "hash"},
    BadDatabase{"short hash",
                "UPDATE ValidPaths SET hash = 'sha256:00' WHERE id = 1",
                "hash"},
    BadDatabase{"negative size",
                "UPDATE ValidPaths SET narSize = -1 WHERE id = 1", "size"},
    BadDatabase{"absurd size",
                "UPDATE ValidPaths SET narSize = 1 << 62 WHERE id = 1", "size"},
    BadDatabase{"size in words",
                "UPDATE ValidPaths SET narSize = 'big' WHERE id = 1", "size"},
    BadDatabase{"broken size",
                "UPDATE ValidPaths SET narSize = 1e300 WHERE id = 1", "size"},
    BadDatabase{"reference to nothing", "INSERT INTO Refs VALUES (1, 77)",
                "77"},
    BadDatabase{"reference from nothing", "INSERT INTO Refs VALUES (78, 1)",
                "78"},
    BadDatabase{"item twice",
                "ALTER TABLE ValidPaths RENAME TO Old;"
                "CREATE TABLE ValidPaths AS SELECT * FROM Old;"
                "UPDATE ValidPaths SET path = (SELECT path FROM Old)",
                "twice"},
    BadDatabase{"number twice",
                "ALTER TABLE ValidPaths RENAME TO Old;"
                "CREATE TABLE ValidPaths AS SELECT * FROM Old;"
                "UPDATE ValidPaths SET id = 1",
                "number of another"},
};

START_TEST(bad_contents) {
  const BadDatabase &bad = bad_databases[static_cast<std::size_t>(_i)];
  Store store;
  store.make("DELETE", sql_item(1) + sql_item(2) + sql_reference(2, 1));
  read(store);
  Database(store.file(), Database::Access::create).execute(bad.sql);
  std::string text = error_of([&] { read(store); });
  ck_assert_msg(text.find(bad.part) != std::string::npos, "%s: %s", bad.name,
                text.c_str());
  assert_has(text, store.file());
}
END_TEST

START_TEST(bad_files) {
  Store store;
  assert_error("No such file", [&] { read(store); });
  write_file(store.file(), "");
  assert_error("no table", [&] { read(store); });
  write_file(store.file(), std::string(8192, 'x'));
  assert_error("not a database", [&] { read(store); });
  unlink(store.file().c_str());
  ck_assert_int_eq(mkfifo(store.file().c_str(), 0600), 0);
  assert_error("not a regular file", [&] { read(store); });
  unlink(store.file().c_str());
  make_directories(store.file());
  assert_error("not a regular file", [&] { read(store); });
}
END_TEST

START_TEST(damaged_pages) {
  Store store;
  std::string sql = "BEGIN;";
  for (unsigned i = 1; i < 2000; ++i)
    sql += sql_item(i) + sql_reference(i, i);
  store.make("DELETE", sql + "COMMIT");
  std::string whole = content_of(store.file());
  std::string damaged = whole;
  for (std::size_t i = 40 * 4096; i + 4096 < damaged.size(); i += 7)
    damaged[i] = 'x';
  write_file(store.file(), damaged);
  assert_error(store.file(), [&] { read(store); });
  write_file(store.file(), whole.substr(0, whole.size() / 2));
  assert_error("malformed", [&] { read(store); });
}
END_TEST

START_TEST(unreadable_file) {
  Store store;
  store.make("DELETE", sql_item(1));
  chmod(store.file().c_str(), 0);
  as_plain_user([&] {
    try {
      read(store);
    } catch (const Error &error) {
      require(std::string(error.what()).find("Permission denied") !=
                  std::string::npos,
              error.what());
      return;
    }
    throw Error("it was read");
  });
}
END_TEST

Suite *database_suite() {
  Suite *suite = suite_create("store database");
  TCase *tests = tcase_create("reading");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, items_and_references);
  tcase_add_test(tests, registered_items_are_read_back);
  tcase_add_test(tests, odd_names_of_the_file);
  tcase_add_test(tests, cancelled);
  suite_add_tcase(suite, tests);

  TCase *live = tcase_create("live stores");
  tcase_set_timeout(live, 120);
  tcase_add_test(live, idle_database);
  tcase_add_test(live, idle_database_with_empty_wal);
  tcase_add_test(live, open_database);
  tcase_add_test(live, open_database_in_the_middle_of_a_transaction);
  tcase_add_test(live, locked_database);
  tcase_add_test(live, killed_writer);
  tcase_add_test(live, wal_without_shm);
  tcase_add_test(live, changed_while_read);
  tcase_add_test(live, failed_and_changed_while_read);
  tcase_add_loop_test(live, busy_database, 0, 2);
  suite_add_tcase(suite, live);

  TCase *bad = tcase_create("bad databases");
  tcase_set_timeout(bad, 120);
  tcase_add_loop_test(bad, bad_contents, 0,
                      static_cast<int>(bad_databases.size()));
  tcase_add_test(bad, bad_files);
  tcase_add_test(bad, damaged_pages);
  tcase_add_test(bad, unreadable_file);
  suite_add_tcase(suite, bad);
  return suite;
}

} // namespace

int main() { return run_tests({database_suite()}); }
