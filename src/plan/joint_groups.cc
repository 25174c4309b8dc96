// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/joint_groups.hh"

#include "plan/change_sets.hh"
#include "plan/joint_atoms.hh"
#include "plan/joint_objects.hh"
#include "plan/relocation.hh"
#include "plan/sibling_items.hh"

#include <algorithm>
#include <limits>
#include <map>
#include <queue>
#include <tuple>

namespace strata {

namespace {

// The sum of sizes with which no cost overflows: a size counts at most for all
// changes in each image, and for what is stored.
Cost most_weight(std::size_t images) {
  return (Cost(1) << 48) / static_cast<Cost>(images);
}

// The price of storing, as JointObjects has it.
constexpr Cost storing_price = 130;

// Joining goes one way only, so that a little dearer storing may end in a plan
// that is cheaper by the price above: of these, in percent, the best is taken.
constexpr Cost tried_prices[] = {100, 120, 140};

class JointPlanning {
public:
  // ATOMS: as find_joint_atoms() gives them.
  JointPlanning(const SiblingItems &siblings, const SortedItems &items,
                const std::vector<Atom> &atoms, std::size_t most_groups,
                Cost price, const Check &check)
      : siblings_(siblings), items_(items), atoms_(atoms), check_(check),
        objects_(first_objects(), siblings.image_count, most_groups, price) {}

  void run() {
    join_down();
    objects_.part_where_it_pays();
    relocate();
  }

  // What is stored, at PRICE, and re-sent.
  Cost cost(Cost price) const {
    Cost sum = 0;
    for (const JointObject &object : objects_.all()) {
      Cost images = count_bits(object.images), size = 0;
      if (images == 0)
        continue;
      ChangeRow changes(atoms_[object.atoms.front()].changes);
      for (AtomIndex atom : object.atoms) {
        size += atoms_[atom].size;
        changes.add(atoms_[atom].changes);
      }
      sum += size * (price + images * change_weight(changes));
    }
    return sum;
  }

  // The groups of each image, by its ranks.
  std::vector<RankGroups> groups() const {
    std::vector<RankGroups> result;
    for (const SiblingItems::Image &image : siblings_.images) {
      result.emplace_back();
      for (const JointObject &object : objects_.all())
        if (has_bit(object.images, image.number))
          result.back().push_back(ranks_in(image, object));
    }
    return result;
  }

private:
  std::vector<JointObject> first_objects() const;
  void join_down();
  void find_nearest(ObjectIndex object, ObjectIndex start);
  void relocate();

  std::vector<Rank> ranks_in(const SiblingItems::Image &image,
                             const JointObject &object) const {
    std::vector<Rank> ranks;
    for (AtomIndex atom : object.atoms)
      for (Rank rank : atoms_[atom].items)
        ranks.push_back(image.ranks[items_.place(rank)]);
    std::sort(ranks.begin(), ranks.end());
    return ranks;
  }

  // An object and its nearest, as they were when it looked.
  struct Pair {
    Cost cost;
    ObjectIndex first, second;
    std::uint32_t first_version, second_version;

    bool operator<(const Pair &other) const { // the heap has the last on top
      return key() > other.key();
    }
    std::tuple<Cost, ObjectIndex, ObjectIndex> key() const {
      return {cost, first, second};
    }
  };

  const SiblingItems &siblings_;
  const SortedItems &items_;
  const std::vector<Atom> &atoms_;
  const Check &check_;
  JointObjects objects_;
  std::vector<ObjectIndex> held_;       // by an image, ascending
  std::vector<std::uint32_t> versions_; // how often an object's images changed
  std::priority_queue<Pair> heap_;
};

std::vector<JointObject> JointPlanning::first_objects() const {
  std::vector<JointObject> objects;
  for (const Atom &atom : atoms_) {
    BitRow changes = atom.changes;
    BitRow images = siblings_.holders[items_.place(atom.items.front())];
    objects.push_back({{static_cast<AtomIndex>(objects.size())},
                       atom.size,
                       {changes.begin(), changes.end()},
                       atom.weight,
                       {images.begin(), images.end()}});
  }
  return objects;
}

void JointPlanning::find_nearest(ObjectIndex object, ObjectIndex start) {
  check_();
  Cost best = std::numeric_limits<Cost>::max();
  ObjectIndex nearest = object;
  for (auto found = std::lower_bound(held_.begin(), held_.end(), start);
       found != held_.end(); ++found) {
    ObjectIndex i = *found;
    if (i == object)
      continue;
    if (auto joining = objects_.best_joining(object, i, best)) {
      best = joining->cost;
      nearest = i;
    }
  }
  if (nearest != object)
    heap_.push({best, object, nearest, versions_[object], versions_[nearest]});
}

void JointPlanning::join_down() {
  versions_.resize(objects_.all().size());
  for (ObjectIndex i = 0; i < objects_.all().size(); ++i)
    held_.push_back(i);
  for (ObjectIndex i = 0; i < held_.size(); ++i)
    find_nearest(i, i + 1); // those before have looked at I
  while (objects_.any_too_many() && !heap_.empty()) {
    Pair pair = heap_.top();
    heap_.pop();
    // An object that has changed has another entry.  Where the partner has
    // changed it looks again; also where joining has become dearer, which it
    // can only, since fewer images have too many groups.
    if (versions_[pair.first] != pair.first_version)
      continue;
    std::optional<Joining> joining;
    if (versions_[pair.second] == pair.second_version)
      joining = objects_.best_joining(pair.first, pair.second, pair.cost + 1);
    if (!joining) {
      find_nearest(pair.first, 0);
      continue;
    }
    ObjectIndex joined =
        objects_.join_in(pair.first, pair.second, joining->images);
    versions_.push_back(0);
    held_.push_back(joined);
    std::erase_if(held_, [&](ObjectIndex i) {
      return (i == pair.first || i == pair.second) &&
             !any_bits(objects_.all()[i].images);
    });
    for (ObjectIndex object : {pair.first, pair.second, joined}) {
      ++versions_[object];
      if (any_bits(objects_.all()[object].images))
        find_nearest(object, 0);
    }
  }
}

void JointPlanning::relocate() {
  std::map<std::vector<BitWord>, std::vector<ObjectIndex>> held_alike;
  for (ObjectIndex i = 0; i < objects_.all().size(); ++i)
    if (any_bits(objects_.all()[i].images))
      held_alike[objects_.all()[i].images].push_back(i);
  for (const auto &[images, alike] : held_alike) {
    std::vector<Atom> atoms;
    std::vector<AtomIndex> places; // of ATOMS in all
    std::vector<AtomGroup> groups;
    for (ObjectIndex object : alike) {
      groups.emplace_back();
      for (AtomIndex place : objects_.all()[object].atoms) {
        groups.back().atoms.push_back(static_cast<AtomIndex>(atoms.size()));
        places.push_back(place);
        atoms.push_back(atoms_[place]);
      }
    }
    if (groups.size() < 2)
      continue;
    relocate_atoms(atoms, groups, groups.size(), 10, check_);
    for (std::size_t i = 0; i < alike.size(); ++i) {
      JointObject &object = objects_.all()[alike[i]];
      object.atoms.clear();
      if (i >= groups.size())
        object.images.assign(object.images.size(), 0);
      else
        for (AtomIndex atom : groups[i].atoms)
          object.atoms.push_back(places[atom]);
    }
  }
}

} // namespace

std::vector<RankGroups>
find_joint_groups(const SortedItems &own,
                  const std::vector<ImageItems> &siblings,
                  std::size_t most_groups, Cost sharing, const Check &check) {
  if (siblings.empty())
    return {{}};
  SiblingItems all = find_sibling_items(own, siblings);
  SortedItems items(all.items);
  ChangeSets changes(items);
  Weights weights = find_weights(items, most_weight(all.image_count));
  std::vector<Atom> atoms = find_joint_atoms(all, items, changes, weights);
  Cost price = storing_price * sharing / 100;

  std::vector<RankGroups> best;
  Cost least = std::numeric_limits<Cost>::max();
  for (Cost percent : tried_prices) {
    JointPlanning planning(all, items, atoms, most_groups,
                           price * percent / 100, check);
    planning.run();
    if (Cost cost = planning.cost(price); cost < least) {
      least = cost;
      best = planning.groups();
    }
  }
  return best;
}

} // namespace strata
