// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the folder of a fragment cache as the file system sees it: names,
// who may write there, room, and files that have to go.
//
//   DIR/index.sqlite      FragmentIndex
//   DIR/fragments/<hex>   compressed bytes, named after their SHA-256
//
// Errors: Error.
// Threads: any, except that two should not remove the same.

#ifndef STRATA_LAYER_CACHE_FOLDER_HH
#define STRATA_LAYER_CACHE_FOLDER_HH

#include "base/sha256.hh"

#include <cstdint>
#include <set>
#include <string>

namespace strata {

/// XDG_CACHE_HOME/strata, else HOME/.cache/strata; empty where neither is set.
std::string default_cache_directory();

std::string fragment_folder(const std::string &directory);
std::string cache_index_file(const std::string &directory);
std::string cached_fragment_file(const std::string &directory,
                                 const Digest &digest);

/// Makes what is missing, for this user alone.
void make_cache_folder(const std::string &directory);

/// Throws Error if somebody else could write to the cache in DIRECTORY: whoever
/// can decides what is in images.
void check_cache_owner(const std::string &directory);

/// How many bytes more must be free on the file system of DIRECTORY before
/// WANTED bytes are written there, so that enough is left.
std::uint64_t lack_of_room(const std::string &directory,
                           std::uint64_t wanted = 0);

/// Removes what has the name PATH, whatever it is.  An Error if it stays.
void remove_cache_file(const std::string &path);

/// Removes PATH if it is there and no regular file; tells whether it was so.
bool remove_unless_file(const std::string &path);

/// Removes all fragments.
void remove_all_fragments(const std::string &directory);

/// Removes all fragments but those NAMED by their hex digests, and what
/// processes that were killed have left.  What is young stays: a process may
/// be about to name it.
void remove_orphans(const std::string &directory,
                    const std::set<std::string> &named);

/// Whether nobody has asked this for a day.
bool are_orphans_due(const std::string &directory);

/// Removes the oldest fragments of at least SIZE bytes, where the index cannot
/// say which were used least.
void remove_oldest_fragments(const std::string &directory, std::uint64_t size);

} // namespace strata

#endif
