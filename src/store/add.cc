// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/add.hh"

#include "base/database.hh"
#include "base/error.hh"
#include "base/file.hh"
#include "base/folder_lock.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "store/canonical_copy.hh"
#include "store/nar.hh"
#include "store/reference_scanner.hh"
#include "store/store_path.hh"
#include "store/store_schema.hh"
#include "store/store_writer.hh"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <utility>

// An add copies to a hidden name in the store, reads the copy for its hash and
// references, and then, as the only one that adds: renames it to its final
// name and commits its registration.  Killed before the commit, it leaves a
// hidden folder or an item that is not registered; the next add of the same
// content replaces the latter.

namespace strata {

namespace {

constexpr int lock_timeout = 60'000; // milliseconds

// PATH without symlinks; the end of it need not exist.
std::string resolved(const std::string &path) {
  try {
    return std::filesystem::weakly_canonical(path).string();
  } catch (const std::filesystem::filesystem_error &error) {
    throw Error::system(
        format(_("cannot resolve '%s'"), printable(path).c_str()),
        error.code().value());
  }
}

// However it is spelled: the store of the machine is never written.
void check_location(const StoreLocation &location, const std::string &attempt) {
  std::string root = location.root.empty() ? "/" : resolved(location.root);
  if (root == "/")
    throw Error(attempt, _("the store of this machine belongs to its daemon"),
                _("name a folder for a store of your own with "
                  "'--store-root'"));
  for (const std::string &path :
       {location.on_disk(location.directory), location.database})
    if (!resolved(path).starts_with(root + "/"))
      throw Error(attempt, format(_("'%s' is not below the store root '%s'"),
                                  printable(path).c_str(),
                                  printable(location.root).c_str()));
}

void check_name(const std::string &name, const std::string &attempt) {
  if (!is_item_name(name))
    throw Error(attempt,
                format(_("'%s' cannot be the name of an item"),
                       printable(name.substr(0, 300)).c_str()),
                _("a name has at most 211 letters, digits and characters of "
                  "\"+-._?=\" and does not begin with a dot"));
}

// Removes what is at PATH unless it was kept.
class Removal {
public:
  explicit Removal(std::string path) : path_(std::move(path)) {}
  Removal(const Removal &) = delete;
  Removal &operator=(const Removal &) = delete;
  ~Removal() {
    if (!path_.empty())
      remove_tree(path_);
  }
  const std::string &path() const { return path_; }
  void keep() { path_.clear(); }

private:
  std::string path_;
};

void rename_path(const std::string &from, const std::string &to) {
  if (rename(from.c_str(), to.c_str()) != 0)
    throw Error::system(format(_("cannot create '%s'"), printable(to).c_str()),
                        errno);
}

struct stat look_at(const std::string &path) {
  struct stat status;
  if (lstat(path.c_str(), &status) != 0)
    throw Error::system(
        format(_("cannot look at '%s'"), printable(path).c_str()), errno);
  return status;
}

// A copy of a folder into itself would have no end.
void check_not_around(const std::string &source, const std::string &store,
                      const std::string &attempt) {
  struct stat folder = look_at(source);
  for (std::string path = real_path(store);; path = parent_directory(path)) {
    struct stat status = look_at(path);
    if (status.st_dev == folder.st_dev && status.st_ino == folder.st_ino)
      throw Error(attempt, _("the store lies in it"));
    if (path == "/")
      return;
  }
}

// Makes the database at PATH, whole or not at all.
void create_database(const std::string &path) {
  Removal folder(temporary_name(path));
  make_directories(folder.path());
  std::string file = folder.path() + "/database";
  {
    Database database(file, Database::Access::create);
    database.execute("PRAGMA journal_mode = WAL");
    Transaction transaction(database);
    create_store_schema(database);
    transaction.commit();
  }
  if (chmod(file.c_str(), 0644) != 0)
    throw Error::system(
        format(_("cannot set the mode of '%s'"), printable(file).c_str()),
        errno);
  rename_path(file, path);
  sync_directory(parent_directory(path));
}

Database open_database(const std::string &path, Monitor &monitor) {
  std::string folder = parent_directory(path);
  make_directories(folder);
  {
    FileDescriptor lock = lock_folder(folder, monitor);
    if (!file_exists(path))
      create_database(path);
  }
  Database database(path, Database::Access::create);
  database.set_timeout(lock_timeout);
  check_store_schema(database);
  return database;
}

std::vector<std::string> registered_paths(const Database &database,
                                          const std::string &directory) {
  std::vector<std::string> paths;
  Statement row(database, "SELECT path FROM ValidPaths");
  while (row.step()) {
    if (!is_item_path(row.text(0), directory))
      throw Error(format(_("cannot add to the store database '%s'"),
                         printable(database.path()).c_str()),
                  format(_("'%s' is no item of the store '%s'"),
                         printable(row.text(0)).c_str(),
                         printable(directory).c_str()));
    paths.emplace_back(row.text(0));
  }
  return paths;
}

NarInfo scan_copy(const std::string &path, ReferenceScanner &scanner,
                  Monitor &monitor) {
  Sha256 hash;
  CountingOutput count;
  TeeOutput measured(hash, count);
  TeeOutput all(measured, scanner);
  write_nar(DiskWalk(path), all, monitor);
  return {hash.finish(), count.count()};
}

// Gives COPY its final name and registers it as ITEM, both or neither.  The
// transaction keeps others from writing until then.
void put_in_store(const StoreLocation &location, Database &database,
                  const Registration &item, Removal &copy, Monitor &monitor) {
  Transaction transaction(database);
  std::string final_path = location.on_disk(item.path);
  bool is_there = file_exists(final_path);
  bool is_listed = is_registered(database, item.path);
  if (is_there && is_listed)
    return;

  Removal leftover(temporary_name(final_path));
  if (is_there)
    rename_path(final_path, leftover.path());
  rename_path(copy.path(), final_path);
  copy.keep();
  Removal placed(final_path);
  sync_directory(parent_directory(final_path));
  if (!is_listed)
    register_items(database, {&item, 1});
  monitor.checkpoint();
  transaction.commit();
  placed.keep();
}

} // namespace

std::string add_to_store(const StoreLocation &location, const std::string &name,
                         const std::string &source, Monitor &monitor) {
  std::string attempt =
      format(_("cannot add '%s' to the store"), printable(source).c_str());
  check_location(location, attempt);
  check_name(name, attempt);
  look_at(source);
  std::string store = location.on_disk(location.directory);
  make_directories(store);
  check_not_around(source, store, attempt);
  Database database = open_database(location.database, monitor);

  monitor.begin_stage(_("copying to the store"));
  Removal copy(temporary_name(store + "/" + name));
  copy_canonical(DiskWalk(source), copy.path(), monitor);

  monitor.begin_stage(_("looking for references"));
  ReferenceScanner scanner(registered_paths(database, location.directory));
  NarInfo nar = scan_copy(copy.path(), scanner, monitor);

  Registration item{source_path(location.directory, name, nar.hash), nar.hash,
                    nar.size, std::time(nullptr), scanner.found()};
  put_in_store(location, database, item, copy, monitor);
  return item.path;
}

} // namespace strata
