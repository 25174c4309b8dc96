// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the member "config" of an image's config: how a container is run.
// Format: OCI image-spec 1.1, config.md, "Properties"; inheritance as FROM in
// a Dockerfile.

#ifndef STRATA_IMAGE_RUN_CONFIG_HH
#define STRATA_IMAGE_RUN_CONFIG_HH

#include "image/config.hh"

namespace strata {

/// What CONFIG says, on top of what it inherits.  Members of an inherited
/// config that have another type than the spec says are Errors.
Json run_config(const ImageConfig &config);

} // namespace strata

#endif
