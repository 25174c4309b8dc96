// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: layers that are compressed on their way into a sink, in order, with
// the help of a cache: a layer that it knows is not read.

#ifndef STRATA_PACK_COMPRESSED_LAYERS_HH
#define STRATA_PACK_COMPRESSED_LAYERS_HH

#include "layer/compressor.hh"
#include "layer/fragment_cache.hh"
#include "pack/layer_work.hh"

#include <vector>

namespace strata {

/// Writes the layers of WORK as the next blobs of its sink.  CACHE may be null.
std::vector<WrittenLayer> write_compressed(const LayerWork &work,
                                           const Compression &compression,
                                           FragmentCache *cache);

} // namespace strata

#endif
