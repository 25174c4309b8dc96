// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of JSON, and of the requests that Nix's streaming
// interface makes.

#include "fuzz.hh"
#include "pack/stream_request.hh"

using namespace strata;

namespace {

// TEXT without what names files: a request may read what its user may.
std::string without_files(const std::string &text) {
  Json document = Json::parse(text, "the input");
  std::string dumped = document.dump();
  fuzz::require(Json::parse(dumped, "the dump").dump() == dumped,
                "it is read otherwise again");
  if (document.is_object())
    for (const char *key : {"from_image", "customisation_layer"})
      if (document.get(key))
        document.set(key, Json::parse("null", "null"));
  return document.dump();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] {
    fuzz::MemoryFile file(without_files(std::string(fuzz::input(data, size))));
    Monitor monitor;
    PackRequest request = read_stream_request(file.path(), "", monitor);
    fuzz::require(request.names.size() == 1, "an image has one name");
    fuzz::require(!request.given_groups.empty(), "an image has a layer");
  });
  return 0;
}
