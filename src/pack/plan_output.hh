// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what becomes of a plan once it is made: a label of the image, a file
// for the next one, and what is said of the difference.

#ifndef STRATA_PACK_PLAN_OUTPUT_HH
#define STRATA_PACK_PLAN_OUTPUT_HH

#include "pack/request.hh"
#include "plan/saved_plan.hh"

#include <memory>

namespace strata {

/// Makes PLAN a label of CONFIG, in place of one that the user gave.  A plan
/// that is too large becomes none; MONITOR tells.
void add_plan_label(ImageConfig &config, const SavedPlan &plan,
                    Monitor &monitor);

/// FILE, where a plan goes, to be opened before the work, so that a name that
/// cannot be is an error then; null if it is empty.  A file that is no plan is
/// an Error: it is not replaced.
std::unique_ptr<StreamTarget> open_plan_file(const std::string &file,
                                             Monitor &monitor);

/// What who has PREVIOUS needs for PLAN.
UpdateFigures compare_with_previous(const SavedPlan &previous,
                                    const SavedPlan &plan);

} // namespace strata

#endif
