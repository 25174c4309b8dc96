// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: looking after a fragment cache: what it holds, whether it is whole,
// and making it smaller.  A folder without a cache holds nothing.
// Errors: Error, also for a cache that somebody else could write to.

#ifndef STRATA_LAYER_CACHE_UPKEEP_HH
#define STRATA_LAYER_CACHE_UPKEEP_HH

#include "base/monitor.hh"

#include <cstdint>
#include <string>
#include <vector>

namespace strata {

struct CacheInfo {
  std::uint64_t fragments = 0;
  std::uint64_t layers = 0;
  std::uint64_t bytes = 0; // of fragments
};

CacheInfo cache_info(const std::string &directory);

/// Reads every fragment and every row of the index, and removes what is damaged
/// or missing.  Returns a text for each problem: the file's name, made
/// printable, and what was wrong with it.
std::vector<std::string> verify_cache(const std::string &directory,
                                      Monitor &monitor);

/// Removes the least recently used fragments until at most LIMIT bytes are
/// left, and files that nothing names and that no process writes any more.
void prune_cache(const std::string &directory, std::uint64_t limit);

} // namespace strata

#endif
