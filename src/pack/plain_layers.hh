// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: writes plain layers: side by side where the sink allows it, else one
// after the other.
//
//   sink            a layer that is not known     a known one
//   file, folder    read, hashed, written         read, written
//   stream          read twice: digest, bytes     read, written
//
// A layer is known if its files have the stamp that they had when it was hashed
// last.  One that an OCI layout holds already is not read at all.

#ifndef STRATA_PACK_PLAIN_LAYERS_HH
#define STRATA_PACK_PLAIN_LAYERS_HH

#include "layer/fragment_cache.hh"
#include "pack/layer_work.hh"

namespace strata {

/// Writes the layers of WORK as the next blobs of its sink.  CACHE may be null.
std::vector<WrittenLayer> write_plain(const LayerWork &work,
                                      FragmentCache *cache);

} // namespace strata

#endif
