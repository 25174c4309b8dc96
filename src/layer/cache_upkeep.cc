// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/cache_upkeep.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "layer/fragment_cache.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <optional>
#include <set>

namespace strata {

namespace {

// A process may still be about to name what is younger than this.
constexpr std::int64_t orphan_age = 3600; // seconds

std::optional<FragmentIndex> existing_index(const std::string &directory) {
  std::optional<FragmentIndex> result;
  std::string path = cache_index_file(directory);
  if (file_exists(path)) {
    check_cache_owner(directory);
    result.emplace(path);
  }
  return result;
}

// Whether a FragmentCache gives its files such names.
bool is_cache_file(const std::string &name) {
  return Digest::from_hex(name) || is_temporary_name(name);
}

bool is_old(const std::string &path) {
  struct stat status;
  return lstat(path.c_str(), &status) == 0 &&
         status.st_mtime + orphan_age < time(nullptr);
}

std::string problem(const std::string &path, const std::string &description) {
  return printable(path) + ": " + description;
}

// What is wrong with the file PATH of FRAGMENT; empty if nothing is.
std::string check_fragment(const std::string &path,
                           const CachedFragment &fragment,
                           const Monitor &monitor) {
  try {
    if (!file_exists(path))
      return _("it is missing");
    if (is_fragment(open_file(path), path, fragment, monitor))
      return {};
    return _("it was damaged, and is removed");
  } catch (const Error &error) {
    return error.what();
  }
}

std::vector<std::string> verify(const std::string &directory,
                                FragmentIndex &index, Monitor &monitor) {
  std::vector<std::string> result;
  if (std::uint64_t rows = index.remove_damaged_rows(); rows > 0)
    result.push_back(
        problem(cache_index_file(directory),
                format(plural("%llu damaged row is removed",
                              "%llu damaged rows are removed", rows),
                       static_cast<unsigned long long>(rows))));
  monitor.begin_stage(_("verifying the cache"), index.total_size());
  for (const CachedFragment &fragment : index.fragments()) {
    std::string path = cached_fragment_file(directory, fragment.digest);
    std::string description = check_fragment(path, fragment, monitor);
    monitor.advance(fragment.size);
    // Another process may have removed it in the meantime: no damage.
    if (description.empty() || !index.remove(fragment.digest))
      continue;
    unlink(path.c_str());
    result.push_back(problem(path, description));
  }
  return result;
}

} // namespace

CacheInfo cache_info(const std::string &directory) {
  auto index = existing_index(directory);
  if (!index)
    return {};
  return {index->fragments().size(), index->layer_count(), index->total_size()};
}

std::vector<std::string> verify_cache(const std::string &directory,
                                      Monitor &monitor) {
  try {
    auto index = existing_index(directory);
    return index ? verify(directory, *index, monitor)
                 : std::vector<std::string>();
  } catch (const DatabaseError &error) {
    if (!is_index_damage(error))
      throw;
  }
  std::string path = cache_index_file(directory);
  remove_index(path);
  return {problem(path, _("it was damaged, and is removed"))};
}

void prune_cache(const std::string &directory, std::uint64_t limit) {
  auto index = existing_index(directory);
  if (!index)
    return;
  shrink_cache(directory, *index, limit, 0);
  std::set<std::string> named;
  for (const CachedFragment &fragment : index->fragments())
    named.insert(fragment.digest.hex());
  if (named.empty())
    index->keep_layers(0);
  std::string folder = fragment_folder(directory);
  if (!file_exists(folder))
    return;
  for (const std::string &name : list_directory(folder))
    if (std::string path = folder + "/" + name;
        is_cache_file(name) && !named.contains(name) && is_old(path))
      unlink(path.c_str());
}

} // namespace strata
