// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: layers that are compressed on their way into a sink, in order, with
// the help of a cache: a layer that it knows is not read.

#ifndef STRATA_PACK_COMPRESSED_LAYERS_HH
#define STRATA_PACK_COMPRESSED_LAYERS_HH

#include "base/monitor.hh"
#include "layer/compressor.hh"
#include "layer/fragment_cache.hh"
#include "layer/layer.hh"
#include "sink/sink.hh"

#include <vector>

namespace strata {

/// What all ways of writing need.
struct LayerWork {
  const std::vector<LayerContents> &layers;
  const std::vector<std::uint64_t> &sizes; // plain, bytes
  Sink &sink;
  unsigned jobs; // threads
  Monitor &monitor;
};

struct WrittenLayer {
  Digest digest; // of the blob
  Digest diff_id;
  std::uint64_t size = 0; // of the blob, bytes
};

/// Throws the Error for a layer that is not what it was a moment ago.
[[noreturn]] void fail_changed_layer();

/// Writes the layers of WORK as the next blobs of its sink.  CACHE may be null.
std::vector<WrittenLayer> write_compressed(const LayerWork &work,
                                           const Compression &compression,
                                           FragmentCache *cache);

} // namespace strata

#endif
