// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/cache_primitives.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "guile/boundary.hh"
#include "layer/cache_upkeep.hh"
#include "layer/fragment_cache.hh"

#include <cstdint>

namespace strata {

namespace {

// The folder that VALUE, a text or #f for the usual one, stands for.
std::string directory_from_scm(SCM value) {
  std::string result =
      scm_is_false(value) ? default_cache_directory() : text_from_scm(value);
  if (result.empty())
    throw Error(_("there is no folder for the cache"), {},
                _("name one, or set HOME to an absolute path"));
  return result;
}

SCM info(SCM directory) {
  return guarded([&] {
    std::string folder = directory_from_scm(directory);
    CacheInfo found = cache_info(folder);
    return AlistBuilder()
        .add("directory", folder)
        .add("fragments", found.fragments)
        .add("layers", found.layers)
        .add("size", found.bytes)
        .add("limit", default_cache_limit)
        .result();
  });
}

SCM verify(SCM directory, SCM progress) {
  return guarded([&] {
    std::string folder = directory_from_scm(directory);
    std::vector<std::string> problems;
    run_with_progress(progress, [&](Monitor &monitor) {
      problems = verify_cache(folder, monitor);
    });
    return scm_from_texts(problems);
  });
}

SCM prune(SCM directory, SCM limit) {
  return guarded([&] {
    std::uint64_t bytes = default_cache_limit;
    if (scm_is_true(limit))
      bytes = number_from_scm(limit, "max-size", INT64_MAX);
    prune_cache(directory_from_scm(directory), bytes);
    return SCM_UNSPECIFIED;
  });
}

} // namespace

void init_cache_primitives() {
  define("%cache-info", 1, info);
  define("%cache-verify", 2, verify);
  define("%cache-prune", 2, prune);
}

} // namespace strata
