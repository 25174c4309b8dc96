// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/verify.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "store/nar.hh"

namespace strata {

namespace {

unsigned long long number(std::uint64_t value) { return value; }

// What is wrong with ITEM; empty if nothing is.
std::string check_item(const Item &item, const std::string &path,
                       Monitor &monitor) {
  try {
    if (!file_exists(path))
      return format(_("'%s' does not exist"), printable(path).c_str());
    NarInfo nar = nar_info(DiskWalk(path), monitor);
    if (item.nar_size && *item.nar_size != nar.size)
      return format(_("its NAR has %llu bytes instead of %llu"),
                    number(nar.size), number(*item.nar_size));
    if (item.nar_hash && *item.nar_hash != nar.hash)
      return format(_("its NAR has the hash %s instead of %s"),
                    nar.hash.oci().c_str(), item.nar_hash->oci().c_str());
    return {};
  } catch (const Error &error) {
    return error.what();
  }
}

} // namespace

std::vector<Problem> verify_store(const ReferenceGraph &graph,
                                  const StoreLocation &location, unsigned jobs,
                                  Monitor &monitor) {
  const std::vector<Item> &items = graph.items();
  std::uint64_t total = 0;
  for (const Item &item : items)
    total += item.nar_size.value_or(0);
  monitor.begin_stage(_("verifying the store"), total);

  std::vector<std::string> found(items.size());
  parallel_for(items.size(), thread_count(jobs), [&](std::size_t i) {
    monitor.check();
    found[i] = check_item(items[i], location.on_disk(items[i].path), monitor);
  });

  std::vector<Problem> problems;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (!found[i].empty())
      problems.push_back({items[i].path, std::move(found[i])});
  return problems;
}

} // namespace strata
