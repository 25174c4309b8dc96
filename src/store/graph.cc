// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/graph.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <algorithm>
#include <limits>
#include <numeric>
#include <queue>
#include <set>

namespace strata {

namespace {

[[noreturn]] void fail(const std::string &source, const char *cause,
                       const std::string &path) {
  throw Error(format(_("cannot use the items that '%s' lists"),
                     printable(source).c_str()),
              format(cause, printable(path).c_str()));
}

void check_count(std::size_t count, const std::string &source) {
  if (count > std::numeric_limits<ItemIndex>::max())
    throw Error(format(_("cannot use the items that '%s' lists"),
                       printable(source).c_str()),
                _("there are too many"));
}

void sort_references(std::vector<ItemIndex> &references) {
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()),
                   references.end());
}

// How many characters all paths begin with.
std::size_t common_start(const std::vector<Item> &items) {
  std::string_view common;
  if (!items.empty())
    common = items.front().path;
  for (const Item &item : items) {
    auto end = std::mismatch(common.begin(), common.end(), item.path.begin(),
                             item.path.end());
    common =
        common.substr(0, static_cast<std::size_t>(end.first - common.begin()));
  }
  return common.size();
}

// Where each of ITEMS stands once they are sorted.
std::vector<ItemIndex> sorted_places(const std::vector<Item> &items) {
  struct Key {
    std::uint64_t start; // of what is not common to all
    ItemIndex item;
  };
  std::size_t common = common_start(items);
  std::vector<Key> order;
  order.reserve(items.size());
  for (const Item &item : items)
    order.push_back({order_key(std::string_view(item.path).substr(common)),
                     static_cast<ItemIndex>(order.size())});
  std::sort(order.begin(), order.end(), [&](const Key &a, const Key &b) {
    return a.start != b.start ? a.start < b.start
                              : items[a.item].path < items[b.item].path;
  });
  std::vector<ItemIndex> place(items.size());
  for (ItemIndex i = 0; i < order.size(); ++i)
    place[order[i].item] = i;
  return place;
}

void check_unique(const std::vector<Item> &items, const std::string &source) {
  auto twice =
      std::adjacent_find(items.begin(), items.end(),
                         [](auto &a, auto &b) { return a.path == b.path; });
  if (twice != items.end())
    fail(source, _("the item '%s' is there twice"), twice->path);
}

// A way from an item around to itself.  REQUIRES: START and every item in LEFT
// has a reference to another item in LEFT.
std::string describe_cycle(const std::vector<Item> &items, ItemIndex start,
                           const std::vector<bool> &left) {
  constexpr std::ptrdiff_t most_named = 10;
  std::vector<ItemIndex> trail;
  std::vector<bool> seen(items.size());
  ItemIndex at = start;
  while (!seen[at]) {
    seen[at] = true;
    trail.push_back(at);
    const auto &references = items[at].references;
    at = *std::find_if(references.begin(), references.end(),
                       [&](ItemIndex r) { return r != at && left[r]; });
  }
  auto first = std::find(trail.begin(), trail.end(), at);
  std::string text;
  for (auto i = first; i != trail.end() && i - first < most_named; ++i)
    text += printable(items[*i].path) + " -> ";
  if (trail.end() - first > most_named)
    text += "... -> ";
  return text + printable(items[at].path);
}

} // namespace

ReferenceGraph::ReferenceGraph(std::vector<Item> items,
                               const std::string &source) {
  check_count(items.size(), source);
  std::vector<ItemIndex> place = sorted_places(items);
  for (Item &item : items) {
    for (ItemIndex &reference : item.references) {
      if (reference >= place.size())
        fail(source, _("a reference of '%s' leads to no item"), item.path);
      reference = place[reference];
    }
    sort_references(item.references);
  }
  items_.resize(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    items_[place[i]] = std::move(items[i]);
  check_unique(items_, source);
}

ReferenceGraph::ReferenceGraph(std::vector<Declaration> declarations,
                               const std::string &source) {
  check_count(declarations.size(), source);
  std::sort(declarations.begin(), declarations.end(),
            [](auto &a, auto &b) { return a.item.path < b.item.path; });
  items_.reserve(declarations.size());
  for (Declaration &declaration : declarations)
    items_.push_back(std::move(declaration.item));
  check_unique(items_, source);
  for (std::size_t i = 0; i < items_.size(); ++i) {
    auto &references = items_[i].references;
    references.clear();
    for (const std::string &path : declarations[i].references) {
      auto reference = find(path);
      if (!reference)
        fail(source, _("there is a reference to '%s', which is not there"),
             path);
      references.push_back(*reference);
    }
    sort_references(references);
  }
}

std::optional<ItemIndex> ReferenceGraph::find(std::string_view path) const {
  auto found = std::lower_bound(
      items_.begin(), items_.end(), path,
      [](const Item &item, std::string_view p) { return item.path < p; });
  if (found == items_.end() || found->path != path)
    return {};
  return static_cast<ItemIndex>(found - items_.begin());
}

std::vector<ItemIndex>
ReferenceGraph::closure(std::span<const ItemIndex> roots) const {
  // What is reachable, and how many references of each item are to be listed
  // before it.
  std::vector<bool> left(items_.size());
  std::vector<ItemIndex> reached;
  auto reach = [&](ItemIndex item) {
    if (!left[item])
      reached.push_back(item);
    left[item] = true;
  };
  std::for_each(roots.begin(), roots.end(), reach);
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (ItemIndex reference : items_[reached[i]].references)
      reach(reference);

  // The referrers of all items, joined; those of an item end where the next
  // one's begin.
  std::vector<std::size_t> starts(items_.size() + 1);
  for (ItemIndex item : reached)
    for (ItemIndex reference : items_[item].references)
      if (reference != item)
        ++starts[reference];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  std::vector<ItemIndex> referrers(starts.back());
  std::vector<std::uint32_t> waiting(items_.size());
  std::priority_queue<ItemIndex, std::vector<ItemIndex>, std::greater<>> ready;
  for (ItemIndex item : reached) {
    for (ItemIndex reference : items_[item].references) {
      if (reference == item)
        continue;
      referrers[--starts[reference]] = item;
      ++waiting[item];
    }
    if (waiting[item] == 0)
      ready.push(item);
  }

  std::vector<ItemIndex> result;
  result.reserve(reached.size());
  while (!ready.empty()) {
    ItemIndex item = ready.top();
    ready.pop();
    result.push_back(item);
    left[item] = false;
    for (std::size_t i = starts[item]; i < starts[item + 1]; ++i)
      if (--waiting[referrers[i]] == 0)
        ready.push(referrers[i]);
  }
  if (result.size() < reached.size()) {
    ItemIndex start = static_cast<ItemIndex>(
        std::find(left.begin(), left.end(), true) - left.begin());
    throw Error(_("cannot list a closure: its items refer to each other in a "
                  "cycle"),
                describe_cycle(items_, start, left));
  }
  return result;
}

ReferenceGraph
ReferenceGraph::restricted_to(const std::vector<std::string> &paths) const {
  std::set<std::string> wanted(paths.begin(), paths.end());
  std::vector<Declaration> declarations;
  for (const std::string &path : wanted) {
    Declaration declaration;
    declaration.item.path = path;
    if (auto index = find(path)) {
      declaration.item = items_[*index];
      for (ItemIndex reference : items_[*index].references)
        if (wanted.contains(items_[reference].path))
          declaration.references.push_back(items_[reference].path);
    }
    declarations.push_back(std::move(declaration));
  }
  return {std::move(declarations), ""};
}

std::vector<ItemIndex> ReferenceGraph::referrers(ItemIndex item) const {
  std::vector<ItemIndex> result;
  for (ItemIndex i = 0; i < items_.size(); ++i) {
    const auto &references = items_[i].references;
    if (std::binary_search(references.begin(), references.end(), item))
      result.push_back(i);
  }
  return result;
}

} // namespace strata
