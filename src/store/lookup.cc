// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/lookup.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "store/link_walk.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <climits>
#include <numeric>
#include <utility>

namespace strata {

namespace {

constexpr std::size_t most_listed = 20;
constexpr std::size_t longest_compared = 300; // bytes
constexpr std::string_view derivation_suffix = ".drv";

[[noreturn]] void fail(const std::string &argument, std::string cause,
                       std::string hint = {}) {
  throw Error(
      format(_("cannot use the item '%s'"), printable(argument).c_str()),
      std::move(cause), std::move(hint));
}

std::string list(const std::vector<std::string> &paths) {
  std::string result;
  for (std::size_t i = 0; i < std::min(paths.size(), most_listed); ++i)
    result += (i == 0 ? "" : ", ") + printable(paths[i]);
  if (paths.size() > most_listed) {
    std::size_t more = paths.size() - most_listed;
    result += format(plural(" and %zu more", " and %zu more", more), more);
  }
  return result;
}

// The number of characters to insert, delete or replace (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// "hello" or "hello@2.10", split.
NameAndVersion split_argument(std::string_view argument) {
  std::size_t at = argument.rfind('@');
  if (at == std::string_view::npos)
    return {argument, {}};
  return {argument.substr(0, at), argument.substr(at + 1)};
}

// A derivation is no content of an image; who wants one writes its full name.
bool is_named(std::string_view item, std::string_view argument) {
  if (item == argument)
    return true;
  NameAndVersion wanted = split_argument(argument);
  NameAndVersion given = split_item_name(item);
  return given.name == wanted.name && !item.ends_with(derivation_suffix) &&
         (wanted.version.empty() || given.version == wanted.version);
}

std::vector<std::string> items_named(const ReferenceGraph &graph,
                                     std::string_view argument) {
  std::vector<std::string> result;
  for (const Item &item : graph.items())
    if (is_named(item_name(item.path), argument))
      result.push_back(item.path);
  return result;
}

// "did you mean": the item whose name, with its version or without, is the
// closest to NAME; empty where none is close.
std::string nearest(const ReferenceGraph &graph, std::string_view name) {
  if (name.size() > longest_compared)
    return {};
  std::size_t least = name.size() / 3 + 1;
  const Item *found = nullptr;
  std::string_view wanted = split_argument(name).name;
  for (const Item &item : graph.items()) {
    std::string_view full = item_name(item.path);
    if (full.ends_with(derivation_suffix))
      continue;
    std::size_t here = std::min(distance(full, name),
                                distance(split_item_name(full).name, wanted));
    if (here <= least && (found == nullptr || here < least)) {
      least = here;
      found = &item;
    }
  }
  if (found == nullptr)
    return {};
  return format(_("did you mean '%s'?"), printable(found->path).c_str());
}

std::string valid_item(const ReferenceGraph &graph,
                       const StoreLocation &location, const std::string &path,
                       const std::string &argument) {
  bool on_disk = file_exists(location.on_disk(path));
  if (!graph.find(path))
    fail(argument,
         on_disk ? _("it is not valid: the store's database does not list it")
                 : _("the store has no such item"),
         nearest(graph, item_name(path)));
  if (!on_disk)
    fail(argument, format(_("it is registered, but '%s' does not exist"),
                          printable(location.on_disk(path)).c_str()));
  return path;
}

std::string item_by_path(const ReferenceGraph &graph,
                         const StoreLocation &location,
                         const std::string &argument) {
  LinkEnd end = follow_links(location, argument);
  if (!end.in_store)
    fail(argument, format(_("it is outside the store '%s'"),
                          printable(location.directory).c_str()));
  if (is_item_path(end.path, location.directory))
    return valid_item(graph, location, end.path, argument);
  std::string item =
      end.path.substr(0, end.path.find('/', location.directory.size() + 1));
  if (is_item_path(item, location.directory))
    fail(argument, _("it is a path below an item, not an item"),
         format(_("the item is '%s'"), item.c_str()));
  fail(argument, _("its name is not that of an item"));
}

} // namespace

std::string resolve_item(const ReferenceGraph &graph,
                         const StoreLocation &location,
                         const std::string &argument) {
  if (argument.find('/') != std::string::npos)
    return item_by_path(graph, location, argument);
  auto candidates = items_named(graph, argument);
  if (candidates.size() > 1)
    fail(argument, _("the name is ambiguous"),
         format(_("name one of: %s"), list(candidates).c_str()));
  if (candidates.size() == 1)
    return valid_item(graph, location, candidates[0], argument);
  if (!argument.empty() && argument.size() <= NAME_MAX && file_exists(argument))
    return item_by_path(graph, location, argument);
  std::string hint = nearest(graph, argument);
  fail(argument,
       format(_("no item of the store '%s' has this name"),
              printable(location.directory).c_str()),
       !hint.empty() ? hint
                     : _("name the store with '--store-root', '--store' or "
                         "'--database'"));
}

} // namespace strata
