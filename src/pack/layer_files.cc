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

namespace {

// Finds the entry that changed last.  Nobody can set that time, so that it is
// the entry that changed while the image was made.
class LastChange : public WalkVisitor {
public:
  void look_at(const std::string &prefix, const Walkable &content) {
    prefix_ = prefix;
    content.walk(*this);
  }

  void enter(Entry &entry) override {
    auto stamp = entry.stamp();
    if (!stamp || stamp->changed < changed_)
      return;
    changed_ = stamp->changed;
    path_ = prefix_;
    if (!entry.path().empty())
      path_ += "/" + entry.path();
  }

  const std::string &path() const { return path_; }

private:
  std::string prefix_;
  std::int64_t changed_ = 0;
  std::string path_; // logical
};

} // namespace

void fail_changed_layer(const LayerContents &layer) {
  LastChange last;
  for (const LayerItem &item : layer.items)
    last.look_at(item.path, *item.content);
  if (layer.root)
    last.look_at({}, *layer.root);
  const char *cause = _("a file in it changed while the image was made");
  if (last.path().empty())
    throw Error(_("cannot write a layer"), cause);
  throw Error(format(_("cannot write the layer of '%s'"),
                     printable(last.path()).c_str()),
              cause, _("of all files in it, this one changed last"));
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
