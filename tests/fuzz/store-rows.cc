// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of store databases with the rows of its tables.
// Format: lines of fields between tabs, the columns of ValidPaths, or two
// fields, those of Refs.  A whole number is stored as one, nothing as null.

#include "base/database.hh"
#include "base/new_file.hh"
#include "fuzz.hh"
#include "graph-check.hh"
#include "store/store_database.hh"

#include <fcntl.h>
#include <sys/stat.h>

#include <charconv>

using namespace strata;

namespace {

constexpr std::size_t columns = 5; // of ValidPaths, as they are read
constexpr std::size_t most_rows = 1000;

std::vector<std::string_view> split(std::string_view text, char mark) {
  std::vector<std::string_view> fields;
  for (;;) {
    std::size_t end = text.find(mark);
    fields.push_back(text.substr(0, end));
    if (end == std::string_view::npos)
      return fields;
    text.remove_prefix(end + 1);
  }
}

void bind(Statement &statement, int parameter, std::string_view field) {
  std::int64_t number = 0;
  auto [end, error] =
      std::from_chars(field.data(), field.data() + field.size(), number);
  if (field.empty())
    statement.bind_null(parameter);
  else if (error == std::errc() && end == field.data() + field.size())
    statement.bind(parameter, number);
  else
    statement.bind(parameter, field);
}

// The folder of the database, and the database, whose columns take all values.
class Store {
public:
  Store()
      : location_{"/gnu/store", "", folder_.path() + "/db.sqlite"},
        database_(location_.database, Database::Access::create) {
    database_.execute(
        "PRAGMA journal_mode = off; PRAGMA synchronous = off;"
        "CREATE TABLE ValidPaths (id, path, hash, deriver, narSize);"
        "CREATE TABLE Refs (referrer, reference)");
  }

  void set_rows(std::string_view text) {
    Transaction transaction(database_);
    database_.execute("DELETE FROM ValidPaths; DELETE FROM Refs");
    std::size_t count = 0;
    for (std::string_view line : split(text, '\n'))
      if (count++ < most_rows)
        add(split(line, '\t'));
    transaction.commit();
  }

  // The reader would wait until it can tell the next change from this one.
  ReferenceGraph read() const {
    Monitor monitor;
    const timespec past[2] = {{1, 0}, {1, 0}};
    utimensat(AT_FDCWD, location_.database.c_str(), past, 0);
    return read_store_database(location_, monitor);
  }

private:
  void add(const std::vector<std::string_view> &fields) {
    bool is_reference = fields.size() < columns;
    Statement row(database_,
                  is_reference
                      ? "INSERT INTO Refs VALUES (?, ?)"
                      : "INSERT INTO ValidPaths VALUES (?, ?, ?, ?, ?)");
    std::size_t count = is_reference ? 2 : columns;
    for (std::size_t i = 0; i < std::min(count, fields.size()); ++i)
      bind(row, static_cast<int>(i), fields[i]);
    row.run();
  }

  TemporaryDirectory folder_;
  StoreLocation location_;
  Database database_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  static Store store;
  fuzz::run([&] {
    store.set_rows(fuzz::input(data, size));
    fuzz::check_graph(store.read());
  });
  return 0;
}
