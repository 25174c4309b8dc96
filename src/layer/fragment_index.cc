// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/fragment_index.hh"

#include "base/text.hh"

#include <unistd.h>

#include <chrono>
#include <thread>

namespace strata {

namespace {

constexpr std::int64_t version = 1;
constexpr int wait_for_locks = 10'000; // milliseconds

const char schema[] = R"(
CREATE TABLE IF NOT EXISTS Fragments (
  key TEXT PRIMARY KEY NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,
  plain TEXT NOT NULL, seal TEXT NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS FragmentDigests ON Fragments (digest);
CREATE TABLE IF NOT EXISTS Layers (
  key TEXT PRIMARY KEY NOT NULL, diff_id TEXT NOT NULL, digest TEXT NOT NULL,
  size INTEGER NOT NULL, seal TEXT NOT NULL, added INTEGER NOT NULL);
PRAGMA user_version = 1;
)";

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// TYPE keeps a row of one table from being taken for one of the other.
std::string seal_of(const char *type, const Digest &key, const Digest &one,
                    const Digest &other, std::uint64_t size) {
  std::string text = std::string(type) + key.hex() + one.hex() + other.hex() +
                     std::to_string(size);
  return sha256(as_bytes(text)).hex();
}

std::int64_t user_version(const Database &database) {
  Statement statement(database, "PRAGMA user_version");
  statement.step();
  return statement.integer(0);
}

// The digests and the size that a row tells: two digests, size, seal.
struct Row {
  Digest one, other;
  std::uint64_t size;
};

std::optional<Row> read_row(const Statement &statement, const char *type,
                            const Digest &key) {
  auto one = Digest::from_hex(statement.text(0));
  auto other = Digest::from_hex(statement.text(1));
  std::int64_t size = statement.integer(2);
  if (!one || !other || size < 0)
    return {};
  Row row{*one, *other, static_cast<std::uint64_t>(size)};
  if (statement.text(3) != seal_of(type, key, row.one, row.other, row.size))
    return {};
  return row;
}

std::uint64_t remove_damaged(Database &database, const char *type,
                             const std::string &table,
                             const std::string &digests) {
  std::vector<std::int64_t> damaged;
  Statement rows(database, "SELECT " + digests +
                               ", size, seal, key, rowid FROM " + table);
  while (rows.step()) {
    auto key = Digest::from_hex(rows.text(4));
    if (!key || !read_row(rows, type, *key))
      damaged.push_back(rows.integer(5));
  }
  Statement removal(database, "DELETE FROM " + table + " WHERE rowid=?");
  for (std::int64_t row : damaged)
    removal.bind(0, row).run();
  return damaged.size();
}

// Two that do this at once may fail at once, without waiting for each other:
// "database is locked" (sqlite.org/rescode.html#busy).
void set_up(Database &database) {
  using Clock = std::chrono::steady_clock;
  constexpr int busy = 5;
  auto end = Clock::now() + std::chrono::milliseconds(wait_for_locks);
  for (;;)
    try {
      database.execute("PRAGMA journal_mode = WAL");
      Transaction transaction(database);
      database.execute(schema);
      transaction.commit();
      return;
    } catch (const DatabaseError &error) {
      if ((error.code() & 0xff) != busy || Clock::now() > end)
        throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

} // namespace

bool is_index_damage(const DatabaseError &error) {
  // sqlite.org/rescode.html.  Our statements have no error but that a table is
  // not what it was.
  constexpr int generic = 1, corrupt = 11, not_a_database = 26;
  int code = error.code() & 0xff;
  return code == generic || code == corrupt || code == not_a_database;
}

void remove_index(const std::string &path) {
  for (const char *suffix : {"", "-wal", "-shm"})
    unlink((path + suffix).c_str());
}

FragmentIndex::FragmentIndex(const std::string &path)
    : database_(path, Database::Access::create) {
  database_.set_timeout(wait_for_locks);
  // A crash of the machine loses the last rows at most.
  database_.execute("PRAGMA synchronous = NORMAL");
  std::int64_t found = user_version(database_);
  if (found > version)
    throw Error(
        format(_("cannot use the database '%s'"), printable(path).c_str()),
        _("a newer version of Strata made it"));
  if (found == version)
    return;
  set_up(database_);
}

std::optional<CachedFragment> FragmentIndex::find_fragment(const Digest &key) {
  Statement statement(
      database_, "SELECT digest, plain, size, seal FROM Fragments WHERE key=?");
  statement.bind(0, key.hex());
  if (!statement.step())
    return {};
  auto row = read_row(statement, "fragment", key);
  if (!row)
    return {};
  return CachedFragment{row->one, row->size, row->other};
}

std::optional<CachedLayer> FragmentIndex::find_layer(const Digest &key) {
  Statement statement(
      database_, "SELECT diff_id, digest, size, seal FROM Layers WHERE key=?");
  statement.bind(0, key.hex());
  if (!statement.step())
    return {};
  auto row = read_row(statement, "layer", key);
  if (!row)
    return {};
  return CachedLayer{row->one, row->other, row->size};
}

void FragmentIndex::add(const Digest &key, const CachedFragment &fragment) {
  Statement(database_, "INSERT OR REPLACE INTO Fragments "
                       "(key, digest, size, plain, seal, used) "
                       "VALUES (?, ?, ?, ?, ?, ?)")
      .bind(0, key.hex())
      .bind(1, fragment.digest.hex())
      .bind(2, static_cast<std::int64_t>(fragment.size))
      .bind(3, fragment.plain.hex())
      .bind(4, seal_of("fragment", key, fragment.digest, fragment.plain,
                       fragment.size))
      .bind(5, now())
      .run();
}

void FragmentIndex::add(const Digest &key, const CachedLayer &layer) {
  Statement(database_, "INSERT OR REPLACE INTO Layers "
                       "(key, diff_id, digest, size, seal, added) "
                       "VALUES (?, ?, ?, ?, ?, ?)")
      .bind(0, key.hex())
      .bind(1, layer.diff_id.hex())
      .bind(2, layer.digest.hex())
      .bind(3, static_cast<std::int64_t>(layer.size))
      .bind(4, seal_of("layer", key, layer.diff_id, layer.digest, layer.size))
      .bind(5, now())
      .run();
}

void FragmentIndex::touch(const std::vector<Digest> &keys) {
  if (keys.empty())
    return;
  Transaction transaction(database_);
  Statement statement(database_, "UPDATE Fragments SET used=? WHERE key=?");
  for (const Digest &key : keys)
    statement.bind(0, now()).bind(1, key.hex()).run();
  transaction.commit();
}

std::uint64_t FragmentIndex::remove(const std::vector<Digest> &digests) {
  if (digests.empty())
    return 0;
  Transaction transaction(database_);
  Statement statement(database_, "DELETE FROM Fragments WHERE digest=?");
  Statement changes(database_, "SELECT changes()");
  std::uint64_t count = 0;
  for (const Digest &digest : digests) {
    statement.bind(0, digest.hex()).run();
    changes.step();
    count += static_cast<std::uint64_t>(changes.integer(0));
    changes.reset();
  }
  transaction.commit();
  return count;
}

std::uint64_t FragmentIndex::remove_damaged_rows() {
  Transaction transaction(database_);
  std::uint64_t count =
      remove_damaged(database_, "fragment", "Fragments", "digest, plain") +
      remove_damaged(database_, "layer", "Layers", "diff_id, digest");
  transaction.commit();
  return count;
}

std::vector<CachedFragment> FragmentIndex::fragments() {
  Statement statement(database_, "SELECT digest, size, plain FROM Fragments "
                                 "GROUP BY digest ORDER BY max(used), digest");
  std::vector<CachedFragment> result;
  while (statement.step()) {
    auto digest = Digest::from_hex(statement.text(0));
    auto plain = Digest::from_hex(statement.text(2));
    if (digest && plain)
      result.push_back(
          {*digest, static_cast<std::uint64_t>(statement.integer(1)), *plain});
  }
  return result;
}

std::uint64_t FragmentIndex::layer_count() {
  Statement statement(database_, "SELECT count(*) FROM Layers");
  statement.step();
  return static_cast<std::uint64_t>(statement.integer(0));
}

std::uint64_t FragmentIndex::total_size() {
  Statement statement(database_, "SELECT coalesce(sum(size), 0) FROM "
                                 "(SELECT max(size) AS size FROM Fragments "
                                 "GROUP BY digest)");
  statement.step();
  return static_cast<std::uint64_t>(statement.integer(0));
}

void FragmentIndex::keep_layers(std::uint64_t count) {
  Statement(database_, "DELETE FROM Layers WHERE key NOT IN (SELECT key FROM "
                       "Layers ORDER BY added DESC, key LIMIT ?)")
      .bind(0, static_cast<std::int64_t>(count))
      .run();
}

} // namespace strata
