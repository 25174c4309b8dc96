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

namespace strata {

namespace {

constexpr std::size_t largest_file = std::size_t(1) << 30; // bytes

[[noreturn]] void fail(const std::string &file, std::size_t line,
                       std::string cause) {
  throw Error(format(_("cannot read the reference graph '%s', line %zu"),
                     printable(file).c_str(), line),
              std::move(cause));
}

struct Entry {
  ReferenceGraph::Declaration declaration;
  const std::string *file;
  std::size_t line; // of its path, from 1; references begin 3 lines below
};

class Parser {
public:
  Parser(const std::string &file, const std::string &directory,
         const Monitor &monitor)
      : file_(file), directory_(directory),
        content_(strata::read_file(file, largest_file, monitor)),
        rest_(content_) {}

  bool at_end() const { return rest_.empty(); }

  Entry entry() {
    Entry result{{}, &file_, line_ + 1};
    result.declaration.item.path = item_line();
    std::string_view deriver = next_line();
    if (!deriver.empty())
      check_item(deriver);
    result.declaration.item.deriver = deriver;
    std::size_t count = count_line();
    while (count-- > 0)
      result.declaration.references.emplace_back(item_line());
    return result;
  }

private:
  std::string_view next_line() {
    ++line_;
    std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos)
      fail(file_, line_, _("the file ends too early"));
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  void check_item(std::string_view path) const {
    if (!is_item_path(path, directory_))
      fail(file_, line_,
           format(_("'%s' is no item of the store '%s'"),
                  printable(path.substr(0, 300)).c_str(),
                  printable(directory_).c_str()));
  }

  std::string_view item_line() {
    std::string_view path = next_line();
    check_item(path);
    return path;
  }

  // Every reference is a line of its own, so that a number above that of the
  // bytes left cannot be right.
  std::size_t count_line() {
    std::string_view line = next_line();
    std::size_t count = 0;
    auto [end, error] =
        std::from_chars(line.data(), line.data() + line.size(), count);
    if (error == std::errc::result_out_of_range)
      fail(file_, line_, _("the number of references is too large"));
    if (error != std::errc() || end != line.data() + line.size())
      fail(file_, line_,
           format(_("'%s' is no number of references"),
                  printable(line.substr(0, 300)).c_str()));
    if (count > rest_.size())
      fail(file_, line_, _("the number of references is too large"));
    return count;
  }

  const std::string &file_;
  const std::string &directory_;
  std::string content_;
  std::string_view rest_;
  std::size_t line_ = 0;
};

bool before(const Entry &a, const Entry &b) {
  return a.declaration.item.path < b.declaration.item.path;
}

// ENTRIES: sorted by path.
void check_references(const std::vector<Entry> &entries) {
  for (const Entry &entry : entries) {
    const auto &references = entry.declaration.references;
    for (std::size_t i = 0; i < references.size(); ++i) {
      auto found =
          std::lower_bound(entries.begin(), entries.end(), references[i],
                           [](const Entry &candidate, const std::string &path) {
                             return candidate.declaration.item.path < path;
                           });
      if (found == entries.end() ||
          found->declaration.item.path != references[i])
        fail(*entry.file, entry.line + 3 + i,
             format(_("there is a reference to '%s', which is not declared"),
                    printable(references[i]).c_str()));
    }
  }
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  return list;
}

// Both entries are of the same item: keeps what both tell in FIRST.
void merge(Entry &first, const Entry &second) {
  std::string &deriver = first.declaration.item.deriver;
  const std::string &other = second.declaration.item.deriver;
  if (sorted(first.declaration.references) !=
          sorted(second.declaration.references) ||
      (!deriver.empty() && !other.empty() && deriver != other))
    fail(*second.file, second.line,
         format(_("'%s' is declared otherwise in '%s', line %zu"),
                printable(second.declaration.item.path).c_str(),
                printable(*first.file).c_str(), first.line));
  if (deriver.empty())
    deriver = other;
}

} // namespace

ReferenceGraph read_reference_graph_files(const std::vector<std::string> &files,
                                          const std::string &store_directory,
                                          const Monitor &monitor) {
  std::vector<Entry> entries;
  std::string names;
  for (const std::string &file : files) {
    Parser parser(file, store_directory, monitor);
    if (parser.at_end())
      fail(file, 1, _("it lists no items"));
    while (!parser.at_end())
      entries.push_back(parser.entry());
    names += (names.empty() ? "" : ", ") + file;
  }
  std::stable_sort(entries.begin(), entries.end(), before);
  check_references(entries);

  std::vector<ReferenceGraph::Declaration> declarations;
  declarations.reserve(entries.size());
  for (auto entry = entries.begin(); entry != entries.end();) {
    auto next = entry + 1;
    for (; next != entries.end() && !before(*entry, *next); ++next)
      merge(*entry, *next);
    declarations.push_back(std::move(entry->declaration));
    entry = next;
  }
  return ReferenceGraph(std::move(declarations), names);
}

} // namespace strata
