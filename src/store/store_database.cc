// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/store_database.hh"

#include "base/database.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "store/live_database.hh"
#include "store/store_path.hh"

#include <algorithm>

namespace strata {

namespace {

// No file system in use holds a larger file, and a million items of that size
// still have a sum below 2^64.
constexpr std::int64_t largest_nar = std::int64_t(1) << 44;

class GraphReader {
public:
  GraphReader(const Database &database, const StoreLocation &location,
              Monitor &monitor)
      : database_(database), location_(location), monitor_(monitor) {}

  std::vector<Item> read() {
    check_tables();
    read_items();
    read_references();
    return std::move(items_);
  }

private:
  [[noreturn]] void fail(std::string cause, std::string hint = {}) const {
    throw Error(format(_("cannot read the store database '%s'"),
                       printable(location_.database).c_str()),
                std::move(cause), std::move(hint));
  }

  [[noreturn]] void fail_about(const char *cause, std::string_view name) const {
    fail(format(cause, printable(name).c_str()));
  }

  // Views could give rows without end.
  void check_tables() const {
    for (const char *table : {"ValidPaths", "Refs"}) {
      Statement found(database_, "SELECT 1 FROM sqlite_master "
                                 "WHERE type = 'table' AND name = ?");
      if (!found.bind(0, std::string_view(table)).step())
        fail(format(_("it has no table '%s'"), table),
             _("only databases of Guix and Nix can be read"));
    }
  }

  Statement prepare(const char *sql) const {
    try {
      return Statement(database_, sql);
    } catch (const DatabaseError &error) {
      constexpr int sql_error = 1;
      if (error.code() != sql_error)
        throw;
      throw Error(error.what(), {},
                  _("only databases of Guix and Nix can be read"));
    }
  }

  std::size_t count(const char *sql) const {
    Statement row = prepare(sql);
    row.step();
    return static_cast<std::size_t>(row.integer(0));
  }

  void read_items() {
    std::size_t number = count("SELECT count(*) FROM ValidPaths");
    items_.reserve(number);
    ids_.reserve(number);
    Statement row =
        prepare("SELECT id, path, hash, deriver, narSize, typeof(narSize) "
                "FROM ValidPaths ORDER BY id");
    while (row.step()) {
      monitor_.check();
      std::int64_t id = row.integer(0);
      if (!ids_.empty() && ids_.back() == id)
        fail_about(_("the item '%s' has the number of another"), row.text(1));
      ids_.push_back(id);
      items_.push_back(item(row));
    }
  }

  Item item(const Statement &row) const {
    std::string_view path = row.text(1), deriver = row.text(3);
    if (!is_item_path(path, location_.directory))
      fail(format(_("'%s' is no item of the store '%s'"),
                  printable(path).c_str(),
                  printable(location_.directory).c_str()),
           _("name the store directory with '--store' if it is another"));
    Item result;
    result.path = path;
    if (is_item_path(deriver, location_.directory))
      result.deriver = deriver;
    result.nar_hash = parse_nar_hash(row.text(2));
    if (!result.nar_hash)
      fail_about(_("the hash of '%s' is none"), path);
    if (row.is_null(4))
      return result;
    std::int64_t size = row.integer(4);
    if (row.text(5) != "integer" || size < 0 || size > largest_nar)
      fail_about(_("the size of '%s' is none"), path);
    if (size > 0)
      result.nar_size = static_cast<std::uint64_t>(size);
    return result;
  }

  ItemIndex index_of(std::int64_t id) const {
    // Mostly no number is left out.
    auto found = ids_.begin();
    if (!ids_.empty() && id >= ids_.front() && id <= ids_.back()) {
      std::uint64_t after = static_cast<std::uint64_t>(id) -
                            static_cast<std::uint64_t>(ids_.front());
      if (after < ids_.size())
        found += static_cast<std::ptrdiff_t>(after);
    }
    if (found == ids_.end() || *found != id)
      found = std::lower_bound(ids_.begin(), ids_.end(), id);
    if (found == ids_.end() || *found != id)
      fail(format(_("a reference names the item number %lld, which is not "
                    "there"),
                  static_cast<long long>(id)));
    return static_cast<ItemIndex>(found - ids_.begin());
  }

  // In the order of the primary key, so that the references of an item come
  // together and its list is allocated once.
  void read_references() {
    Statement row = prepare(
        "SELECT referrer, reference FROM Refs ORDER BY referrer, reference");
    std::vector<ItemIndex> references;
    std::int64_t referrer = 0;
    auto end_item = [&] {
      if (!references.empty())
        items_[index_of(referrer)].references.assign(references.begin(),
                                                     references.end());
      references.clear();
    };
    while (row.step()) {
      monitor_.check();
      if (row.integer(0) != referrer)
        end_item();
      referrer = row.integer(0);
      references.push_back(index_of(row.integer(1)));
    }
    end_item();
  }

  const Database &database_;
  const StoreLocation &location_;
  Monitor &monitor_;
  std::vector<Item> items_;       // by id
  std::vector<std::int64_t> ids_; // in the same order
};

// The database itself where its name is a link: SQLite's other files lie
// beside it.
std::string find_database(const StoreLocation &location) {
  const std::string &path = location.database;
  std::string attempt =
      format(_("cannot open the store database '%s'"), printable(path).c_str());
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    throw Error::system(
        attempt, errno,
        _("name the store with '--store-root', '--store' or '--database'"));
  if (!S_ISREG(status.st_mode))
    throw Error(attempt, _("it is not a regular file"));
  return real_path(path);
}

} // namespace

ReferenceGraph read_store_database(const StoreLocation &location,
                                   Monitor &monitor) {
  monitor.begin_stage(_("reading the store database"));
  std::vector<Item> items;
  read_live_database(find_database(location), monitor, [&](Database &database) {
    items = GraphReader(database, location, monitor).read();
  });
  return ReferenceGraph(std::move(items), location.database);
}

} // namespace strata
