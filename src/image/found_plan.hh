// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the plan of an image that is there already.
// Errors: an image is hostile input; what is wrong throws Error that names it.

#ifndef STRATA_IMAGE_FOUND_PLAN_HH
#define STRATA_IMAGE_FOUND_PLAN_HH

#include "base/monitor.hh"
#include "image/found_image.hh"
#include "plan/saved_plan.hh"

#include <optional>
#include <string>

namespace strata {

/// The label of an image that has its plan, as one line of JSON.
constexpr const char *plan_label = "org.gnu.strata.plan";

/// What clients read of a config is limited: 4 MiB at most.
constexpr std::size_t largest_plan_label = 1 << 20; // bytes

/// The plan that the label of IMAGE, one of PATH, has, if there is one; of a
/// damaged one MONITOR tells.
std::optional<SavedPlan> usable_label(const FoundImage &image,
                                      const std::string &path,
                                      Monitor &monitor);

/// The plan of the image in PATH, a Docker archive or an OCI layout.  Where it
/// holds several, NAME, one of their names or tags, says which; it may be
/// empty: then one for ARCHITECTURE, which may be empty too, goes before
/// others.
///
/// Where the image has a label that can be used, only documents are read.  Else
/// its layers are, and verified: items are those found in them, without
/// references; their sizes are those of their files.  An item that several
/// layers have parts of is in the lowest.  Of several stores, the one with most
/// items counts; of none, the store is empty.
SavedPlan find_plan(const std::string &path, const std::string &name,
                    const std::string &architecture, Monitor &monitor);

} // namespace strata

#endif
