// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: reference graphs from the files that a build daemon writes for
// exportReferencesGraph (#:references-graphs in Guix).
// Format: lines that each end in a newline; for every item its path, its
// deriver (may be empty), the number of its references, and a line for each.

#ifndef STRATA_STORE_REFERENCE_GRAPH_FILE_HH
#define STRATA_STORE_REFERENCE_GRAPH_FILE_HH

#include "base/monitor.hh"
#include "store/graph.hh"

#include <string>
#include <vector>

namespace strata {

/// The items of all FILES together.  Files may name the same item if they say
/// the same of it.  NAR hashes and sizes are not known.  Errors name the file
/// and the line.
ReferenceGraph read_reference_graph_files(const std::vector<std::string> &files,
                                          const std::string &store_directory,
                                          const Monitor &monitor);

} // namespace strata

#endif
