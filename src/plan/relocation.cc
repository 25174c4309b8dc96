// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/relocation.hh"

#include <algorithm>

namespace strata {

namespace {

class Relocation {
public:
  Relocation(const std::vector<Atom> &atoms, std::vector<AtomGroup> &groups,
             std::size_t most_groups, const Check &check)
      : atoms_(atoms), groups_(groups), most_groups_(most_groups),
        check_(check), home_(atoms.size()), once_(groups.size()) {
    for (std::size_t group = 0; group < groups.size(); ++group) {
      for (AtomIndex atom : groups[group].atoms)
        home_[atom] = group;
      count_again(group);
    }
  }

  // One pass.  Returns whether anything has moved.
  bool run() {
    bool moved = false;
    for (AtomIndex atom = 0; atom < atoms_.size(); ++atom) {
      check_();
      moved = move_if_better(atom) || moved;
    }
    std::size_t kept = 0;
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      if (groups_[group].atoms.empty())
        continue;
      for (AtomIndex atom : groups_[group].atoms)
        home_[atom] = kept;
      if (kept != group) {
        groups_[kept] = std::move(groups_[group]);
        once_[kept] = std::move(once_[group]);
      }
      ++kept;
    }
    groups_.resize(kept);
    once_.resize(kept);
    return moved;
  }

private:
  // Finds what GROUP's atoms have together, and what only one of them has.
  void count_again(std::size_t group) {
    AtomGroup &g = groups_[group];
    std::size_t words = BitRow(atoms_[g.atoms.front()].changes).size();
    std::vector<BitWord> twice(words);
    g.changes.assign(words, 0);
    g.size = g.price = 0;
    for (AtomIndex index : g.atoms) {
      const Atom &atom = atoms_[index];
      g.size += atom.size;
      g.price += atom.price;
      BitRow changes = atom.changes;
      for (std::size_t i = 0; i < words; ++i) {
        twice[i] |= g.changes[i] & changes[i];
        g.changes[i] |= changes[i];
      }
    }
    g.weight = change_weight(g.changes);
    once_[group] = g.changes;
    remove_bits(once_[group], twice);
  }

  // By how much the cost of ATOM's group falls without it.
  Cost gain_of_leaving(const Atom &atom, std::size_t group) const {
    const AtomGroup &g = groups_[group];
    if (g.atoms.size() == 1)
      return g.cost();
    std::uint32_t left =
        g.weight - weight_of_common(once_[group], atom.changes);
    Cost rest = (g.size - atom.size) * left +
                (g.atoms.size() > 2 ? g.price - atom.price : 0);
    return g.cost() - rest;
  }

  // By how much the cost of GROUP rises with ATOM, or LIMIT if it is no less.
  static Cost cost_of_entering(const Atom &atom, const AtomGroup &group,
                               Cost limit) {
    Cost prices = unpaid_price(group) + atom.price;
    auto cost = [&](std::uint32_t joined) {
      return group.size * (joined - group.weight) + atom.size * joined + prices;
    };
    if (cost(std::max(group.weight, atom.weight)) >= limit)
      return limit;
    return std::min(limit, cost(weight_of_union(group.changes, atom.changes)));
  }

  bool move_if_better(AtomIndex index) {
    const Atom &atom = atoms_[index];
    std::size_t from = home_[index], best_group = from;
    Cost best = gain_of_leaving(atom, from);
    std::size_t used = 0;
    std::size_t empty = groups_.size();
    for (std::size_t group = 0; group < groups_.size(); ++group) {
      if (groups_[group].atoms.empty()) {
        empty = std::min(empty, group);
        continue;
      }
      ++used;
      if (group == from)
        continue;
      Cost cost = cost_of_entering(atom, groups_[group], best);
      if (cost < best) {
        best = cost;
        best_group = group;
      }
    }
    if (used < most_groups_ && groups_[from].atoms.size() > 1 &&
        atom.size * atom.weight < best)
      best_group = empty;
    if (best_group == from)
      return false;
    move(index, from, best_group);
    return true;
  }

  void move(AtomIndex index, std::size_t from, std::size_t to) {
    if (to == groups_.size()) {
      groups_.emplace_back();
      once_.emplace_back();
    }
    std::erase(groups_[from].atoms, index);
    if (groups_[from].atoms.empty())
      groups_[from] = {};
    else
      count_again(from);
    groups_[to].atoms.push_back(index);
    count_again(to);
    home_[index] = to;
  }

  const std::vector<Atom> &atoms_;
  std::vector<AtomGroup> &groups_;
  std::size_t most_groups_;
  const Check &check_;
  std::vector<std::size_t> home_;          // the group of each atom
  std::vector<std::vector<BitWord>> once_; // changes that one atom has alone
};

} // namespace

void relocate_atoms(const std::vector<Atom> &atoms,
                    std::vector<AtomGroup> &groups, std::size_t most_groups,
                    unsigned passes, const Check &check) {
  Relocation relocation(atoms, groups, most_groups, check);
  while (passes-- > 0 && relocation.run())
    continue;
}

} // namespace strata
