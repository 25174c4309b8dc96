// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the strategy "manual": layers that the user names, by rules
// (manual_rules.hh), and another strategy for the rest.

#ifndef STRATA_PLAN_MANUAL_HH
#define STRATA_PLAN_MANUAL_HH

#include "plan/plan.hh"

namespace strata {

/// The strategy "manual".  Layers that no item lies in are not made.  More
/// named layers than there may be groups (with one for the rest, if there is
/// one) is an Error.  Named layers may be of any size.  No rules: all items are
/// the rest.
class Manual : public Strategy {
public:
  std::string_view name() const override { return "manual"; }
  bool looks_at_others() const override { return true; }
  Plan plan(const PlanProblem &problem) const override;
  std::size_t least_groups(const PlanProblem &problem) const override;
  std::vector<Plan> plan_fleet(const PlanProblem &problem) const override;
};

/// A text for each rule of PROBLEM that no item lies in a layer by, for a
/// warning: "'glibc-*' (rules, line 3) matches no item ...".  If there are more
/// than 20, the last text tells how many.
std::vector<std::string> describe_unused_rules(const PlanProblem &problem);

} // namespace strata

#endif
