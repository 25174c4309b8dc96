// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the reference graph of a store: items, what they are and what they
// refer to; closures in topological order.
// Threads: immutable after construction; may be read by any thread.

#ifndef STRATA_STORE_GRAPH_HH
#define STRATA_STORE_GRAPH_HH

#include "base/sha256.hh"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

using ItemIndex = std::uint32_t;

/// One store item as its database or a reference-graph file tells it.
struct Item {
  std::string path;                      // "/gnu/store/<hash>-<name>"
  std::string deriver;                   // path; empty where not known
  std::optional<Digest> nar_hash;        // where known
  std::optional<std::uint64_t> nar_size; // bytes, where known
  std::vector<ItemIndex> references;     // sorted; itself among them if so
};

class ReferenceGraph {
public:
  /// An item whose references are still paths.
  struct Declaration {
    Item item; // item.references is ignored
    std::vector<std::string> references;
  };

  /// The graph of DECLARATIONS, in any order.  An item declared twice and a
  /// reference to an item that is not declared are Errors that name SOURCE.
  ReferenceGraph(std::vector<Declaration> declarations,
                 const std::string &source);

  /// Items with their references as indexes into ITEMS, which need not be
  /// sorted: they are sorted here.  The same errors.
  ReferenceGraph(std::vector<Item> items, const std::string &source);

  /// All items, bytewise by path.  An ItemIndex is a place in this list.
  const std::vector<Item> &items() const { return items_; }

  std::optional<ItemIndex> find(std::string_view path) const;

  /// ROOTS and all they refer to, in topological order: references first, and
  /// of the items whose references are all listed the bytewise least path
  /// next.  A cycle, other than an item's reference to itself, is an Error
  /// that names its items.
  std::vector<ItemIndex> closure(std::span<const ItemIndex> roots) const;

  /// The graph of the items PATHS alone, with the references among them.  A
  /// path that is not in this graph becomes an item without references.
  ReferenceGraph restricted_to(const std::vector<std::string> &paths) const;

  /// The items that refer to ITEM, bytewise by path.
  std::vector<ItemIndex> referrers(ItemIndex item) const;

private:
  std::vector<Item> items_;
};

} // namespace strata

#endif
