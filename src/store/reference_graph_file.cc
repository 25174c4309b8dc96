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
#include <deque>
#include <unordered_map>

namespace strata {

namespace {

constexpr std::size_t largest_file = std::size_t(1) << 30; // bytes

[[noreturn]] void fail(const std::string &file, std::size_t line,
                       std::string cause) {
  throw Error(format(_("cannot read the reference graph '%s', line %zu"),
                     printable(file).c_str(), line),
              std::move(cause));
}

// An item that a file declares, or mentions as a reference.
struct Mention {
  std::string_view path;
  const std::string *file; // where it is declared, else where it is mentioned
  std::size_t line;        // from 1
  bool declared = false;
  std::string_view deriver;
  std::vector<ItemIndex> references; // sorted, each once
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

// Gathers what files declare.  Each path is kept and checked once.
class Gatherer {
public:
  explicit Gatherer(const std::string &directory) : directory_(directory) {}

  void read(const std::string &file, const Monitor &monitor) {
    contents_.push_back(read_file(file, largest_file, monitor));
    Lines lines(file, contents_.back());
    if (lines.at_end())
      fail(file, 1, _("it lists no items"));
    while (!lines.at_end()) {
      monitor.check();
      read_entry(lines);
    }
  }

  std::vector<Item> items() const {
    std::vector<Item> result;
    result.reserve(mentions_.size());
    for (const Mention &mention : mentions_) {
      if (!mention.declared)
        fail(*mention.file, mention.line,
             format(_("there is a reference to '%s', which is not declared"),
                    printable(mention.path).c_str()));
      Item item;
      item.path = mention.path;
      item.deriver = mention.deriver;
      item.references = mention.references;
      result.push_back(std::move(item));
    }
    return result;
  }

private:
  void read_entry(Lines &lines) {
    ItemIndex index = mention(lines, lines.next());
    Mention entry{mentions_[index].path, &lines.file(),
                  lines.number(),        true,
                  lines.next(),          {}};
    if (!entry.deriver.empty())
      check_item(lines, entry.deriver);
    for (std::size_t count = lines.next_count(); count > 0; --count)
      entry.references.push_back(mention(lines, lines.next()));
    auto &references = entry.references;
    std::sort(references.begin(), references.end());
    references.erase(std::unique(references.begin(), references.end()),
                     references.end());
    if (mentions_[index].declared)
      merge(mentions_[index], entry);
    else
      mentions_[index] = std::move(entry);
  }

  void check_item(const Lines &lines, std::string_view path) const {
    if (!is_item_path(path, directory_))
      fail(lines.file(), lines.number(),
           format(_("'%s' is no item of the store '%s'"),
                  printable(path.substr(0, 300)).c_str(),
                  printable(directory_).c_str()));
  }

  // The place in mentions_ of PATH, the last one of LINES.
  ItemIndex mention(const Lines &lines, std::string_view path) {
    auto next = static_cast<ItemIndex>(mentions_.size());
    auto [place, added] = places_.try_emplace(path, next);
    if (added) {
      check_item(lines, path);
      mentions_.push_back({path, &lines.file(), lines.number(), false, {}, {}});
    }
    return place->second;
  }

  // Both are of the same item: keeps what both tell in FIRST.
  static void merge(Mention &first, const Mention &second) {
    if (first.references != second.references ||
        (!first.deriver.empty() && !second.deriver.empty() &&
         first.deriver != second.deriver))
      fail(*second.file, second.line,
           format(_("'%s' is declared otherwise in '%s', line %zu"),
                  printable(second.path).c_str(),
                  printable(*first.file).c_str(), first.line));
    if (first.deriver.empty())
      first.deriver = second.deriver;
  }

  const std::string &directory_;
  std::deque<std::string> contents_; // which all views point into
  std::vector<Mention> mentions_;
  std::unordered_map<std::string_view, ItemIndex> places_;
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
  return ReferenceGraph(gatherer.items(), names);
}

} // namespace strata
