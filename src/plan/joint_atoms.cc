// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/joint_atoms.hh"

#include "plan/buckets.hh"

#include <algorithm>
#include <iterator>
#include <map>
#include <numeric>

namespace strata {

namespace {

// Atoms that the same images hold.
using AtomsHeldAlike = std::vector<Atom>;

Cost size_of(const AtomsHeldAlike &atoms) {
  return std::accumulate(
      atoms.begin(), atoms.end(), Cost(0),
      [](Cost sum, const Atom &atom) { return sum + atom.size; });
}

// ATOMS, each of one item, by the images that hold them.
std::vector<AtomsHeldAlike> find_held_alike(std::span<const Atom> atoms,
                                            const SiblingItems &siblings,
                                            const SortedItems &items) {
  std::map<std::vector<BitWord>, AtomsHeldAlike> by_images;
  for (const Atom &atom : atoms) {
    BitRow images = siblings.holders[items.place(atom.items.front())];
    by_images[{images.begin(), images.end()}].push_back(atom);
  }
  std::vector<AtomsHeldAlike> result;
  for (auto &[images, alike] : by_images)
    result.push_back(std::move(alike));
  return result;
}

// The largest COUNT of ALL.
void keep_largest(std::vector<AtomsHeldAlike> &all, std::size_t count) {
  if (all.size() <= count)
    return;
  std::stable_sort(all.begin(), all.end(),
                   [](const AtomsHeldAlike &a, const AtomsHeldAlike &b) {
                     return size_of(a) > size_of(b);
                   });
  all.resize(count);
}

} // namespace

std::vector<Atom> find_joint_atoms(const SiblingItems &siblings,
                                   const SortedItems &items,
                                   const ChangeSets &changes,
                                   const Weights &weights) {
  std::vector<Atom> atoms;
  for (Rank rank = 0; rank < items.count(); ++rank)
    if (!items.item(rank).placed)
      atoms.push_back({{rank},
                       weights.of_items[rank],
                       0,
                       ChangeRow(changes.of(rank)),
                       changes.weight(rank)});
  if (atoms.size() <= most_joint_atoms)
    return atoms;

  constexpr std::size_t alone = most_joint_atoms / 2,
                        buckets = most_joint_atoms - alone;
  std::stable_sort(
      atoms.begin(), atoms.end(),
      [](const Atom &a, const Atom &b) { return a.size > b.size; });
  std::vector<AtomsHeldAlike> rest =
      find_held_alike(std::span(atoms).subspan(alone), siblings, items);
  keep_largest(rest, buckets / 2);
  atoms.resize(alone);

  Cost total = 0;
  for (const AtomsHeldAlike &alike : rest)
    total += size_of(alike);
  Cost share = total / static_cast<Cost>(buckets - rest.size()) + 1;
  for (AtomsHeldAlike &alike : rest) {
    std::vector<Atom> filled = fill_buckets(std::move(alike), share);
    std::move(filled.begin(), filled.end(), std::back_inserter(atoms));
  }
  std::sort(atoms.begin(), atoms.end(),
            [](const Atom &a, const Atom &b) { return a.items < b.items; });
  return atoms;
}

} // namespace strata
