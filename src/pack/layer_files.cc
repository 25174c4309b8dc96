// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/layer_files.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "layer/compressed_fragments.hh"

#include <algorithm>
#include <numeric>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;

/// What all ways of writing need.
struct Work {
  const std::vector<LayerContents> &layers;
  const std::vector<std::uint64_t> &sizes;
  Sink &sink;
  unsigned jobs;
  Monitor &monitor;
};

// Hashes plain bytes and, if there is one, gives them to a blob.
class PlainOutput : public FragmentOutput {
public:
  PlainOutput(ByteOutput *blob, Monitor *progress)
      : target_(hash_, blob, progress), buffered_(target_, buffer_size) {}

  void write(Bytes bytes) override { buffered_.write(bytes); }
  void end_fragment() override {}

  WrittenLayer finish() {
    buffered_.flush();
    Digest digest = hash_.finish();
    return {digest, digest, target_.size};
  }

private:
  struct Target : ByteOutput {
    Target(Sha256 &hash, ByteOutput *blob, Monitor *progress)
        : hash(hash), blob(blob), progress(progress) {}
    void write(Bytes bytes) override {
      hash.write(bytes);
      if (blob != nullptr)
        blob->write(bytes);
      if (progress != nullptr)
        progress->advance(bytes.size());
      size += bytes.size();
    }
    Sha256 &hash;
    ByteOutput *blob;
    Monitor *progress;
    std::uint64_t size = 0;
  };

  Sha256 hash_;
  Target target_;
  BufferedOutput buffered_;
};

[[noreturn]] void fail_changed() {
  throw Error(_("cannot write a layer"),
              _("a file in it changed while the image was made"));
}

// Calls BODY(i) for each layer, the largest first, so that no thread is left
// alone with a large one at the end.
void for_layers(const Work &work,
                const std::function<void(std::size_t)> &body) {
  std::vector<std::size_t> order(work.layers.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) {
                     return work.sizes[a] > work.sizes[b];
                   });
  parallel_for(order.size(), work.jobs, [&](std::size_t i) { body(order[i]); });
}

std::vector<WrittenLayer> write_in_place(const Work &work) {
  std::vector<std::unique_ptr<BlobOutput>> blobs;
  for (std::uint64_t size : work.sizes)
    blobs.push_back(work.sink.begin_blob({size, {}}));
  std::vector<WrittenLayer> result(work.layers.size());
  for_layers(work, [&](std::size_t i) {
    PlainOutput output(blobs[i].get(), &work.monitor);
    write_layer(work.layers[i], output, work.monitor);
    result[i] = output.finish();
    if (result[i].size != work.sizes[i])
      fail_changed();
    blobs[i]->finish(result[i].digest, result[i].size);
    blobs[i].reset();
  });
  return result;
}

std::vector<WrittenLayer> write_twice_read(const Work &work) {
  std::vector<WrittenLayer> result(work.layers.size());
  for_layers(work, [&](std::size_t i) {
    PlainOutput output(nullptr, nullptr);
    write_layer(work.layers[i], output, work.monitor);
    result[i] = output.finish();
  });
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto blob = work.sink.begin_blob({result[i].size, result[i].digest});
    PlainOutput output(blob.get(), &work.monitor);
    write_layer(work.layers[i], output, work.monitor);
    WrittenLayer again = output.finish();
    blob->finish(again.digest, again.size);
  }
  return result;
}

// A compressed layer on its way: straight to the sink, or to a spool file
// where the sink must know size and digest first.  Used by follow-ups only.
class CompressedLayer {
public:
  CompressedLayer(Sink &sink, bool spooled, WrittenLayer &result)
      : sink_(sink), spooled_(spooled), result_(result) {}

  void write(Bytes bytes) {
    if (spooled_ && !spool_)
      spool_ = unnamed_file();
    if (!spooled_ && !blob_)
      blob_ = sink_.begin_blob({});
    if (spooled_)
      FileOutput(spool_, _("a temporary file")).write(bytes);
    else
      blob_->write(bytes);
    hash_.write(bytes);
    result_.size += bytes.size();
  }

  void finish() {
    result_.digest = hash_.finish();
    if (spooled_)
      copy_spool();
    blob_->finish(result_.digest, result_.size);
    blob_.reset();
    spool_ = FileDescriptor();
  }

private:
  void copy_spool() {
    blob_ = sink_.begin_blob({result_.size, result_.digest});
    std::vector<std::byte> buffer(buffer_size);
    for (std::uint64_t offset = 0; offset < result_.size;) {
      std::size_t got = read_at(spool_, _("a temporary file"), buffer.data(),
                                buffer.size(), offset);
      if (got == 0)
        fail_changed();
      blob_->write(Bytes(buffer).first(got));
      offset += got;
    }
  }

  Sink &sink_;
  bool spooled_;
  WrittenLayer &result_;
  std::unique_ptr<BlobOutput> blob_;
  FileDescriptor spool_;
  Sha256 hash_;
};

// Counts plain bytes on their way to the compressor.
class CountedFragments : public FragmentOutput {
public:
  CountedFragments(FragmentOutput &next, Monitor &monitor)
      : next_(next), monitor_(monitor) {}
  void write(Bytes bytes) override {
    next_.write(bytes);
    monitor_.advance(bytes.size());
  }
  void end_fragment() override { next_.end_fragment(); }

private:
  FragmentOutput &next_;
  Monitor &monitor_;
};

std::vector<WrittenLayer> write_compressed(const Work &work,
                                           const Compressor &compressor) {
  std::vector<WrittenLayer> result(work.layers.size());
  // A block that does not shrink is stored, which adds a little.
  auto may_be = [](std::uint64_t size) { return size + size / 1000 + 65536; };
  OrderedTasks tasks(work.jobs, 2 * work.jobs + 2);
  for (std::size_t i = 0; i < result.size(); ++i) {
    bool spooled = work.sink.needs_expectation() ||
                   may_be(work.sizes[i]) > work.sink.largest_unexpected();
    auto layer =
        std::make_shared<CompressedLayer>(work.sink, spooled, result[i]);
    CompressedFragments fragments(
        compressor, tasks, [layer](Bytes bytes) { layer->write(bytes); });
    CountedFragments counted(fragments, work.monitor);
    write_layer(work.layers[i], counted, work.monitor);
    result[i].diff_id = fragments.finish_diff_id();
    tasks.submit([layer] { return [layer] { layer->finish(); }; });
  }
  tasks.wait();
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

std::vector<WrittenLayer> write_layers(const std::vector<LayerContents> &layers,
                                       const std::vector<std::uint64_t> &sizes,
                                       const Compression &compression,
                                       Sink &sink, unsigned jobs,
                                       Monitor &monitor) {
  Work work{layers, sizes, sink, thread_count(jobs), monitor};
  monitor.begin_stage(
      _("writing layers"),
      std::accumulate(sizes.begin(), sizes.end(), std::uint64_t(0)));
  if (compression.tool != Compression::Tool::none)
    return write_compressed(work, *make_compressor(compression));
  return sink.needs_expectation() ? write_twice_read(work)
                                  : write_in_place(work);
}

} // namespace strata
