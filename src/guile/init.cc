// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what `load-extension` calls.

#include "guile/cache_primitives.hh"
#include "guile/objects.hh"
#include "guile/pack_primitives.hh"
#include "guile/plan_primitives.hh"
#include "guile/store_primitives.hh"

/// Defines all primitives in the current module; called once.
extern "C" void scm_init_strata() {
  strata::init_objects();
  strata::init_store_primitives();
  strata::init_pack_primitives();
  strata::init_plan_primitives();
  strata::init_cache_primitives();
}
