// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what a group of items costs, and what it costs to join or part
// groups.
//
//   cost (group) = size * weight of changes  +  prices, if it has several atoms
//
// An *atom* is what the planner moves as one: an item, a layer of the previous
// image, a layer that siblings share, or a bucket of small items.  The first
// part is proportional to the bytes that the group re-sends for an average
// update: it is sent, whole, for each change that reaches one of its items.
// The price of an atom is what is lost if it is no layer of its own.
// Threads: values and pure functions.

#ifndef STRATA_PLAN_GROUP_COSTS_HH
#define STRATA_PLAN_GROUP_COSTS_HH

#include "plan/change_sets.hh"
#include "plan/weights.hh"

namespace strata {

/// A row of changes that lives elsewhere, until something is added: there may
/// be very many, mostly of single items.
class ChangeRow {
public:
  ChangeRow() = default;
  /// SHARED must live as long as this.
  explicit ChangeRow(BitRow shared) : shared_(shared) {}
  operator BitRow() const { return own_.empty() ? shared_ : BitRow(own_); }
  void add(BitRow changes);

private:
  BitRow shared_;
  std::vector<BitWord> own_;
};

struct Atom {
  std::vector<Rank> items; // ascending
  Cost size = 0;           // its weight
  Cost price = 0;
  ChangeRow changes = {}; // that reach one of its items
  std::uint32_t weight = 0;
};

using AtomIndex = std::uint32_t;

struct AtomGroup {
  std::vector<AtomIndex> atoms;
  Cost size = 0;
  Cost price = 0; // of all atoms
  std::vector<BitWord> changes;
  std::uint32_t weight = 0;

  Cost cost() const { return size * weight + (atoms.size() > 1 ? price : 0); }
};

/// The group of ATOM alone, the atom with INDEX.
AtomGroup group_of_atom(const Atom &atom, AtomIndex index);

/// Adds the atoms of FROM to TO.
void join(AtomGroup &to, const AtomGroup &from);

/// The price of GROUP that joining would add: nothing if it is paid already.
inline Cost unpaid_price(const AtomGroup &group) {
  return group.atoms.size() == 1 ? group.price : 0;
}

/// cost (A and B joined) - cost (A) - cost (B), never negative, if that is
/// below LIMIT; else LIMIT.
Cost cost_of_joining(const AtomGroup &a, const AtomGroup &b, Cost limit);

} // namespace strata

#endif
