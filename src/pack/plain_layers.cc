// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plain_layers.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "layer/fragment_keys.hh"

#include <algorithm>
#include <numeric>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;

// Hashes bytes: itself, or on a thread of its own beside the caller.
class LayerHash {
public:
  LayerHash(bool aside, Timings *timings) : timings_(timings) {
    if (aside)
      thread_ = std::make_unique<OrderedTasks>(1, 4, timings);
  }

  void write(Bytes bytes) {
    if (!thread_)
      return add(bytes);
    auto copy = std::make_shared<const std::vector<std::byte>>(bytes.begin(),
                                                               bytes.end());
    thread_->submit([this, copy] {
      add(*copy);
      return [] {};
    });
  }

  Digest finish() {
    if (thread_)
      thread_->wait();
    return hash_.finish();
  }

private:
  void add(Bytes bytes) {
    Timings::Span span(timings_, Activity::hash, bytes.size());
    hash_.write(bytes);
  }

  Timings *timings_;
  Sha256 hash_;
  std::unique_ptr<OrderedTasks> thread_; // last: it ends before the hash
};

// Where the bytes of a layer go: through a hash, into a blob, or both.
class PlainOutput : public FragmentOutput {
public:
  PlainOutput(LayerHash *hash, ByteOutput *blob, Monitor &monitor)
      : target_(hash, blob, monitor), buffered_(target_, buffer_size) {}

  void write(Bytes bytes) override { buffered_.write(bytes); }
  void end_fragment() override {}

  /// Returns how many bytes there were.
  std::uint64_t finish() {
    buffered_.flush();
    return target_.size;
  }

private:
  struct Target : ByteOutput {
    Target(LayerHash *hash, ByteOutput *blob, Monitor &monitor)
        : hash(hash), blob(blob), monitor(monitor) {}
    void write(Bytes bytes) override {
      if (hash != nullptr)
        hash->write(bytes);
      if (blob != nullptr)
        give(bytes);
      size += bytes.size();
    }
    void give(Bytes bytes) {
      Timings::Span span(monitor.timings(), Activity::write, bytes.size());
      blob->write(bytes);
      monitor.advance(bytes.size());
    }
    LayerHash *hash;
    ByteOutput *blob;
    Monitor &monitor;
    std::uint64_t size = 0;
  };

  Target target_;
  BufferedOutput buffered_;
};

class PlainWriter {
public:
  PlainWriter(const LayerWork &work, FragmentCache *cache)
      : work_(work), cache_(cache), count_(work.layers.size()), result_(count_),
        known_(count_), there_(count_) {
    for (const LayerMeasure &measure : work.measures)
      total_ += measure.size;
  }

  std::vector<WrittenLayer> run() {
    find_known();
    if (work_.sink.needs_expectation())
      write_in_order();
    else
      write_side_by_side();
    remember();
    return result_;
  }

private:
  const LayerContents &layer(std::size_t i) const { return work_.layers[i]; }
  std::uint64_t size(std::size_t i) const { return work_.measures[i].size; }

  std::optional<Digest> key(std::size_t i) const {
    const auto &stamp = work_.measures[i].stamp;
    if (cache_ == nullptr || !stamp)
      return {};
    return plain_layer_key(layer(i), *stamp);
  }

  // Which layers the cache knows, and which of them the sink has.
  void find_known() {
    Timings *timings = work_.monitor.timings();
    Timings::Span span(timings, Activity::cache);
    for (std::size_t i = 0; i < count_; ++i) {
      if (cache_ == nullptr || !can_be_known(layer(i)))
        continue;
      auto wanted = key(i);
      auto found = wanted ? cache_->find_layer(*wanted) : std::nullopt;
      if (found && found->size == size(i)) {
        result_[i] = {found->digest, found->diff_id, found->size};
        known_[i] = true;
      }
      if (timings != nullptr)
        timings->count_look_ups(known_[i], layer(i).items.size());
    }
    parallel_for(count_, work_.jobs, [&](std::size_t i) {
      there_[i] =
          known_[i] && work_.sink.has_blob(result_[i].digest, result_[i].size);
    });
  }

  // Calls BODY(i) for each layer, the largest first, so that no thread is left
  // alone with a large one at the end.
  void for_layers(const std::function<void(std::size_t)> &body) {
    std::vector<std::size_t> order(count_);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(
        order.begin(), order.end(),
        [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
    parallel_for(count_, work_.jobs, [&](std::size_t i) { body(order[i]); });
  }

  void write_side_by_side() {
    std::vector<std::unique_ptr<BlobOutput>> blobs(count_);
    for (std::size_t i = 0; i < count_; ++i)
      if (!there_[i])
        blobs[i] = work_.sink.begin_blob({size(i), {}});
    for_layers([&](std::size_t i) {
      if (there_[i])
        return work_.monitor.advance(size(i));
      write(i, blobs[i].get());
      blobs[i]->finish(result_[i].digest, result_[i].size);
      blobs[i].reset();
    });
  }

  void write_in_order() {
    for_layers([&](std::size_t i) {
      if (!known_[i])
        write(i, nullptr);
    });
    for (std::size_t i = 0; i < count_; ++i) {
      WrittenLayer expected = result_[i];
      auto blob = work_.sink.begin_blob({expected.size, expected.digest});
      write(i, blob.get());
      if (result_[i].digest != expected.digest)
        fail_changed_layer(layer(i));
      blob->finish(result_[i].digest, result_[i].size);
    }
  }

  // Reads a layer into BLOB, which may be null; hashes it unless it is known.
  void write(std::size_t i, ByteOutput *blob) {
    // A layer that would keep one thread busy longer than the others have work
    // is hashed on another one.
    bool aside = work_.jobs > 1 && size(i) > total_ / work_.jobs;
    LayerHash hash(aside && !known_[i], work_.monitor.timings());
    PlainOutput output(known_[i] ? nullptr : &hash, blob, work_.monitor);
    LayerStamp stamp;
    write_layer(layer(i), output, work_.monitor, known_[i] ? &stamp : nullptr);
    std::uint64_t written = output.finish();
    if (written != size(i) ||
        (known_[i] && stamp.finish() != work_.measures[i].stamp))
      fail_changed_layer(layer(i));
    if (known_[i])
      return;
    Digest digest = hash.finish();
    result_[i] = {digest, digest, written};
  }

  void remember() {
    for (std::size_t i = 0; i < count_; ++i)
      if (auto wanted = known_[i] ? std::nullopt : key(i))
        cache_->add(*wanted, CachedLayer{result_[i].diff_id, result_[i].digest,
                                         result_[i].size});
  }

  const LayerWork &work_;
  FragmentCache *cache_;
  std::size_t count_;
  std::uint64_t total_ = 0; // bytes
  std::vector<WrittenLayer> result_;
  std::vector<char> known_, there_; // bytes, which threads can write
};

} // namespace

std::vector<WrittenLayer> write_plain(const LayerWork &work,
                                      FragmentCache *cache) {
  return PlainWriter(work, cache).run();
}

} // namespace strata
