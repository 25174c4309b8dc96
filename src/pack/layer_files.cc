// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/layer_files.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "base/threads.hh"

#include <algorithm>
#include <numeric>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;

// Hashes plain bytes and, if there is one, gives them to a blob.
class PlainOutput : public FragmentOutput {
public:
  PlainOutput(ByteOutput *blob, Monitor &monitor)
      : target_(hash_, blob, monitor), buffered_(target_, buffer_size) {}

  void write(Bytes bytes) override { buffered_.write(bytes); }
  void end_fragment() override {}

  WrittenLayer finish() {
    buffered_.flush();
    Digest digest = hash_.finish();
    return {digest, digest, target_.size};
  }

private:
  struct Target : ByteOutput {
    Target(Sha256 &hash, ByteOutput *blob, Monitor &monitor)
        : hash(hash), blob(blob), monitor(monitor) {}
    void write(Bytes bytes) override {
      {
        Timings::Span span(monitor.timings(), Activity::hash, bytes.size());
        hash.write(bytes);
      }
      if (blob != nullptr)
        give(bytes);
      size += bytes.size();
    }
    void give(Bytes bytes) {
      Timings::Span span(monitor.timings(), Activity::write, bytes.size());
      blob->write(bytes);
      monitor.advance(bytes.size());
    }
    Sha256 &hash;
    ByteOutput *blob;
    Monitor &monitor;
    std::uint64_t size = 0;
  };

  Sha256 hash_;
  Target target_;
  BufferedOutput buffered_;
};

// Calls BODY(i) for each layer, the largest first, so that no thread is left
// alone with a large one at the end.
void for_layers(const LayerWork &work,
                const std::function<void(std::size_t)> &body) {
  std::vector<std::size_t> order(work.layers.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return work.sizes[a] > work.sizes[b];
                   });
  parallel_for(order.size(), work.jobs, [&](std::size_t i) { body(order[i]); });
}

std::vector<WrittenLayer> write_in_place(const LayerWork &work) {
  std::vector<std::unique_ptr<BlobOutput>> blobs;
  for (std::uint64_t size : work.sizes)
    blobs.push_back(work.sink.begin_blob({size, {}}));
  std::vector<WrittenLayer> result(work.layers.size());
  for_layers(work, [&](std::size_t i) {
    PlainOutput output(blobs[i].get(), work.monitor);
    write_layer(work.layers[i], output, work.monitor);
    result[i] = output.finish();
    if (result[i].size != work.sizes[i])
      fail_changed_layer();
    blobs[i]->finish(result[i].digest, result[i].size);
    blobs[i].reset();
  });
  return result;
}

std::vector<WrittenLayer> write_twice_read(const LayerWork &work) {
  std::vector<WrittenLayer> result(work.layers.size());
  for_layers(work, [&](std::size_t i) {
    PlainOutput output(nullptr, work.monitor);
    write_layer(work.layers[i], output, work.monitor);
    result[i] = output.finish();
  });
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto blob = work.sink.begin_blob({result[i].size, result[i].digest});
    PlainOutput output(blob.get(), work.monitor);
    write_layer(work.layers[i], output, work.monitor);
    WrittenLayer again = output.finish();
    blob->finish(again.digest, again.size);
  }
  return result;
}

} // namespace

std::vector<std::uint64_t>
measure_layers(const std::vector<LayerContents> &layers, unsigned jobs,
               Monitor &monitor) {
  std::vector<std::uint64_t> sizes(layers.size());
  parallel_for(layers.size(), thread_count(jobs), [&](std::size_t i) {
    sizes[i] = layer_size(layers[i], monitor);
  });
  return sizes;
}

std::vector<WrittenLayer> write_layers(const LayerWork &work,
                                       const Compression &compression,
                                       FragmentCache *cache) {
  work.monitor.begin_stage(
      _("writing layers"),
      std::accumulate(work.sizes.begin(), work.sizes.end(), std::uint64_t(0)));
  if (compression.tool != Compression::Tool::none)
    return write_compressed(work, compression, cache);
  return work.sink.needs_expectation() ? write_twice_read(work)
                                       : write_in_place(work);
}

} // namespace strata
