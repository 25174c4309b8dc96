// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/buckets.hh"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace strata {

void add_atom(Atom &to, const Atom &from) {
  to.items.insert(to.items.end(), from.items.begin(), from.items.end());
  to.size += from.size;
  to.price += from.price;
  to.changes.add(from.changes);
}

namespace {

using AtomIterator = std::vector<Atom>::iterator;

// A number that is the same for the same changes, else hardly ever.
std::uint64_t digest(BitRow changes) {
  std::uint64_t result = 0;
  for (BitWord word : changes) {
    result = (result ^ word) * 0x9E3779B97F4A7C15; // 2^64 / golden ratio
    result ^= result >> 32;
  }
  return result;
}

// Puts those with the same changes next to each other.
void sort_by_changes(AtomIterator begin, AtomIterator end) {
  struct Key {
    std::uint32_t weight;
    BitWord first;
    std::uint64_t digest;
    Rank rank; // its first item
    std::size_t place;
    auto operator<=>(const Key &) const = default;
  };
  std::vector<Key> keys;
  keys.reserve(static_cast<std::size_t>(end - begin));
  for (auto atom = begin; atom != end; ++atom) {
    BitRow changes = atom->changes;
    keys.push_back({atom->weight, changes.front(), digest(changes),
                    atom->items.front(), keys.size()});
  }
  std::sort(keys.begin(), keys.end());
  std::vector<Atom> sorted;
  sorted.reserve(keys.size());
  for (const Key &key : keys)
    sorted.push_back(std::move(begin[static_cast<std::ptrdiff_t>(key.place)]));
  std::move(sorted.begin(), sorted.end(), begin);
}

} // namespace

std::vector<Atom> fill_buckets(std::vector<Atom> atoms, Cost share) {
  sort_by_changes(atoms.begin(), atoms.end());
  std::vector<Atom> result;
  Cost before = 0, bucket = -1;
  for (Atom &atom : atoms) {
    Cost number = before / share;
    before += atom.size;
    atom.price = 0;
    if (number == bucket) {
      add_atom(result.back(), atom);
    } else {
      result.push_back(std::move(atom));
      bucket = number;
    }
  }
  for (Atom &atom : result) {
    std::sort(atom.items.begin(), atom.items.end());
    atom.weight = change_weight(atom.changes);
  }
  return result;
}

std::vector<Atom> put_in_buckets(std::vector<Atom> atoms, std::size_t most) {
  if (atoms.size() <= most)
    return atoms;
  std::size_t alone = most / 2, buckets = most - alone;
  std::stable_sort(
      atoms.begin(), atoms.end(),
      [](const Atom &a, const Atom &b) { return a.size > b.size; });
  auto rest = atoms.begin() + static_cast<std::ptrdiff_t>(alone);
  Cost total = std::accumulate(
      rest, atoms.end(), Cost(0),
      [](Cost sum, const Atom &atom) { return sum + atom.size; });
  std::vector<Atom> filled = fill_buckets(
      {std::make_move_iterator(rest), std::make_move_iterator(atoms.end())},
      total / static_cast<Cost>(buckets) + 1);
  atoms.erase(rest, atoms.end());
  std::move(filled.begin(), filled.end(), std::back_inserter(atoms));
  std::sort(atoms.begin(), atoms.end(),
            [](const Atom &a, const Atom &b) { return a.items < b.items; });
  return atoms;
}

} // namespace strata
