// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: finds blocks that are compressed already, cheaply, so that no time
// is spent on trying to shrink them.

#ifndef STRATA_LAYER_DENSE_HH
#define STRATA_LAYER_DENSE_HH

#include "base/output.hh"

#include <vector>

namespace strata {

/// Samples of BLOCK, 64 KiB from all over it, if their bytes are spread so
/// evenly (about 7.85 bits of entropy a byte and more) that BLOCK may well not
/// shrink; else nothing.  A block of less than 128 KiB is never sampled.
std::vector<std::byte> dense_samples(Bytes block);

} // namespace strata

#endif
