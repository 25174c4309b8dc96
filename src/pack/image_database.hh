// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the store database that goes into an image: it lists the items of
// the image, its profiles among them.

#ifndef STRATA_PACK_IMAGE_DATABASE_HH
#define STRATA_PACK_IMAGE_DATABASE_HH

#include "base/monitor.hh"
#include "pack/request.hh"

#include <string>

namespace strata {

/// The bytes of that database.  Throws Error.
std::string image_database(const PackRequest &request, Monitor &monitor);

} // namespace strata

#endif
