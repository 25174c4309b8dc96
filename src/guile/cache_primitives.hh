// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the primitives of (strata cache).

#ifndef STRATA_GUILE_CACHE_PRIMITIVES_HH
#define STRATA_GUILE_CACHE_PRIMITIVES_HH

namespace strata {

/// Defines them in the current module.
void init_cache_primitives();

} // namespace strata

#endif
