// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the primitives of (strata plan) that report on plans, and those of
// (strata difference).

#ifndef STRATA_GUILE_PLAN_PRIMITIVES_HH
#define STRATA_GUILE_PLAN_PRIMITIVES_HH

namespace strata {

/// Defines them in the current module.
void init_plan_primitives();

} // namespace strata

#endif
