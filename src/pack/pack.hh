// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: one request in, one image in one sink out.

#ifndef STRATA_PACK_PACK_HH
#define STRATA_PACK_PACK_HH

#include "base/monitor.hh"
#include "pack/request.hh"

namespace strata {

/// The layers that pack_image would write; sizes are plain, digests are not
/// known.  Nothing is written.
PackResult plan_image(const PackRequest &request, Monitor &monitor);

/// Makes the image.  On any Error, and when MONITOR cancels, nothing is left
/// in the sink.  Timings that cannot be written are a warning.
PackResult pack_image(const PackRequest &request, Monitor &monitor);

} // namespace strata

#endif
