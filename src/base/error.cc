// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/error.hh"

#include <system_error>

namespace strata {

Error::Error(std::string attempt, std::string cause, std::string hint)
    : message_(std::move(attempt)), hint_(std::move(hint)) {
  if (!cause.empty())
    message_ += ": " + cause;
}

Error Error::system(std::string attempt, int number, std::string hint) {
  return Error(std::move(attempt), std::generic_category().message(number),
               std::move(hint));
}

Error Error::in_context(const std::string &context) const {
  return Error(context, message_, hint_);
}

} // namespace strata
