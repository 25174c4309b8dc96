// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: values between Scheme and C++, all in one place.
// Errors: a value of the wrong type throws Error; nothing here throws to
// Guile, so that destructors run.
// Threads: only on threads that are in Guile mode.

#ifndef STRATA_GUILE_CONVERT_HH
#define STRATA_GUILE_CONVERT_HH

#include <libguile.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace strata {

/// A string; #f is the empty one where OPTIONAL.
std::string text_from_scm(SCM value);
std::string optional_text_from_scm(SCM value);

/// A whole number of 0 to MOST; NAME is for the error.
std::uint64_t number_from_scm(SCM value, const char *name, std::uint64_t most);

/// The elements of a proper list.
std::vector<SCM> list_from_scm(SCM value);

std::vector<std::string> texts_from_scm(SCM value);

/// An alist of strings.
std::vector<std::pair<std::string, std::string>> pairs_from_scm(SCM value);

/// The value of the symbol KEY in ALIST; #f where it is absent.
SCM value_of(SCM alist, const char *key);

/// TEXT as a string; bytes that are not UTF-8 are made printable.
SCM scm_from_text(std::string_view text);
SCM scm_from_texts(const std::vector<std::string> &texts);

/// Builds an alist with symbols as keys, in order.
class AlistBuilder {
public:
  AlistBuilder &add(const char *key, SCM value);
  AlistBuilder &add(const char *key, std::string_view text) {
    return add(key, scm_from_text(text));
  }
  AlistBuilder &add(const char *key, std::uint64_t number) {
    return add(key, scm_from_uint64(number));
  }
  SCM result() const { return scm_reverse(reversed_); }

private:
  SCM reversed_ = SCM_EOL;
};

} // namespace strata

#endif
