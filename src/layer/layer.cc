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
  virtual bool begin_item(const LayerItem &) { return true; }
  virtual bool end_item() { return true; }
};

class EntryWriter : public EntryTaker {
public:
  EntryWriter(FragmentOutput &output, Monitor &monitor,
              LayerStamp *stamp = nullptr)
      : monitor_(monitor), stamp_(stamp),
        span_(monitor.timings(), Activity::read), output_(output),
        writer_(output) {}

  // ENTRY is null for a directory that no walk shows.
  void take(TarEntry &tar_entry, Entry *entry) override {
    if (entry != nullptr && tar_entry.kind == Kind::file) {
      entry->open();
      tar_entry.size = entry->size();
      tar_entry.attributes = entry->attributes();
    }
    if (stamp_ != nullptr)
      stamp_->add(tar_entry, entry);
    writer_.begin(tar_entry);
    if (tar_entry.size > 0)
      entry->read(writer_);
    span_.add(tar_entry.size);
    writer_.end_entry();
    monitor_.check();
  }

  void end_fragment() override { output_.end_fragment(); }
  bool begin_item(const LayerItem &item) override {
    return output_.begin_item(item);
  }
  bool end_item() override { return output_.end_item(); }

  void finish() {
    writer_.finish();
    output_.end_fragment();
  }

private:
  Monitor &monitor_;
  LayerStamp *stamp_;
  Timings::Span span_;
  FragmentOutput &output_;
  TarWriter writer_;
};

class EntryMeasurer : public EntryTaker {
public:
  EntryMeasurer(Monitor &monitor, LayerStamp *stamp)
      : monitor_(monitor), stamp_(stamp) {}

  void take(TarEntry &tar_entry, Entry *entry) override {
    if (entry != nullptr)
      tar_entry.size = entry->size();
    if (stamp_ != nullptr)
      stamp_->add(tar_entry, entry);
    size_ += sizes_.of(tar_entry) + tar_padded(tar_entry.size);
    monitor_.check();
  }

  void end_fragment() override {}

  std::uint64_t size() const { return size_ + tar_end_size; }

private:
  Monitor &monitor_;
  LayerStamp *stamp_;
  TarHeaderSizes sizes_;
  std::uint64_t size_ = 0;
};

// Gives entries to a taker under the names that they have in the layer.
class Namer {
public:
  Namer(const LayerContents &layer, EntryTaker &taker)
      : layer_(layer), taker_(taker) {}

  // A directory that no walk shows.
  void add_parent(const std::string &path, Attributes attributes) {
    TarEntry entry{path, Kind::directory, attributes, 0, {}, layer_.style};
    add(entry, nullptr);
    if (layer_.transformations.empty())
      done_.insert(path);
  }

  void add(TarEntry &tar_entry, Entry *entry) {
    std::string &path = tar_entry.path;
    path = transformed(std::move(path), layer_.transformations);
    bool directory = tar_entry.kind == Kind::directory;
    if (path.empty() || is_there(path, directory))
      return;
    check_name(path, base_name(path));
    if (!layer_.transformations.empty())
      check_folders(path);
    if (directory)
      path += '/';
    taker_.take(tar_entry, entry);
  }

  void end_fragment() { taker_.end_fragment(); }
  const EntryStyle &style() const { return layer_.style; }

private:
  static void check_name(const std::string &path, std::string_view name) {
    const char *cause = nullptr;
    if (name.starts_with(whiteout_prefix))
      cause = _("names that begin with '.wh.' mean removed files there");
    else if (name.empty() || name == "." || name == "..")
      cause = _("a name has no parts that are empty, '.' or '..'");
    if (cause != nullptr)
      throw Error(
          format(_("cannot put '/%s' into a layer"), printable(path).c_str()),
          cause);
  }

  // A transformation can name folders that were never walked.
  static void check_folders(const std::string &path) {
    std::string_view rest = path;
    for (std::size_t slash; (slash = rest.find('/')) != rest.npos;
         rest.remove_prefix(slash + 1))
      check_name(path, rest.substr(0, slash));
  }

  bool is_there(const std::string &path, bool directory) {
    if (layer_.transformations.empty())
      return done_.contains(path); // one of the parents, if at all
    if (done_.insert(path).second)
      return false;
    if (!directory)
      throw Error(format(_("two files would be '/%s' in one layer"),
                         printable(path).c_str()),
                  {}, _("look at the transformations of names"));
    return true;
  }

  const LayerContents &layer_;
  EntryTaker &taker_;
  std::set<std::string> done_; // names, without slashes at their ends
};

// Names the entries of a walk below PREFIX.
class EntriesBelow : public WalkVisitor {
public:
  EntriesBelow(std::string prefix, Namer &namer)
      : prefix_(std::move(prefix)), namer_(namer) {}

  void enter(Entry &entry) override {
    TarEntry tar_entry;
    tar_entry.style = namer_.style();
    tar_entry.path = prefix_;
    if (!prefix_.empty() && !entry.path().empty())
      tar_entry.path += '/';
    tar_entry.path += entry.path();
    tar_entry.kind = entry.kind();
    if (entry.kind() == Kind::symlink)
      tar_entry.target = entry.target();
    if (entry.kind() != Kind::file)
      tar_entry.attributes = entry.attributes();
    namer_.add(tar_entry, &entry);
  }

private:
  std::string prefix_;
  Namer &namer_;
};

// The path in a tar of the logical PATH.
std::string relative(const std::string &path) {
  return path.substr(std::min(path.size(), path.find_first_not_of('/')));
}

void take_parents(const LayerContents &layer, Namer &namer) {
  std::string directory = relative(layer.store_directory);
  for (std::size_t end = 0; end != std::string::npos;) {
    end = directory.find('/', end + 1);
    std::string parent = directory.substr(0, end);
    Attributes attributes{0755, 0, 0};
    if (layer.root)
      attributes = layer.root->directory(parent).value_or(attributes);
    namer.add_parent(parent, attributes);
  }
  namer.end_fragment();
}

void take_item(const LayerItem &item, Namer &namer) {
  EntriesBelow entries(relative(item.path), namer);
  item.content->walk(entries);
}

void take_layer(const LayerContents &layer, EntryTaker &taker) {
  Namer namer(layer, taker);
  if (!layer.items.empty())
    take_parents(layer, namer);
  for (const LayerItem &item : layer.items)
    if (taker.begin_item(item))
      do
        take_item(item, namer);
      while (!taker.end_item());
  if (layer.root) {
    EntriesBelow entries("", namer);
    layer.root->walk(entries);
    namer.end_fragment();
  }
}

} // namespace

void write_layer(const LayerContents &layer, FragmentOutput &output,
                 Monitor &monitor, LayerStamp *stamp) {
  EntryWriter writer(output, monitor, stamp);
  take_layer(layer, writer);
  writer.finish();
}

void write_fragment(const LayerContents &layer, const LayerItem &item,
                    FragmentOutput &output, Monitor &monitor) {
  EntryWriter writer(output, monitor);
  Namer namer(layer, writer);
  take_item(item, namer);
  writer.end_fragment();
}

std::uint64_t layer_size(const LayerContents &layer, Monitor &monitor,
                         LayerStamp *stamp) {
  Timings::Span span(monitor.timings(), Activity::measure);
  EntryMeasurer measurer(monitor, stamp);
  take_layer(layer, measurer);
  return measurer.size();
}

} // namespace strata
