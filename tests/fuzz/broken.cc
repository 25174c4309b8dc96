// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: a program with the faults that fuzzing shall find, so that the test
// knows that it finds them.

#include "fuzz.hh"

#include <chrono>
#include <climits>
#include <stdexcept>
#include <thread>

using namespace strata;

namespace {

void *volatile kept = nullptr;
volatile char seen = 0;

void break_by(std::string_view fault) {
  using namespace std::chrono_literals;
  if (fault == "overflow") {
    volatile std::size_t past = fault.size();
    seen = fault.data()[past];
  } else if (fault == "undefined") {
    volatile int most = INT_MAX;
    seen = static_cast<char>(most + 1);
  } else if (fault == "leak") {
    kept = std::malloc(1000);
    kept = nullptr;
  } else if (fault == "hang") {
    std::this_thread::sleep_for(60s);
  } else if (fault == "memory") {
    kept = std::malloc(std::size_t(1100) << 20);
  } else if (fault == "exception") {
    throw std::length_error("not an Error");
  } else if (fault == "unreadable") {
    throw Error("two\nlines");
  } else if (fault == "refused") {
    throw Error("refused");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] { break_by(fuzz::input(data, size)); });
  return 0;
}
