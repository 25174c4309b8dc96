// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of image archives with their bytes.

#include "image-check.hh"

using namespace strata;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] { fuzz::check_images(fuzz::input(data, size)); });
  return 0;
}
