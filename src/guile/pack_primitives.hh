// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the primitives of (strata plan), (strata pack) and (strata image).

#ifndef STRATA_GUILE_PACK_PRIMITIVES_HH
#define STRATA_GUILE_PACK_PRIMITIVES_HH

#include "guile/convert.hh"
#include "pack/request.hh"

#include <optional>

namespace strata {

/// An alist of the figures of an update, or #f.
SCM scm_from_update(const std::optional<UpdateFigures> &update);

/// Defines them in the current module.
void init_pack_primitives();

} // namespace strata

#endif
