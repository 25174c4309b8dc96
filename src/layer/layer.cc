// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/layer.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "layer/tar_writer.hh"

#include <set>

namespace strata {

namespace {

constexpr std::string_view whiteout_prefix = ".wh.";

/// What is done with the entries of a layer: written or measured.
class EntryTaker {
public:
  virtual ~EntryTaker() = default;
  virtual void take(TarEntry &tar_entry, Entry *entry) = 0;
  virtual void end_fragment() = 0;
};

class EntryWriter : public EntryTaker {
public:
  EntryWriter(FragmentOutput &output, Monitor &monitor)
      : monitor_(monitor), output_(output), writer_(output) {}

  // ENTRY is null for a directory that no walk shows.
  void take(TarEntry &tar_entry, Entry *entry) override {
    if (entry != nullptr && tar_entry.kind == Kind::file) {
      entry->open();
      tar_entry.size = entry->size();
      tar_entry.attributes = entry->attributes();
    }
    writer_.begin(tar_entry);
    if (tar_entry.size > 0)
      entry->read(writer_);
    writer_.end_entry();
    monitor_.check();
  }

  void end_fragment() override { output_.end_fragment(); }

  void finish() {
    writer_.finish();
    output_.end_fragment();
  }

private:
  Monitor &monitor_;
  FragmentOutput &output_;
  TarWriter writer_;
};

class EntryMeasurer : public EntryTaker {
public:
  explicit EntryMeasurer(Monitor &monitor) : monitor_(monitor) {}

  void take(TarEntry &tar_entry, Entry *entry) override {
    if (entry != nullptr)
      tar_entry.size = entry->size();
    size_ += sizes_.of(tar_entry) + tar_padded(tar_entry.size);
    monitor_.check();
  }

  void end_fragment() override {}

  std::uint64_t size() const { return size_ + tar_end_size; }

private:
  Monitor &monitor_;
  TarHeaderSizes sizes_;
  std::uint64_t size_ = 0;
};

// Gives the entries of a walk to a taker, under the path PREFIX in the layer.
class EntriesBelow : public WalkVisitor {
public:
  EntriesBelow(std::string prefix, EntryTaker &taker,
               const std::set<std::string> &done)
      : prefix_(std::move(prefix)), taker_(taker), done_(done) {}

  void enter(Entry &entry) override {
    TarEntry tar_entry;
    tar_entry.path = prefix_;
    if (!prefix_.empty() && !entry.path().empty())
      tar_entry.path += '/';
    tar_entry.path += entry.path();
    if (tar_entry.path.empty() || done_.contains(tar_entry.path))
      return;
    if (base_name(tar_entry.path).starts_with(whiteout_prefix))
      throw Error(format(_("cannot put '/%s' into a layer"),
                         printable(tar_entry.path).c_str()),
                  _("names that begin with '.wh.' mean removed files there"));
    tar_entry.kind = entry.kind();
    if (entry.kind() == Kind::symlink)
      tar_entry.target = entry.target();
    if (entry.kind() != Kind::file)
      tar_entry.attributes = entry.attributes();
    if (entry.kind() == Kind::directory)
      tar_entry.path += '/';
    taker_.take(tar_entry, &entry);
  }

private:
  std::string prefix_;
  EntryTaker &taker_;
  const std::set<std::string> &done_; // directories that are there already
};

// The path in a tar of the logical PATH.
std::string relative(const std::string &path) {
  return path.substr(std::min(path.size(), path.find_first_not_of('/')));
}

void take_layer(const LayerContents &layer, EntryTaker &taker) {
  std::set<std::string> done;
  if (!layer.items.empty()) {
    std::string directory = relative(layer.store_directory);
    for (std::size_t end = 0; end != std::string::npos;) {
      end = directory.find('/', end + 1);
      std::string parent = directory.substr(0, end);
      Attributes attributes{0755, 0, 0};
      if (layer.root)
        attributes = layer.root->directory(parent).value_or(attributes);
      TarEntry entry{parent + "/", Kind::directory, attributes, 0, {}};
      taker.take(entry, nullptr);
      done.insert(parent);
    }
    taker.end_fragment();
  }
  for (const LayerItem &item : layer.items) {
    EntriesBelow entries(relative(item.path), taker, done);
    item.content->walk(entries);
    taker.end_fragment();
  }
  if (layer.root) {
    EntriesBelow entries("", taker, done);
    layer.root->walk(entries);
    taker.end_fragment();
  }
}

} // namespace

void write_layer(const LayerContents &layer, FragmentOutput &output,
                 Monitor &monitor) {
  EntryWriter writer(output, monitor);
  take_layer(layer, writer);
  writer.finish();
}

std::uint64_t layer_size(const LayerContents &layer, Monitor &monitor) {
  EntryMeasurer measurer(monitor);
  take_layer(layer, measurer);
  return measurer.size();
}

} // namespace strata
