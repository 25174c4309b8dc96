// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the layers of an image on their way from the store into a sink, on
// all cores, each byte read as few times as the sink allows.
//
//   sink            plain layers                 compressed layers
//   file, folder    side by side, read once      in order, blocks side by side
//   stream          read twice: digest, bytes    spooled, then copied
//
// Compressed layers may come from a cache in part or as a whole.
//
// The bytes are the same for all of these and for any number of threads.

#ifndef STRATA_PACK_LAYER_FILES_HH
#define STRATA_PACK_LAYER_FILES_HH

#include "base/monitor.hh"
#include "pack/compressed_layers.hh"

#include <vector>

namespace strata {

/// The plain sizes of LAYERS, from names and sizes of files alone.
std::vector<std::uint64_t>
measure_layers(const std::vector<LayerContents> &layers, unsigned jobs,
               Monitor &monitor);

/// Writes the layers of WORK as the next blobs of its sink.  CACHE, for
/// compressed ones, may be null.
std::vector<WrittenLayer> write_layers(const LayerWork &work,
                                       const Compression &compression,
                                       FragmentCache *cache);

} // namespace strata

#endif
