// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/group_costs.hh"

#include <algorithm>

namespace strata {

void ChangeRow::add(BitRow changes) {
  if (own_.empty())
    own_.assign(shared_.begin(), shared_.end());
  add_bits(own_, changes);
}

AtomGroup group_of_atom(const Atom &atom, AtomIndex index) {
  BitRow changes = atom.changes;
  return {{index},
          atom.size,
          atom.price,
          {changes.begin(), changes.end()},
          atom.weight};
}

void join(AtomGroup &to, const AtomGroup &from) {
  to.atoms.insert(to.atoms.end(), from.atoms.begin(), from.atoms.end());
  to.size += from.size;
  to.price += from.price;
  add_bits(to.changes, from.changes);
  to.weight = change_weight(to.changes);
}

Cost cost_of_joining(const AtomGroup &a, const AtomGroup &b, Cost limit) {
  Cost prices = unpaid_price(a) + unpaid_price(b);
  auto cost = [&](std::uint32_t joined) {
    return a.size * (joined - a.weight) + b.size * (joined - b.weight) + prices;
  };
  if (cost(std::max(a.weight, b.weight)) >= limit)
    return limit;
  return std::min(limit, cost(weight_of_union(a.changes, b.changes)));
}

} // namespace strata
