// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what a plan looks at besides the items of the image: the previous
// image and the siblings, wherever they are told.
// Errors: a file that is not there or damaged, or of another store, throws
// Error that names it.

#ifndef STRATA_PACK_PLAN_INPUT_HH
#define STRATA_PACK_PLAN_INPUT_HH

#include "pack/request.hh"
#include "plan/saved_plan.hh"

#include <optional>
#include <string>
#include <vector>

namespace strata {

/// What a name stands for that a user gave.
struct PlanInput {
  enum class Kind { plan, graph, image };
  std::string file;
  std::string image; // which of those in FILE; may be empty
  Kind kind = Kind::image;
};

/// What NAME stands for: FILE, or FILE:IMAGE where FILE has images.
PlanInput find_plan_input(const std::string &name);

/// The file of NAME without the name of an image.
std::string plan_input_file(const std::string &name);

/// The plan that FILE has: a saved plan, or an image (an archive or an OCI
/// layout) as find_plan() reads it.  FILE:NAME is the image NAME of FILE.
SavedPlan read_plan_input(const std::string &file,
                          const std::string &architecture, Monitor &monitor);

/// Whether NAME, as for read_plan_input(), leads to a file or to the folder of
/// an image, rather than being the name of an item.
bool is_plan_input(const std::string &name);

/// The plan in FILE.  No FILE, none there, an empty one and what is no regular
/// file hold none; what is no plan is an Error.
std::optional<SavedPlan> read_plan_file(const std::string &file,
                                        const Monitor &monitor);

/// The plan of the image that the one of REQUEST replaces, if it names one.
std::optional<SavedPlan> find_previous(const PackRequest &request,
                                       Monitor &monitor);

struct FoundSiblings {
  std::vector<ImageItems> images;  // each once
  std::vector<std::size_t> places; // of each, among all that were named
};

/// The items of the siblings that REQUEST names.  A file may be a reference
/// graph too, as the build daemon writes it.
FoundSiblings find_siblings(const PackRequest &request, Monitor &monitor);

} // namespace strata

#endif
