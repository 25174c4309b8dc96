// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/closure.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "store/item_size.hh"

#include <algorithm>

namespace strata {

namespace {

// What is known of an item before its references become places in a list.
struct Candidate {
  std::string path;
  std::uint64_t size;
  std::vector<std::string> references;
  LayerItem content;
};

ItemIndex find_item(const ReferenceGraph &graph, const std::string &path) {
  auto index = graph.find(path);
  if (!index)
    throw Error(
        format(_("'%s' is not an item of the store"), printable(path).c_str()));
  return *index;
}

Candidate stored(const PackRequest &request, ItemIndex index) {
  const Item &item = request.graph->items()[index];
  std::string on_disk = request.location.on_disk(item.path);
  if (!file_exists(on_disk))
    throw Error(format(_("item '%s' is registered, but not on disk"),
                       printable(item.path).c_str()),
                {}, _("repair the store, or ask for another item"));
  LayerItem content{item.path, std::make_shared<const DiskWalk>(on_disk),
                    item.nar_hash};
  Candidate result{item.path, item_size(item, request.location), {}, content};
  for (ItemIndex reference : item.references)
    result.references.push_back(request.graph->items()[reference].path);
  return result;
}

std::vector<Candidate> candidates(const PackRequest &request,
                                  Monitor &monitor) {
  std::vector<ItemIndex> roots;
  std::vector<Candidate> result;
  auto add_root = [&](const std::string &path) {
    roots.push_back(find_item(*request.graph, path));
  };
  for (const VirtualItem &profile : request.profiles) {
    LayerItem content{profile.path, profile.tree, profile.nar.hash};
    result.push_back(
        {profile.path, profile.nar.size, profile.references, content});
    std::for_each(profile.references.begin(), profile.references.end(),
                  add_root);
  }
  std::for_each(request.items.begin(), request.items.end(), add_root);
  for (ItemIndex index : request.graph->closure(roots)) {
    monitor.check();
    result.push_back(stored(request, index));
  }
  return result;
}

} // namespace

ClosureItems find_closure(const PackRequest &request, Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::look);
  auto list = candidates(request, monitor);
  auto before = [](const Candidate &a, const Candidate &b) {
    return a.path < b.path;
  };
  // The same profile may be in the store too: then it is taken once.
  std::stable_sort(list.begin(), list.end(), before);
  list.erase(std::unique(list.begin(), list.end(),
                         [](const Candidate &a, const Candidate &b) {
                           return a.path == b.path;
                         }),
             list.end());

  ClosureItems result;
  for (Candidate &candidate : list) {
    PlanItem item{candidate.path, candidate.size, {}};
    for (const std::string &reference : candidate.references) {
      auto place = std::lower_bound(
          list.begin(), list.end(), reference,
          [](const Candidate &a, const std::string &b) { return a.path < b; });
      item.references.push_back(static_cast<std::size_t>(place - list.begin()));
    }
    result.plan.push_back(std::move(item));
    result.contents.push_back(std::move(candidate.content));
  }
  return result;
}

} // namespace strata
