// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/compressed_layers.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/file_output.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "layer/cached_fragments.hh"

namespace strata {

namespace {

// A compressed layer on its way: straight to the sink, or to a spool file
// where the sink must know size and digest first.  Used by follow-ups only.
class NewLayer : public ByteOutput {
public:
  NewLayer(Sink &sink, bool spooled, Monitor &monitor)
      : sink_(sink), spooled_(spooled), monitor_(monitor) {}

  void write(Bytes bytes) override {
    if (spooled_ && !spool_)
      spool_ = unnamed_file();
    if (!spooled_ && !blob_)
      blob_ = sink_.begin_blob({});
    {
      Timings::Span span(monitor_.timings(), Activity::write, bytes.size());
      if (spooled_)
        OffsetOutput(spool_, size_).write(bytes);
      else
        blob_->write(bytes);
    }
    Timings::Span span(monitor_.timings(), Activity::hash, bytes.size());
    hash_.write(bytes);
    size_ += bytes.size();
  }

  /// Returns what was written.
  WrittenLayer finish(const Digest &diff_id) {
    WrittenLayer result{hash_.finish(), diff_id, size_};
    if (spooled_) {
      Timings::Span span(monitor_.timings(), Activity::write, size_);
      blob_ = sink_.begin_blob({result.size, result.digest});
      blob_->copy({spool_, _("a temporary file"), size_}, monitor_);
    }
    blob_->finish(result.digest, result.size);
    blob_.reset();
    spool_ = FileDescriptor();
    return result;
  }

private:
  Sink &sink_;
  bool spooled_;
  Monitor &monitor_;
  std::unique_ptr<BlobOutput> blob_;
  FileDescriptor spool_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

// One whose digest is known, so that it is not hashed.  Used by follow-ups
// only.
class OldLayer : public ByteOutput {
public:
  OldLayer(Sink &sink, const LayerContents &contents, const WrittenLayer &layer,
           Monitor &monitor)
      : sink_(sink), contents_(contents), layer_(layer), monitor_(monitor) {}

  void write(Bytes bytes) override {
    Timings::Span span(monitor_.timings(), Activity::write, bytes.size());
    blob().write(bytes);
    size_ += bytes.size();
  }

  void copy(const FileRange &range) {
    Timings::Span span(monitor_.timings(), Activity::write, range.size);
    blob().copy(range, monitor_);
    size_ += range.size;
  }

  void finish() {
    if (size_ != layer_.size)
      fail_changed_layer(contents_);
    blob().finish(layer_.digest, layer_.size);
    blob_.reset();
  }

private:
  BlobOutput &blob() {
    if (!blob_)
      blob_ = sink_.begin_blob({layer_.size, layer_.digest});
    return *blob_;
  }

  Sink &sink_;
  const LayerContents &contents_;
  WrittenLayer layer_;
  Monitor &monitor_;
  std::unique_ptr<BlobOutput> blob_;
  std::uint64_t size_ = 0;
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
  bool begin_item(const LayerItem &item) override {
    return next_.begin_item(item);
  }
  bool end_item() override { return next_.end_item(); }

private:
  FragmentOutput &next_;
  Monitor &monitor_;
};

class LayerWriter {
public:
  LayerWriter(const LayerWork &work, const Compression &compression,
              FragmentCache *cache)
      : work_(work), compressor_(make_compressor(compression)),
        result_(work.layers.size()), there_(work.layers.size()) {
    if (cache != nullptr)
      cache_.emplace(
          KeyedCache{*cache, FragmentKeys(compression, *compressor_)});
  }

  std::vector<WrittenLayer> run() {
    find_known();
    OrderedTasks tasks(work_.jobs, 2 * work_.jobs + 2, work_.monitor.timings());
    for (std::size_t i = 0; i < result_.size(); ++i) {
      if (!known_[i])
        write_new(i, tasks);
      else if (!there_[i])
        write_known(i, tasks);
      else
        cache_->cache.image_has_grown(work_.measures[i].size);
      if (known_[i])
        work_.monitor.advance(work_.measures[i].size);
    }
    tasks.wait();
    return result_;
  }

private:
  // Which layers the cache knows, and which of them the sink has.
  void find_known() {
    known_.resize(result_.size());
    if (!cache_)
      return;
    Timings::Span span(work_.monitor.timings(), Activity::cache);
    for (std::size_t i = 0; i < result_.size(); ++i) {
      known_[i] =
          find_known_layer(*cache_, work_.layers[i], work_.measures[i].stamp);
      if (known_[i] && work_.monitor.timings() != nullptr)
        work_.monitor.timings()->count_look_ups(true,
                                                work_.layers[i].items.size());
      if (known_[i])
        result_[i] = {known_[i]->layer.digest, known_[i]->layer.diff_id,
                      known_[i]->layer.size};
    }
    parallel_for(result_.size(), work_.jobs, [&](std::size_t i) {
      if (!known_[i])
        return;
      Timings::Span verification(work_.monitor.timings(), Activity::hash);
      there_[i] = work_.sink.has_blob(result_[i].digest, result_[i].size);
      if (there_[i])
        verification.add(result_[i].size);
    });
  }

  // TAKE and COPY: as in FragmentWork.
  FragmentWork fragments(std::size_t i, OrderedTasks &tasks,
                         std::function<void(Bytes)> take,
                         std::function<void(const FileRange &)> copy) {
    return {work_.layers[i], *compressor_,
            tasks,           cache_ ? &*cache_ : nullptr,
            std::move(take), std::move(copy),
            work_.monitor};
  }

  void write_known(std::size_t i, OrderedTasks &tasks) {
    auto layer = std::make_shared<OldLayer>(work_.sink, work_.layers[i],
                                            result_[i], work_.monitor);
    FragmentWork work = fragments(
        i, tasks, [layer](Bytes bytes) { layer->write(bytes); },
        [layer](const FileRange &range) { layer->copy(range); });
    KnownFragments output(work, known_[i]->fragments, work_.jobs);
    write_layer(work_.layers[i], output, work_.monitor);
    tasks.submit([this, i, layer] {
      return [this, i, layer] {
        layer->finish();
        cache_->cache.image_has_grown(work_.measures[i].size);
      };
    });
  }

  void write_new(std::size_t i, OrderedTasks &tasks) {
    // A block that does not shrink is stored, which adds a little.
    std::uint64_t size = work_.measures[i].size;
    std::uint64_t may_be = size + size / 1000 + 65536;
    bool spooled = work_.sink.needs_expectation() ||
                   may_be > work_.sink.largest_unexpected();
    auto layer = std::make_shared<NewLayer>(work_.sink, spooled, work_.monitor);
    CachedFragments output(fragments(
        i, tasks, [layer](Bytes bytes) { layer->write(bytes); },
        [layer, this](const FileRange &range) {
          copy_to_output(range, *layer, work_.monitor);
        }));
    CountedFragments counted(output, work_.monitor);
    write_layer(work_.layers[i], counted, work_.monitor);
    Digest diff_id = output.finish_diff_id();
    tasks.submit([this, i, layer, diff_id, digests = output.fragments()] {
      return [this, i, layer, diff_id, digests] {
        result_[i] = layer->finish(diff_id);
        if (cache_)
          cache_->cache.image_has_grown(work_.measures[i].size);
        if (cache_ && *digests)
          remember(i, **digests);
      };
    });
  }

  void remember(std::size_t i, const std::vector<Digest> &fragments) {
    if (const auto &stamp = work_.measures[i].stamp)
      cache_->cache.add(
          cache_->keys.of_layer(work_.layers[i], fragments, *stamp),
          CachedLayer{result_[i].diff_id, result_[i].digest, result_[i].size});
  }

  const LayerWork &work_;
  std::unique_ptr<Compressor> compressor_;
  std::optional<KeyedCache> cache_;
  std::vector<WrittenLayer> result_;
  std::vector<std::optional<KnownLayer>> known_;
  std::vector<char> there_; // bytes, which threads can write side by side
};

} // namespace

std::vector<WrittenLayer> write_compressed(const LayerWork &work,
                                           const Compression &compression,
                                           FragmentCache *cache) {
  return LayerWriter(work, compression, cache).run();
}

} // namespace strata
