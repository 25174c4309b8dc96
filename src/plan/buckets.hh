// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: makes few atoms of many, so that what is quadratic in their number
// stays fast: small items that change alike go together.
// Threads: pure functions.

#ifndef STRATA_PLAN_BUCKETS_HH
#define STRATA_PLAN_BUCKETS_HH

#include "plan/group_costs.hh"

namespace strata {

/// ATOMS themselves if there are at most MOST.  Else the largest MOST / 2 of
/// them alone; the others in buckets of about equal bytes, those in one bucket
/// that are neighbours by the weight of their changes, then by the changes.  A
/// bucket has no price.
std::vector<Atom> put_in_buckets(std::vector<Atom> atoms, std::size_t most);

/// ATOMS in buckets of about SHARE bytes, at most one more than their bytes
/// divided by SHARE; which go together is as above.
std::vector<Atom> fill_buckets(std::vector<Atom> atoms, Cost share);

/// The atom of A and B's items.
void add_atom(Atom &to, const Atom &from);

} // namespace strata

#endif
