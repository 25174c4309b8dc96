// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/image_database.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "store/closure_database.hh"
#include "store/closure_registration.hh"

#include <algorithm>
#include <numeric>

namespace strata {

namespace {

using Declaration = ReferenceGraph::Declaration;

std::vector<ItemIndex> roots_of(const PackRequest &request) {
  std::vector<ItemIndex> roots;
  auto add = [&](const std::string &path) {
    auto index = request.graph->find(path);
    if (!index)
      throw Error(format(_("'%s' is not an item of the store"),
                         printable(path).c_str()));
    roots.push_back(*index);
  };
  for (const std::string &path : request.items)
    add(path);
  for (const VirtualItem &profile : request.profiles)
    for (const std::string &path : profile.references)
      add(path);
  return roots;
}

Declaration declared(const VirtualItem &profile) {
  Declaration result;
  result.item.path = profile.path;
  result.item.nar_hash = profile.nar.hash;
  result.item.nar_size = profile.nar.size;
  result.references = profile.references;
  return result;
}

Declaration declared(const ReferenceGraph &graph, ItemIndex index) {
  Declaration result;
  result.item = graph.items()[index];
  for (ItemIndex reference : result.item.references)
    result.references.push_back(graph.items()[reference].path);
  return result;
}

} // namespace

std::string image_database(const PackRequest &request, Monitor &monitor) {
  std::vector<Declaration> declarations;
  for (const VirtualItem &profile : request.profiles)
    declarations.push_back(declared(profile));
  // The same profile may be in the store too: then it is listed once.
  auto is_profile = [&](const std::string &path) {
    return std::any_of(
        request.profiles.begin(), request.profiles.end(),
        [&](const VirtualItem &profile) { return profile.path == path; });
  };
  for (ItemIndex index : request.graph->closure(roots_of(request)))
    if (!is_profile(request.graph->items()[index].path))
      declarations.push_back(declared(*request.graph, index));

  ReferenceGraph graph(std::move(declarations), request.location.database);
  std::vector<ItemIndex> all(graph.items().size());
  std::iota(all.begin(), all.end(), 0);
  return closure_database(
      register_closure(graph, all, request.location, request.jobs, monitor));
}

} // namespace strata
