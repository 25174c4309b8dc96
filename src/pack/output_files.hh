// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the files that one command writes are different ones, in whatever
// spelling they are named, so that none replaces another, or what is read.
// Threads: looks at the file system; nothing is kept.

#ifndef STRATA_PACK_OUTPUT_FILES_HH
#define STRATA_PACK_OUTPUT_FILES_HH

#include "pack/request.hh"

#include <string>
#include <vector>

namespace strata {

struct OutputFile {
  std::string name; // "-" for standard output; empty: it is not written
  std::string role; // for messages, such as "plan"
  bool folder = false;
};

/// Throws Error if two of FILES are one, or one lies in another.  Links are
/// followed.  What is there and no regular file, such as a device, may take
/// several.
void check_different(const std::vector<OutputFile> &files);

/// Throws Error if one of FILES is one of INPUTS or lies in it.  These are
/// names as for find_plan_input().
void check_kept(const std::vector<OutputFile> &files,
                const std::vector<std::string> &inputs);

/// Throws Error if one of FILES belongs to the database of the store LOCATION,
/// or lies in one of its items, those in GRAPH.  It may be a new item, as in
/// the build of a daemon.
void check_store_kept(const std::vector<OutputFile> &files,
                      const ReferenceGraph &graph,
                      const StoreLocation &location);

/// Throws Error if FILE cannot be written, without writing it.
void check_writable(const OutputFile &file, const Monitor &monitor);

/// Throws Error if files of REQUEST replace each other, or parts of the store.
/// The image may replace a file it is made from, and a plan a plan.
void check_output_files(const PackRequest &request);

} // namespace strata

#endif
