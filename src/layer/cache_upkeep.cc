// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/cache_upkeep.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "layer/fragment_cache.hh"

#include <memory>

namespace strata {

namespace {

std::unique_ptr<FragmentIndex> existing_index(const std::string &directory) {
  std::string path = cache_index_file(directory);
  if (!file_exists(path))
    return nullptr;
  check_cache_owner(directory);
  return std::make_unique<FragmentIndex>(path);
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
    if (description.empty())
      continue;
    try {
      remove_cache_file(path);
    } catch (const Error &error) {
      result.push_back(error.what());
      continue;
    }
    // Another process may have removed it in the meantime: no damage.
    if (index.remove({fragment.digest}) > 0)
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
  std::string path = cache_index_file(directory);
  try {
    if (!remove_unless_file(path)) {
      auto index = existing_index(directory);
      return index ? verify(directory, *index, monitor)
                   : std::vector<std::string>();
    }
  } catch (const DatabaseError &error) {
    if (!is_index_damage(error))
      throw;
  }
  remove_index(path);
  remove_all_fragments(directory);
  return {problem(path, _("it was damaged, and is removed"))};
}

void prune_cache(const std::string &directory, std::uint64_t limit) {
  if (!file_exists(fragment_folder(directory)))
    return;
  check_cache_owner(directory);
  if (!file_exists(cache_index_file(directory)))
    return remove_orphans(directory, {});
  auto index = open_cache_index(directory);
  shrink_cache(directory, *index, limit, lack_of_room(directory));
  if (index->fragments().empty())
    index->keep_layers(0);
  sweep_cache(directory, *index);
}

} // namespace strata
