// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the NAR of a tree, the form whose hash and size the store database
// records (Eelco Dolstra, "The Purely Functional Software Deployment Model",
// section 5.2.1).

#ifndef STRATA_STORE_NAR_HH
#define STRATA_STORE_NAR_HH

#include "base/monitor.hh"
#include "base/sha256.hh"
#include "base/walk.hh"

namespace strata {

struct NarInfo {
  Digest hash;
  std::uint64_t size = 0; // bytes
};

/// Writes the NAR of TREE.  Every file's bytes are counted by MONITOR.
void write_nar(const Walkable &tree, ByteOutput &output, Monitor &monitor);

/// Hash and size of the NAR of TREE, which is read whole.
NarInfo nar_info(const Walkable &tree, Monitor &monitor);

/// The size alone, from names and sizes: no file is opened.
std::uint64_t nar_size(const Walkable &tree);

} // namespace strata

#endif
