// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: a plan that outlives the image: what was in which layer, to keep
// those layers in the next image, and to share them with others.
// Format: JSON, in a file or as the label of an image:
//
//   {"version":1,"store":"/gnu/store","strategy":"expected",
//    "layers":[[["<hash>-<name>",SIZE,[REFERENCE,...]],...],...],
//    "mixed":[LAYER,...]}
//
// Layers from the lowest on, in each of them the items ascending bytewise. SIZE
// is that of the NAR in bytes.  A REFERENCE is the number of an item, counted
// through all layers from 0; they ascend, the item itself is not among them.
// The root layer, and layers of a base image, are not there.  "mixed", which is
// there only if it is not empty, has the numbers, from 0, of the layers that
// hold something besides their items, such as root entries; they ascend.
// Threads: values and pure functions.

#ifndef STRATA_PLAN_SAVED_PLAN_HH
#define STRATA_PLAN_SAVED_PLAN_HH

#include "plan/plan.hh"

#include <string>
#include <string_view>
#include <vector>

namespace strata {

struct SavedItem {
  std::string path;
  std::uint64_t size = 0;              // NAR size, bytes
  std::vector<std::size_t> references; // numbers, counted through all layers
};

struct SavedPlan {
  std::string store; // directory that all paths begin with
  std::string strategy;
  std::vector<std::vector<SavedItem>> layers; // the lowest first
  std::vector<std::size_t> mixed = {}; // layers that hold something besides
};

/// PLAN, one that STRATEGY made for PROBLEM, whose items are in STORE.
SavedPlan saved_plan(const std::string &store, std::string_view strategy,
                     const PlanProblem &problem, const Plan &plan);

/// PRETTY: an item a line, for files; else all in one line without its end.
std::string to_json(const SavedPlan &plan, bool pretty);

/// The plan in TEXT, which may be hostile.  Throws Error that says what is
/// wrong with NAME, a file or an image.
SavedPlan parse_saved_plan(std::string_view text, const std::string &name);

/// The items of PLAN, for a sibling.
ImageItems items_of(const SavedPlan &plan);

/// The groups of PLAN that are layers of their own, for PlanProblem::previous.
std::vector<PathGroup> groups_of(const SavedPlan &plan);

} // namespace strata

#endif
