// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/layer_files.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "layer/fragment_keys.hh"
#include "pack/compressed_layers.hh"
#include "pack/plain_layers.hh"

namespace strata {

void fail_changed_layer() {
  throw Error(_("cannot write a layer"),
              _("a file in it changed while the image was made"));
}

std::vector<LayerMeasure>
measure_layers(const std::vector<LayerContents> &layers, bool stamped,
               unsigned jobs, Monitor &monitor) {
  std::vector<LayerMeasure> result(layers.size());
  parallel_for(layers.size(), thread_count(jobs), [&](std::size_t i) {
    bool wanted = stamped && can_be_known(layers[i]);
    LayerStamp stamp;
    result[i].size = layer_size(layers[i], monitor, wanted ? &stamp : nullptr);
    if (wanted)
      result[i].stamp = stamp.finish();
  });
  return result;
}

std::vector<WrittenLayer> write_layers(const LayerWork &work,
                                       const Compression &compression,
                                       FragmentCache *cache) {
  std::uint64_t total = 0;
  for (const LayerMeasure &measure : work.measures)
    total += measure.size;
  work.monitor.begin_stage(_("writing layers"), total);
  return compression.tool == Compression::Tool::none
             ? write_plain(work, cache)
             : write_compressed(work, compression, cache);
}

} // namespace strata
