// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/location.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"

#include <array>

namespace strata {

namespace {

struct KnownStore {
  const char *directory;
  const char *database;
};

constexpr std::array<KnownStore, 2> known_stores{
    {{"/gnu/store", "/var/guix/db/db.sqlite"},
     {"/nix/store", "/nix/var/nix/db/db.sqlite"}}};

std::string without_slashes_at_end(std::string path) {
  while (path.ends_with('/'))
    path.pop_back();
  return path;
}

// The first known store for which EXISTS(its location below ROOT) holds; the
// very first where there is none, whose reader then says what is missing.
template <typename Exists>
const KnownStore &first_known(Exists exists) {
  for (const KnownStore &store : known_stores)
    if (exists(store))
      return store;
  return known_stores[0];
}

} // namespace

// Paths in the database begin with the store directory, byte by byte, so it
// must be spelled in the one way in which they spell it.
void check_store_directory(const std::string &directory) {
  std::string padded = directory + "/";
  if (directory.starts_with('/') && padded.find("//") == std::string::npos &&
      padded.find("/./") == std::string::npos &&
      padded.find("/../") == std::string::npos)
    return;
  throw Error(format(_("cannot use the store directory '%s'"),
                     printable(directory).c_str()),
              _("it is not an absolute path without '.' and '..'"));
}

StoreLocation locate_store(const std::string &root,
                           const std::string &directory,
                           const std::string &database) {
  StoreLocation location{without_slashes_at_end(directory),
                         without_slashes_at_end(root), database};
  if (directory.empty())
    location.directory =
        first_known([&](const KnownStore &store) {
          return file_exists(location.on_disk(
              database.empty() ? store.database : store.directory));
        }).directory;
  check_store_directory(location.directory);
  if (!database.empty())
    return location;

  for (const KnownStore &store : known_stores)
    if (location.directory == store.directory)
      location.database = location.on_disk(store.database);
  if (location.database.empty())
    throw Error(format(_("cannot find the database of the store '%s'"),
                       printable(location.directory).c_str()),
                _("only those of /gnu/store and /nix/store have a known place"),
                _("name it with '--database'"));
  return location;
}

} // namespace strata
