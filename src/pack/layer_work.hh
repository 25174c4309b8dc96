// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the ways of writing layers have in common.

#ifndef STRATA_PACK_LAYER_WORK_HH
#define STRATA_PACK_LAYER_WORK_HH

#include "base/monitor.hh"
#include "layer/layer.hh"
#include "sink/sink.hh"

#include <optional>
#include <vector>

namespace strata {

/// What is known of a layer before a file is read.
struct LayerMeasure {
  std::uint64_t size = 0;           // of the plain tar, bytes
  std::optional<Digest> stamp = {}; // of its files, where it is wanted
};

/// What all ways of writing need.
struct LayerWork {
  const std::vector<LayerContents> &layers;
  const std::vector<LayerMeasure> &measures;
  Sink &sink;
  unsigned jobs; // threads
  Monitor &monitor;
};

struct WrittenLayer {
  Digest digest; // of the blob
  Digest diff_id;
  std::uint64_t size = 0; // of the blob, bytes
};

/// Throws the Error for LAYER, which is not what it was a moment ago; it names
/// what changed last.
[[noreturn]] void fail_changed_layer(const LayerContents &layer);

} // namespace strata

#endif
