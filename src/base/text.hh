// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the words of messages: translation, formatting, and printing names
// that came from outside.
// Threads: everything here may be called from any thread.

#ifndef STRATA_BASE_TEXT_HH
#define STRATA_BASE_TEXT_HH

#include <cstdint>
#include <string>
#include <string_view>

/// Marks a text for translation that is translated later.
#define N_(text) text

namespace strata {

/// TEXT in the user's language (gettext domain "strata").
[[gnu::format_arg(1)]] const char *_(const char *text);

/// The right plural form of a text for COUNT, translated.
[[gnu::format_arg(1), gnu::format_arg(2)]] const char *
plural(const char *one, const char *many, std::uint64_t count);

/// As sprintf, into a string.
[[gnu::format(printf, 1, 2)]] std::string format(const char *pattern, ...);

/// NAME fit for a message: control characters and bytes that are not UTF-8
/// become \ooo, so that a hostile file name cannot play with the terminal.
std::string printable(std::string_view name);

/// The first 8 bytes of TEXT as a number, the first one highest: texts whose
/// keys differ are in the order of their keys.
std::uint64_t order_key(std::string_view text);

/// Whether TEXT is valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// Whether every byte of TEXT is below 128.
bool is_ascii(std::string_view text);

} // namespace strata

#endif
