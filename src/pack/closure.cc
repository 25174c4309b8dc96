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

ItemIndex find_item(const ReferenceGraph &graph, const std::string &path) {
  auto index = graph.find(path);
  if (!index)
    throw Error(
        format(_("'%s' is not an item of the store"), printable(path).c_str()));
  return *index;
}

// An item of an image: one that pack makes, or else one of the store.
struct Member {
  const std::string *path;
  const VirtualItem *profile; // null for one of the store
  ItemIndex index;            // in the graph, for one of the store
};

LayerItem stored_content(const PackRequest &request, const Item &item) {
  std::string on_disk = request.location.on_disk(item.path);
  if (!file_exists(on_disk))
    throw Error(format(_("item '%s' is registered, but not on disk"),
                       printable(item.path).c_str()),
                {}, _("repair the store, or ask for another item"));
  return {item.path, std::make_shared<const DiskWalk>(std::move(on_disk)),
          item.nar_hash};
}

// ITEMS and PROFILES and all they refer to, bytewise by path.
std::vector<Member> find_members(const ReferenceGraph &graph,
                                 const std::vector<std::string> &items,
                                 const std::vector<VirtualItem> &profiles) {
  std::vector<ItemIndex> roots;
  std::vector<Member> result;
  for (const VirtualItem &profile : profiles) {
    result.push_back({&profile.path, &profile, 0});
    for (const std::string &reference : profile.references)
      roots.push_back(find_item(graph, reference));
  }
  for (const std::string &path : items)
    roots.push_back(find_item(graph, path));
  std::vector<ItemIndex> reached = graph.closure(roots);
  std::sort(reached.begin(), reached.end()); // as their paths
  result.reserve(result.size() + reached.size());
  for (ItemIndex index : reached)
    result.push_back({&graph.items()[index].path, nullptr, index});
  if (profiles.empty())
    return result;

  // The same profile may be in the store too: then it is taken once.
  std::stable_sort(
      result.begin(), result.end(),
      [](const Member &a, const Member &b) { return *a.path < *b.path; });
  result.erase(std::unique(result.begin(), result.end(),
                           [](const Member &a, const Member &b) {
                             return *a.path == *b.path;
                           }),
               result.end());
  return result;
}

// Where the items of the graph stand in MEMBERS; that of others means nothing.
std::vector<std::size_t> places_of(const std::vector<Member> &members,
                                   const ReferenceGraph &graph) {
  std::vector<std::size_t> places(graph.items().size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member &member = members[i];
    if (member.profile == nullptr)
      places[member.index] = i;
    else if (auto same = graph.find(*member.path))
      places[*same] = i;
  }
  return places;
}

ImageItems plan_items(const std::vector<Member> &members,
                      const ReferenceGraph &graph,
                      const StoreLocation &location, const Monitor &monitor) {
  auto places = places_of(members, graph);
  ImageItems result;
  result.reserve(members.size());
  for (const Member &member : members) {
    monitor.check();
    PlanItem item{*member.path, 0, {}};
    if (member.profile != nullptr) {
      item.size = member.profile->nar.size;
      for (const std::string &reference : member.profile->references)
        item.references.push_back(places[find_item(graph, reference)]);
    } else {
      const Item &stored = graph.items()[member.index];
      item.size = item_size(stored, location);
      for (ItemIndex reference : stored.references)
        item.references.push_back(places[reference]);
    }
    result.push_back(std::move(item));
  }
  return result;
}

} // namespace

ImageItems closure_items(const ReferenceGraph &graph,
                         const StoreLocation &location,
                         const std::vector<std::string> &items,
                         const std::vector<VirtualItem> &profiles,
                         Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::look);
  return plan_items(find_members(graph, items, profiles), graph, location,
                    monitor);
}

ClosureItems find_closure(const PackRequest &request, Monitor &monitor) {
  Timings::Span span(monitor.timings(), Activity::look);
  const ReferenceGraph &graph = *request.graph;
  auto members = find_members(graph, request.items, request.profiles);
  ClosureItems result;
  result.contents.reserve(members.size());
  for (const Member &member : members) {
    monitor.check();
    if (member.profile != nullptr)
      result.contents.push_back({member.profile->path, member.profile->tree,
                                 member.profile->nar.hash});
    else
      result.contents.push_back(
          stored_content(request, graph.items()[member.index]));
  }
  result.plan = plan_items(members, graph, request.location, monitor);
  return result;
}

} // namespace strata
