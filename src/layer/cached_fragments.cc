// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/cached_fragments.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <utility>

namespace strata {

namespace {

void copy(const FragmentWork &work, const FileDescriptor &file,
          const CachedFragment &fragment) {
  Timings::Span span(work.monitor.timings(), Activity::cache, fragment.size);
  work.copy({file, _("a file of the cache"), fragment.size});
}

// Compresses ITEM anew, in a follow-up: its cached FRAGMENT was damaged.
void rebuild(const FragmentWork &work, const LayerItem &item,
             const CachedFragment &fragment, unsigned jobs) {
  auto fresh = work.cache->cache.begin();
  Sha256 hash;
  {
    OrderedTasks tasks(jobs, 2 * jobs + 2);
    CompressedFragments blocks(work.compressor, tasks, [&](Bytes bytes) {
      hash.write(bytes);
      work.take(bytes);
      if (fresh)
        fresh->write(bytes);
    });
    write_fragment(work.layer, item, blocks, work.monitor);
    tasks.wait();
  }
  if (hash.finish() != fragment.digest)
    throw Error(
        format(_("cannot write the item '%s'"), printable(item.path).c_str()),
        _("it is not what it was when it was registered"),
        _("repair the store, or use no cache"));
  if (fresh)
    work.cache->cache.add(*work.cache->keys.of_item(work.layer, item), *fresh,
                          fragment.plain);
}

} // namespace

CachedFragments::CachedFragments(FragmentWork work)
    : work_(std::move(work)),
      blocks_(work_.compressor, work_.tasks, work_.take),
      fragments_(std::make_shared<Digests>(std::in_place)) {}

bool CachedFragments::begin_item(const LayerItem &item) {
  key_.reset();
  known_.reset();
  if (work_.cache != nullptr)
    key_ = work_.cache->keys.of_item(work_.layer, item);
  if (key_)
    known_ = work_.cache->cache.find_fragment(*key_);
  if (key_ && work_.monitor.timings() != nullptr)
    work_.monitor.timings()->count_look_ups(known_.has_value(), 1);
  if (known_) {
    before_ = diff_id_.copy();
    plain_.emplace();
  } else {
    begin_new();
  }
  return true;
}

void CachedFragments::begin_new() {
  if (key_)
    new_ = work_.cache->cache.begin();
  if (!new_)
    return;
  plain_.emplace();
  blocks_.set_take([take = work_.take, fresh = new_](Bytes bytes) {
    take(bytes);
    fresh->write(bytes);
  });
}

void CachedFragments::write(Bytes bytes) {
  {
    Timings::Span span(work_.monitor.timings(), Activity::hash, bytes.size());
    diff_id_.write(bytes);
    if (plain_)
      plain_->write(bytes);
  }
  if (!known_)
    blocks_.write(bytes);
}

bool CachedFragments::end_item() {
  if (!known_) {
    finish_new();
    return true;
  }
  FileDescriptor file;
  if (std::exchange(plain_, {})->finish() == known_->plain)
    file = work_.cache->cache.open(*known_);
  if (file) {
    take_cached(std::move(file));
    known_.reset();
    return true;
  }
  // Damaged, or the item is not what it was: once more, without the cache.
  known_.reset();
  diff_id_ = std::move(*before_);
  begin_new();
  return false;
}

void CachedFragments::take_cached(FileDescriptor file) {
  auto shared = std::make_shared<const FileDescriptor>(std::move(file));
  work_.tasks.submit(
      [this_work = work_, fragments = fragments_, fragment = *known_, shared] {
        return [this_work, fragments, fragment, shared] {
          copy(this_work, *shared, fragment);
          if (*fragments)
            (*fragments)->push_back(fragment.digest);
        };
      });
}

void CachedFragments::finish_new() {
  blocks_.end_fragment();
  blocks_.set_take(work_.take);
  std::optional<Digest> plain;
  if (auto hash = std::exchange(plain_, {}))
    plain = hash->finish();
  work_.tasks.submit([cache = work_.cache, fragments = fragments_, key = key_,
                      plain, fresh = std::exchange(new_, {})] {
    return [=] {
      std::optional<Digest> digest;
      if (fresh)
        digest = cache->cache.add(*key, *fresh, *plain);
      if (!digest)
        fragments->reset();
      else if (*fragments)
        (*fragments)->push_back(*digest);
    };
  });
}

std::optional<KnownLayer> find_known_layer(const KeyedCache &cache,
                                           const LayerContents &layer,
                                           const std::optional<Digest> &stamp) {
  if (!stamp || !can_be_known(layer))
    return {};
  KnownLayer result;
  std::vector<Digest> digests;
  for (const LayerItem &item : layer.items) {
    auto key = cache.keys.of_item(layer, item);
    auto fragment = key ? cache.cache.find_fragment(*key) : std::nullopt;
    if (!fragment)
      return {};
    digests.push_back(fragment->digest);
    result.fragments.push_back(*fragment);
  }
  auto known =
      cache.cache.find_layer(cache.keys.of_layer(layer, digests, *stamp));
  if (!known)
    return {};
  result.layer = *known;
  return result;
}

KnownFragments::KnownFragments(FragmentWork work,
                               std::vector<CachedFragment> fragments,
                               unsigned jobs)
    : work_(std::move(work)),
      blocks_(work_.compressor, work_.tasks, work_.take),
      fragments_(std::move(fragments)), jobs_(jobs) {}

bool KnownFragments::begin_item(const LayerItem &item) {
  work_.tasks.submit(
      [work = work_, &item, fragment = fragments_[next_++], jobs = jobs_] {
        auto file = std::make_shared<const FileDescriptor>(
            work.cache->cache.open(fragment));
        return [work, &item, fragment, jobs, file] {
          if (*file)
            copy(work, *file, fragment);
          else
            rebuild(work, item, fragment, jobs);
        };
      });
  return false;
}

} // namespace strata
