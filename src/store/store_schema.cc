// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/store_schema.hh"

#include "base/text.hh"

namespace strata {

namespace {

// Facts of Guix's schema, version 7: names, types and constraints.  An item
// may refer to itself; RESTRICT would then forbid deleting it, so the trigger
// drops that reference first.
constexpr const char *schema = R"(
CREATE TABLE IF NOT EXISTS ValidPaths (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  path TEXT UNIQUE NOT NULL,
  hash TEXT NOT NULL,
  registrationTime INTEGER NOT NULL,
  deriver TEXT,
  narSize INTEGER
);
CREATE TABLE IF NOT EXISTS Refs (
  referrer INTEGER NOT NULL,
  reference INTEGER NOT NULL,
  PRIMARY KEY (referrer, reference),
  FOREIGN KEY (referrer) REFERENCES ValidPaths (id) ON DELETE CASCADE,
  FOREIGN KEY (reference) REFERENCES ValidPaths (id) ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS IndexReferrer ON Refs (referrer);
CREATE INDEX IF NOT EXISTS IndexReference ON Refs (reference);
CREATE TRIGGER IF NOT EXISTS DeleteSelfRefs BEFORE DELETE ON ValidPaths
BEGIN
  DELETE FROM Refs WHERE referrer = OLD.id AND reference = OLD.id;
END;
CREATE TABLE IF NOT EXISTS DerivationOutputs (
  drv INTEGER NOT NULL,
  id TEXT NOT NULL,
  path TEXT NOT NULL,
  PRIMARY KEY (drv, id),
  FOREIGN KEY (drv) REFERENCES ValidPaths (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS IndexDerivationOutputs ON DerivationOutputs (path);
CREATE TABLE IF NOT EXISTS FailedPaths (
  path TEXT PRIMARY KEY NOT NULL,
  time INTEGER NOT NULL
);
)";

// "TABLE(column,column,...)" of every table that the schema has.
std::string columns(const Database &database) {
  std::string result;
  Statement row(database,
                "SELECT m.name || '(' || (SELECT group_concat(name) FROM "
                "pragma_table_info(m.name)) || ')' FROM sqlite_master m "
                "WHERE m.type = 'table' AND m.name IN ('ValidPaths', 'Refs', "
                "'DerivationOutputs', 'FailedPaths') ORDER BY m.name");
  while (row.step())
    result += row.text(0);
  return result;
}

} // namespace

void create_store_schema(Database &database) { database.execute(schema); }

void check_store_schema(const Database &database) {
  constexpr std::string_view expected =
      "DerivationOutputs(drv,id,path)FailedPaths(path,time)"
      "Refs(referrer,reference)"
      "ValidPaths(id,path,hash,registrationTime,deriver,narSize)";
  if (columns(database) != expected)
    throw Error(format(_("cannot add to the store database '%s'"),
                       printable(database.path()).c_str()),
                _("it does not have Guix's tables"));
}

} // namespace strata
