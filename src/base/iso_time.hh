// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: points in time as ISO 8601 writes them.

#ifndef STRATA_BASE_ISO_TIME_HH
#define STRATA_BASE_ISO_TIME_HH

#include <cstdint>
#include <optional>
#include <string_view>

namespace strata {

/// The seconds since 1970 of TEXT, "YYYY-MM-DDThh:mm:ss", maybe with a
/// fraction, which is dropped, then "Z" or "+hh:mm".  Nothing for all else, and
/// for times before 1970.
std::optional<std::int64_t> parse_iso_time(std::string_view text);

} // namespace strata

#endif
