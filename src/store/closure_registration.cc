// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/closure_registration.hh"

#include "base/text.hh"
#include "base/threads.hh"
#include "store/nar.hh"

namespace strata {

namespace {

NarInfo nar_of(const Item &item, const StoreLocation &location,
               Monitor &monitor) {
  if (item.nar_hash && item.nar_size)
    return {*item.nar_hash, *item.nar_size};
  return nar_info(DiskWalk(location.on_disk(item.path)), monitor);
}

} // namespace

std::vector<Registration> register_closure(const ReferenceGraph &graph,
                                           std::span<const ItemIndex> roots,
                                           const StoreLocation &location,
                                           unsigned jobs, Monitor &monitor) {
  std::vector<ItemIndex> closure = graph.closure(roots);
  std::vector<Registration> result(closure.size());
  monitor.begin_stage(_("registering items"));
  parallel_for(closure.size(), thread_count(jobs), [&](std::size_t i) {
    monitor.check();
    const Item &item = graph.items()[closure[i]];
    NarInfo nar = nar_of(item, location, monitor);
    result[i].path = item.path;
    result[i].nar_hash = nar.hash;
    result[i].nar_size = nar.size;
    for (ItemIndex reference : item.references)
      result[i].references.push_back(graph.items()[reference].path);
  });
  return result;
}

} // namespace strata
