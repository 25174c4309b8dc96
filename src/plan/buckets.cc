// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/buckets.hh"

#include <algorithm>
#include <numeric>

namespace strata {

void add_atom(Atom &to, const Atom &from) {
  to.items.insert(to.items.end(), from.items.begin(), from.items.end());
  to.size += from.size;
  to.price += from.price;
  to.changes.add(from.changes);
}

std::vector<Atom> put_in_buckets(std::vector<Atom> atoms, std::size_t most) {
  if (atoms.size() <= most)
    return atoms;
  std::size_t alone = most / 2, buckets = most - alone;
  std::stable_sort(
      atoms.begin(), atoms.end(),
      [](const Atom &a, const Atom &b) { return a.size > b.size; });
  auto rest = atoms.begin() + static_cast<std::ptrdiff_t>(alone);
  std::sort(rest, atoms.end(), [](const Atom &a, const Atom &b) {
    if (a.weight != b.weight)
      return a.weight < b.weight;
    auto order = order_of_bits(a.changes, b.changes);
    return order == 0 ? a.items < b.items : order < 0;
  });

  std::vector<Atom> result(std::make_move_iterator(atoms.begin()),
                           std::make_move_iterator(rest));
  Cost total = std::accumulate(
      rest, atoms.end(), Cost(0),
      [](Cost sum, const Atom &atom) { return sum + atom.size; });
  Cost share = total / static_cast<Cost>(buckets) + 1;
  Cost before = 0, bucket = -1;
  for (auto atom = rest; atom != atoms.end(); ++atom) {
    Cost number = before / share;
    before += atom->size;
    atom->price = 0;
    if (number == bucket) {
      add_atom(result.back(), *atom);
    } else {
      result.push_back(std::move(*atom));
      bucket = number;
    }
  }
  for (Atom &atom : result) {
    std::sort(atom.items.begin(), atom.items.end());
    atom.weight = change_weight(atom.changes);
  }
  std::sort(result.begin(), result.end(),
            [](const Atom &a, const Atom &b) { return a.items < b.items; });
  return result;
}

} // namespace strata
