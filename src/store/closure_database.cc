// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/closure_database.hh"

#include "base/database.hh"
#include "store/store_schema.hh"

#include <algorithm>
#include <cstdint>

namespace strata {

namespace {

constexpr std::size_t page_size = 4096;
constexpr std::size_t file_header_size = 100; // on the first page

// Places in the file header.
constexpr std::size_t change_counter = 24;
constexpr std::size_t valid_for_counter = 92;
constexpr std::size_t sqlite_version = 96;

std::size_t two_bytes(const std::string &file, std::size_t place) {
  return static_cast<std::uint8_t>(file[place]) << 8 |
         static_cast<std::uint8_t>(file[place + 1]);
}

void put_number(std::string &file, std::size_t place, char value) {
  file.replace(place, 4, {0, 0, 0, value});
}

// Zeros what lies between the cell pointers and the cells of the b-tree page
// that begins at PAGE: SQLite leaves there what happened to be in memory.
void clear_gap(std::string &file, std::size_t page) {
  std::size_t header = page + (page == 0 ? file_header_size : 0);
  auto type = static_cast<std::uint8_t>(file[header]);
  bool interior = type == 2 || type == 5;
  if (!interior && type != 10 && type != 13)
    return;
  std::size_t cells = two_bytes(file, header + 3);
  std::size_t content = two_bytes(file, header + 5);
  std::size_t begin = header + (interior ? 12 : 8) + 2 * cells;
  std::size_t end = page + content;
  if (begin < end && end <= page + page_size)
    std::fill(file.begin() + static_cast<std::ptrdiff_t>(begin),
              file.begin() + static_cast<std::ptrdiff_t>(end), '\0');
}

// Takes out what depends on the build of SQLite and on its memory.
void make_reproducible(std::string &file) {
  for (std::size_t page = 0; page < file.size(); page += page_size)
    clear_gap(file, page);
  put_number(file, change_counter, 1);
  put_number(file, valid_for_counter, 1);
  put_number(file, sqlite_version, 0);
}

} // namespace

std::string closure_database(std::span<const Registration> items) {
  Database database("db.sqlite", Database::Access::memory);
  database.execute("PRAGMA page_size = 4096;"
                   "PRAGMA auto_vacuum = none;"
                   "PRAGMA secure_delete = on;"
                   "PRAGMA journal_mode = off;");
  {
    Transaction transaction(database);
    create_store_schema(database);
    register_items(database, items);
    transaction.commit();
  }
  database.execute("VACUUM");
  std::string file = database.serialize();
  make_reproducible(file);
  return file;
}

} // namespace strata
