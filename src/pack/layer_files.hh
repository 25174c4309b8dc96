// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the layers of an image on their way from the store into a sink, on
// all cores.  plain_layers and compressed_layers say how; the bytes are the
// same for each sink, for any number of threads, and with or without a cache.

#ifndef STRATA_PACK_LAYER_FILES_HH
#define STRATA_PACK_LAYER_FILES_HH

#include "layer/compressor.hh"
#include "layer/fragment_cache.hh"
#include "pack/layer_work.hh"

#include <vector>

namespace strata {

/// The plain sizes of LAYERS, from names and sizes of files alone; STAMPED:
/// and the stamps of those that can be known.
std::vector<LayerMeasure>
measure_layers(const std::vector<LayerContents> &layers, bool stamped,
               unsigned jobs, Monitor &monitor);

/// Writes the layers of WORK as the next blobs of its sink.  CACHE may be null.
std::vector<WrittenLayer> write_layers(const LayerWork &work,
                                       const Compression &compression,
                                       FragmentCache *cache);

} // namespace strata

#endif
