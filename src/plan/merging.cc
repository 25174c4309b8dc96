// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/merging.hh"

#include <algorithm>
#include <limits>
#include <queue>
#include <tuple>

namespace strata {

namespace {

class Merging {
public:
  Merging(std::vector<AtomGroup> &groups, const Check &check)
      : groups_(groups), check_(check), versions_(groups.size()) {}

  void run(std::size_t count) {
    for (std::size_t i = 0; i < groups_.size(); ++i)
      find_nearest(i, i + 1); // those before have looked at I
    for (std::size_t left = groups_.size(); left > count;) {
      Pair pair = heap_.top();
      heap_.pop();
      if (versions_[pair.first] != pair.first_version)
        continue; // joined with another: it has an entry of its own
      if (versions_[pair.second] != pair.second_version) {
        find_nearest(pair.first, 0);
        continue;
      }
      join_pair(std::min(pair.first, pair.second),
                std::max(pair.first, pair.second));
      --left;
    }
    std::erase_if(groups_,
                  [](const AtomGroup &group) { return group.atoms.empty(); });
  }

private:
  struct Pair {
    Cost cost;
    std::size_t first, second; // the one that looked, and its nearest
    std::uint32_t first_version, second_version;

    bool operator<(const Pair &other) const { // the heap has the last on top
      return key() > other.key();
    }
    std::tuple<Cost, std::size_t, std::size_t, std::size_t> key() const {
      return {cost, std::min(first, second), std::max(first, second), first};
    }
  };

  // Looks among the groups from START on.
  void find_nearest(std::size_t group, std::size_t start) {
    check_();
    Cost best = std::numeric_limits<Cost>::max();
    std::size_t nearest = group;
    for (std::size_t i = start; i < groups_.size(); ++i) {
      if (i == group || groups_[i].atoms.empty())
        continue;
      Cost cost = cost_of_joining(groups_[group], groups_[i], best);
      if (cost < best) {
        best = cost;
        nearest = i;
      }
    }
    if (nearest != group)
      heap_.push({best, group, nearest, versions_[group], versions_[nearest]});
  }

  void join_pair(std::size_t first, std::size_t second) {
    join(groups_[first], groups_[second]);
    groups_[second] = {};
    ++versions_[first];
    ++versions_[second];
    find_nearest(first, 0);
  }

  std::vector<AtomGroup> &groups_;
  const Check &check_;
  std::vector<std::uint32_t> versions_; // how often each has changed
  std::priority_queue<Pair> heap_;
};

} // namespace

void merge_groups(std::vector<AtomGroup> &groups, std::size_t count,
                  const Check &check) {
  if (groups.size() > count)
    Merging(groups, check).run(std::max<std::size_t>(count, 1));
}

} // namespace strata
