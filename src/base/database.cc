// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/database.hh"

#include "base/text.hh"

#include <sqlite3.h>

namespace strata {

namespace {

// PATH as the path of an URI (sqlite.org/uri.html): all but unreserved
// characters and slashes are percent-encoded.
std::string uri_of(const std::string &path) {
  std::string result = "file:";
  for (unsigned char c : path) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 (c >= '0' && c <= '9') || c == '/' || c == '-' || c == '.' ||
                 c == '_' || c == '~';
    result +=
        plain ? std::string(1, static_cast<char>(c)) : format("%%%02X", c);
  }
  return result;
}

} // namespace

void Database::Close::operator()(sqlite3 *handle) const {
  sqlite3_close_v2(handle);
}

void Statement::Finalize::operator()(sqlite3_stmt *handle) const {
  sqlite3_finalize(handle);
}

Database::Database(const std::string &path, Access access) : path_(path) {
  std::string uri = uri_of(path);
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (access) {
  case Access::read_only:
    uri += "?mode=ro";
    flags |= SQLITE_OPEN_READONLY;
    break;
  case Access::immutable:
    uri += "?immutable=1";
    flags |= SQLITE_OPEN_READONLY;
    break;
  case Access::create:
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    break;
  case Access::memory:
    uri = ":memory:";
    flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    break;
  }
  sqlite3 *handle = nullptr;
  int result = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (result != SQLITE_OK)
    fail();
}

void Database::fail() const {
  int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  throw DatabaseError(
      format(_("cannot use the database '%s'"), printable(path_).c_str()),
      handle_ ? sqlite3_errmsg(handle_.get()) : sqlite3_errstr(code), code);
}

void Database::execute(const std::string &sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) !=
      SQLITE_OK)
    fail();
}

void Database::set_timeout(int milliseconds) {
  sqlite3_busy_timeout(handle_.get(), milliseconds);
}

std::string Database::serialize() const {
  sqlite3_int64 size = 0;
  std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(
      sqlite3_serialize(handle_.get(), "main", &size, 0), &sqlite3_free);
  if (!bytes)
    throw std::bad_alloc();
  return {reinterpret_cast<const char *>(bytes.get()),
          static_cast<std::size_t>(size)};
}

Statement::Statement(const Database &database, std::string_view sql)
    : database_(database) {
  sqlite3_stmt *handle = nullptr;
  int result =
      sqlite3_prepare_v2(database.handle_.get(), sql.data(),
                         static_cast<int>(sql.size()), &handle, nullptr);
  handle_.reset(handle);
  check(result);
}

void Statement::check(int result) const {
  if (result != SQLITE_OK)
    database_.fail();
}

Statement &Statement::bind(int parameter, std::int64_t value) {
  check(sqlite3_bind_int64(handle_.get(), parameter + 1, value));
  return *this;
}

Statement &Statement::bind(int parameter, std::string_view value) {
  check(sqlite3_bind_text64(handle_.get(), parameter + 1, value.data(),
                            value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement &Statement::bind_null(int parameter) {
  check(sqlite3_bind_null(handle_.get(), parameter + 1));
  return *this;
}

bool Statement::step() {
  int result = sqlite3_step(handle_.get());
  if (result != SQLITE_ROW && result != SQLITE_DONE)
    database_.fail();
  return result == SQLITE_ROW;
}

void Statement::run() {
  step();
  reset();
}

void Statement::reset() { sqlite3_reset(handle_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  auto *text = sqlite3_column_text(handle_.get(), column);
  if (text == nullptr)
    return {};
  return {
      reinterpret_cast<const char *>(text),
      static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

Transaction::Transaction(Database &database) : database_(&database) {
  database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  try {
    if (database_ != nullptr)
      database_->execute("ROLLBACK");
  } catch (const std::exception &) {
    // SQLite has rolled back by itself, or does so when it closes.
  }
}

void Transaction::commit() {
  database_->execute("COMMIT");
  database_ = nullptr;
}

} // namespace strata
