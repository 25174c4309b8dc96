// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/reference_graph_file.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <charconv>
#include <functional>

namespace strata {

namespace {

constexpr std::size_t largest_file = std::size_t(1) << 30; // bytes

[[noreturn]] void fail(const std::string &file, std::size_t line,
                       std::string cause) {
  throw Error(format(_("cannot read the reference graph '%s', line %zu"),
                     printable(file).c_str(), line),
              std::move(cause));
}

// Where an item is declared, else where it is mentioned.
struct Mention {
  const std::string *file;
  std::size_t line; // from 1
  bool declared = false;
};

// The lines of one file.
class Lines {
public:
  Lines(const std::string &file, std::string_view content)
      : file_(file), rest_(content) {}

  const std::string &file() const { return file_; }
  std::size_t number() const { return number_; } // of the last line, from 1
  bool at_end() const { return rest_.empty(); }

  std::string_view next() {
    ++number_;
    std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos)
      fail(file_, number_, _("the file ends too early"));
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  // Every reference is a line of its own, so that a number above that of the
  // bytes left cannot be right.
  std::size_t next_count() {
    std::string_view line = next();
    std::size_t count = 0;
    auto [end, error] =
        std::from_chars(line.data(), line.data() + line.size(), count);
    if (error == std::errc::result_out_of_range)
      fail(file_, number_, _("the number of references is too large"));
    if (error != std::errc() || end != line.data() + line.size())
      fail(file_, number_,
           format(_("'%s' is no number of references"),
                  printable(line.substr(0, 300)).c_str()));
    if (count > rest_.size())
      fail(file_, number_, _("the number of references is too large"));
    return count;
  }

private:
  const std::string &file_;
  std::string_view rest_;
  std::size_t number_ = 0;
};

// The places of paths in a list of items that grows.  Half of the table is
// empty; where a place is taken, the next one is tried.
class Places {
public:
  static std::uint64_t hash_of(std::string_view path) {
    return std::hash<std::string_view>()(path);
  }

  // The place of PATH, whose hash is HASH, or that of the end of ITEMS, where
  // it is to be added.
  ItemIndex find_or_add(const std::vector<Item> &items, std::string_view path,
                        std::uint64_t hash) {
    if (items.size() * 2 >= slots_.size())
      grow(items);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].used; at = (at + 1) & (slots_.size() - 1))
      if (slots_[at].hash == hash >> 32 && items[slots_[at].place].path == path)
        return slots_[at].place;
    auto place = static_cast<ItemIndex>(items.size());
    slots_[at] = {static_cast<std::uint32_t>(hash >> 32), place, true};
    return place;
  }

  // What find_or_add will look at lies anywhere in memory.  Fetching it for
  // several paths at a time halves the time: call the first, later the second.
  void fetch_slot(std::uint64_t hash) const {
    if (!slots_.empty())
      __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  void fetch_item(const std::vector<Item> &items, std::uint64_t hash) const {
    if (slots_.empty())
      return;
    const Slot &slot = slots_[hash & (slots_.size() - 1)];
    if (slot.used)
      __builtin_prefetch(&items[slot.place]);
  }

private:
  struct Slot {
    std::uint32_t hash = 0; // the first half of it
    ItemIndex place = 0;
    bool used = false;
  };

  void grow(const std::vector<Item> &items) {
    slots_.assign(std::max<std::size_t>(slots_.size() * 2, 1024), {});
    for (std::size_t i = 0; i < items.size(); ++i) {
      std::uint64_t hash = hash_of(items[i].path);
      std::size_t at = hash & (slots_.size() - 1);
      while (slots_[at].used)
        at = (at + 1) & (slots_.size() - 1);
      slots_[at] = {static_cast<std::uint32_t>(hash >> 32),
                    static_cast<ItemIndex>(i), true};
    }
  }

  std::vector<Slot> slots_; // a power of two
};

// Gathers what files declare.  Each path is kept and checked once.
class Gatherer {
public:
  explicit Gatherer(const std::string &directory) : directory_(directory) {}

  void read(const std::string &file, const Monitor &monitor) {
    std::string content = read_file(file, largest_file, monitor);
    Lines lines(file, content);
    if (lines.at_end())
      fail(file, 1, _("it lists no items"));
    while (!lines.at_end()) {
      monitor.check();
      read_entry(lines);
    }
  }

  std::vector<Item> take_items() {
    for (std::size_t i = 0; i < items_.size(); ++i)
      if (!mentions_[i].declared)
        fail(*mentions_[i].file, mentions_[i].line,
             format(_("there is a reference to '%s', which is not declared"),
                    printable(items_[i].path).c_str()));
    return std::move(items_);
  }

private:
  void read_entry(Lines &lines) {
    std::string_view path = lines.next();
    std::size_t line = lines.number();
    ItemIndex index = mention(lines, {path, Places::hash_of(path), line});
    std::string_view deriver = lines.next();
    if (!deriver.empty())
      check_item(lines, deriver, lines.number());
    read_references(lines, lines.next_count());
    std::sort(references_.begin(), references_.end());
    references_.erase(std::unique(references_.begin(), references_.end()),
                      references_.end());
    if (mentions_[index].declared) {
      check_same(index, deriver, lines.file(), line);
    } else {
      mentions_[index] = {&lines.file(), line, true};
      items_[index].references = references_;
    }
    if (items_[index].deriver.empty())
      items_[index].deriver = deriver;
  }

  // A line with a path.
  struct Line {
    std::string_view path;
    std::uint64_t hash;
    std::size_t number;
  };

  void read_references(Lines &lines, std::size_t count) {
    constexpr std::size_t most_at_a_time = 64;
    references_.clear();
    std::vector<Line> &some = lines_;
    while (count > 0) {
      some.clear();
      for (; count > 0 && some.size() < most_at_a_time; --count) {
        std::string_view path = lines.next();
        some.push_back({path, Places::hash_of(path), lines.number()});
        places_.fetch_slot(some.back().hash);
      }
      for (const Line &line : some)
        places_.fetch_item(items_, line.hash);
      for (const Line &line : some)
        references_.push_back(mention(lines, line));
    }
  }

  void check_item(const Lines &lines, std::string_view path,
                  std::size_t line) const {
    if (!is_item_path(path, directory_))
      fail(lines.file(), line,
           format(_("'%s' is no item of the store '%s'"),
                  printable(path.substr(0, 300)).c_str(),
                  printable(directory_).c_str()));
  }

  // The place in items_ of the path in LINE.
  ItemIndex mention(const Lines &lines, const Line &line) {
    ItemIndex place = places_.find_or_add(items_, line.path, line.hash);
    if (place == items_.size()) {
      check_item(lines, line.path, line.number);
      items_.emplace_back().path = line.path;
      mentions_.push_back({&lines.file(), line.number});
    }
    return place;
  }

  // INDEX is declared again in FILE.
  void check_same(ItemIndex index, std::string_view deriver,
                  const std::string &file, std::size_t line) const {
    const Item &first = items_[index];
    if (first.references != references_ ||
        (!first.deriver.empty() && !deriver.empty() &&
         first.deriver != deriver))
      fail(file, line,
           format(_("'%s' is declared otherwise in '%s', line %zu"),
                  printable(first.path).c_str(),
                  printable(*mentions_[index].file).c_str(),
                  mentions_[index].line));
  }

  const std::string &directory_;
  std::vector<Item> items_;
  std::vector<Mention> mentions_; // of the same items
  Places places_;
  std::vector<ItemIndex> references_; // of the entry that is read
  std::vector<Line> lines_;           // some of them
};

} // namespace

ReferenceGraph read_reference_graph_files(const std::vector<std::string> &files,
                                          const std::string &store_directory,
                                          const Monitor &monitor) {
  Gatherer gatherer(store_directory);
  std::string names;
  for (const std::string &file : files) {
    gatherer.read(file, monitor);
    names += (names.empty() ? "" : ", ") + file;
  }
  return ReferenceGraph(gatherer.take_items(), names);
}

} // namespace strata
