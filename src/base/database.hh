// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: SQLite with RAII.
// Errors: a DatabaseError names the database, the attempt and SQLite's reason.
// Threads: a Database and its Statements belong to one thread at a time.

#ifndef STRATA_BASE_DATABASE_HH
#define STRATA_BASE_DATABASE_HH

#include "base/error.hh"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace strata {

/// An Error with SQLite's extended result code (sqlite.org/rescode.html).
class DatabaseError : public Error {
public:
  DatabaseError(std::string attempt, std::string cause, int code)
      : Error(std::move(attempt), std::move(cause)), code_(code) {}
  int code() const { return code_; }

private:
  int code_;
};

class Database {
public:
  enum class Access {
    read_only, // an existing file; SQLite may use -wal and -shm beside it
    immutable, // an existing file; nothing beside it is looked at
    create,    // read and write, made where it does not exist
    memory     // a new one in memory; PATH is for messages only
  };

  /// Opens the database in the file PATH.
  Database(const std::string &path, Access access);

  /// Runs statements that give no rows.
  void execute(const std::string &sql);

  /// How long to wait for locks, in milliseconds.
  void set_timeout(int milliseconds);

  /// The bytes that the database would have as a file.
  std::string serialize() const;

  const std::string &path() const { return path_; }

private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3 *handle) const;
  };
  [[noreturn]] void fail() const;

  std::string path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement.  Columns and parameters count from 0.
class Statement {
public:
  Statement(const Database &database, std::string_view sql);

  Statement &bind(int parameter, std::int64_t value);
  Statement &bind(int parameter, std::string_view value);
  Statement &bind_null(int parameter);

  /// Goes to the next row; false where there is none.
  bool step();

  /// For a statement without rows: runs it and makes it ready to be bound
  /// again.
  void run();
  void reset();

  std::int64_t integer(int column) const;
  /// Valid until the next step() or reset().
  std::string_view text(int column) const;
  bool is_null(int column) const;

private:
  struct Finalize {
    void operator()(sqlite3_stmt *handle) const;
  };
  void check(int result) const;

  const Database &database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

/// BEGIN IMMEDIATE now; ROLLBACK at the end of its life unless commit() came
/// first.
class Transaction {
public:
  explicit Transaction(Database &database);
  Transaction(const Transaction &) = delete;
  Transaction &operator=(const Transaction &) = delete;
  ~Transaction();
  void commit();

private:
  Database *database_;
};

} // namespace strata

#endif
