// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: explains a plan: what its layers hold, why, and what updates
// re-send. Units: bytes of items, uncompressed.  A sum that does not fit is the
// largest number. Threads: pure functions.

#ifndef STRATA_PLAN_PLAN_REPORT_HH
#define STRATA_PLAN_PLAN_REPORT_HH

#include "plan/plan.hh"

namespace strata {

/// What the average update of one source re-sends, each source as likely as any
/// other.
struct AverageBytes {
  std::uint64_t rebuilt = 0; // with all that depends on it built anew
  std::uint64_t grafted = 0; // with only what refers to it
};

/// Why items share a layer; the first that holds.
enum class GroupReason {
  named,           // a rule of the strategy "manual" puts them together
  kept,            // it is a layer of the previous image
  alone,           // it is one item
  change_together, // what changes one of them changes all
  shared,          // the same siblings hold all of them
  few_layers,      // they are small, or there are too few layers to be alone
};

struct GroupReport {
  std::uint64_t size = 0;
  AverageBytes sent;
  GroupReason reason = GroupReason::alone;
};

struct PlanReport {
  std::vector<GroupReport> groups; // as in the plan
  std::uint64_t size = 0;
  AverageBytes sent;
  AverageBytes least; // if each item were alone: no plan can do better
};

/// Explains PLAN, one of PROBLEM.
PlanReport report_plan(const PlanProblem &problem, const Plan &plan);

/// PlanReport::sent of each of PLANS, all of PROBLEM.
std::vector<AverageBytes> find_sent(const PlanProblem &problem,
                                    const std::vector<Plan> &plans);

/// What one change does.
struct ChangeReport {
  std::vector<std::size_t> items;  // places that have a new identity, ascending
  std::vector<std::size_t> groups; // those that hold them, ascending
  std::uint64_t item_bytes = 0;    // the least that must be sent
  std::uint64_t group_bytes = 0;   // what is sent
};

struct ItemReport {
  std::size_t group = 0; // where it is
  ChangeReport rebuilt;  // its source changes, and all that depends on it
  ChangeReport grafted;  // its source changes, and what refers to it
};

/// Explains the item at PLACE in PLAN, one of PROBLEM.
ItemReport report_item(const PlanProblem &problem, const Plan &plan,
                       std::size_t place);

} // namespace strata

#endif
