// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the request that (strata pack) makes, an alist, as a PackRequest.

#ifndef STRATA_GUILE_PACK_REQUEST_HH
#define STRATA_GUILE_PACK_REQUEST_HH

#include "guile/convert.hh"
#include "pack/request.hh"

namespace strata {

/// Throws Error for a value that is missing or of the wrong type.
PackRequest pack_request_from_scm(SCM alist);

} // namespace strata

#endif
