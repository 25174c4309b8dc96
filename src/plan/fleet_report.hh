// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the layers of several images are together: how many they share
// and how much a registry stores.
// Units: bytes of items, uncompressed.  A sum that does not fit is the largest
// number.
// Threads: a pure function.

#ifndef STRATA_PLAN_FLEET_REPORT_HH
#define STRATA_PLAN_FLEET_REPORT_HH

#include "plan/plan_difference.hh"

namespace strata {

struct FleetImageReport {
  std::size_t groups = 0;
  std::uint64_t size = 0;
  std::size_t shared_groups = 0; // that another image has too
  std::uint64_t shared_size = 0;
};

struct FleetReport {
  std::vector<FleetImageReport> images; // in the order in which they came
  std::uint64_t stored_size = 0;        // of all groups, equal ones once
  std::uint64_t unique_size = 0;        // of all items, each once: the bound
  std::uint64_t sum_size = 0;           // of all images, as if none shared
};

/// What IMAGES have in common.  Groups are equal if their items are.
FleetReport report_fleet(const std::vector<SizedGroups> &images);

} // namespace strata

#endif
