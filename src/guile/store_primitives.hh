// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the primitives of (strata store).

#ifndef STRATA_GUILE_STORE_PRIMITIVES_HH
#define STRATA_GUILE_STORE_PRIMITIVES_HH

namespace strata {

/// Defines them in the current module.
void init_store_primitives();

} // namespace strata

#endif
