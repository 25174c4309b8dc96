// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/store_writer.hh"

#include "base/text.hh"

namespace strata {

namespace {

constexpr const char *select_id = "SELECT id FROM ValidPaths WHERE path = ?";

void add_items(Database &database, std::span<const Registration> items) {
  Statement insert(database, "INSERT INTO ValidPaths "
                             "(path, hash, registrationTime, deriver, narSize) "
                             "VALUES (?, ?, ?, NULL, ?)");
  for (const Registration &item : items)
    insert.bind(0, item.path)
        .bind(1, item.nar_hash.oci()) // the store's spelling is the same
        .bind(2, item.registration_time)
        .bind(3, static_cast<std::int64_t>(item.nar_size))
        .run();
}

} // namespace

bool is_registered(const Database &database, const std::string &path) {
  return Statement(database, select_id).bind(0, path).step();
}

void register_items(Database &database, std::span<const Registration> items) {
  add_items(database, items);

  Statement find(database, select_id);
  auto id_of = [&](const std::string &path) {
    find.bind(0, path);
    if (!find.step())
      throw Error(format(_("cannot register a reference to '%s'"),
                         printable(path).c_str()),
                  _("it is not registered itself"));
    std::int64_t id = find.integer(0);
    find.reset();
    return id;
  };
  Statement insert(database,
                   "INSERT INTO Refs (referrer, reference) VALUES (?, ?)");
  for (const Registration &item : items) {
    std::int64_t referrer = id_of(item.path);
    for (const std::string &reference : item.references)
      insert.bind(0, referrer).bind(1, id_of(reference)).run();
  }
}

} // namespace strata
