// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: Nix's rule: the items that most others need, and need most deeply,
// have a layer of their own, the rest share one.
//
// Nix draws the graph as a tree, in which an item is as often as there are ways
// to it from the items that nothing refers to.  The popularity of an item is
// the number of places in that tree which are the item or have it below them.
// Source: nixpkgs, pkgs/build-support/references-by-popularity; dockerTools
// takes the first ones alone.
//
// The tree grows exponentially, hence a number type of its own.  What is below
// an item has no sum that could be passed on from item to item, so that it is
// computed for those alone that may come first: bounds that can be passed on
// tell which.

#ifndef STRATA_PLAN_POPULARITY_HH
#define STRATA_PLAN_POPULARITY_HH

#include "plan/plan.hh"

namespace strata {

/// The strategy "popularity".  Equally popular items go by name.  Order of
/// layers: most popular first, the shared one last.
class Popularity : public Strategy {
public:
  std::string_view name() const override { return "popularity"; }
  Plan plan(const PlanProblem &problem) const override;
};

/// A count that does not overflow: exact below 2^64, then its first 64 bits.
class LargeCount {
public:
  LargeCount(std::uint64_t count = 0) : digits_(count) {}
  LargeCount operator+(const LargeCount &other) const;
  auto operator<=>(const LargeCount &) const = default;

private:
  std::uint32_t exponent_ = 0; // of two; the first bit of DIGITS_ is set then
  std::uint64_t digits_;
};

} // namespace strata

#endif
