// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of reference-graph files.

#include "fuzz.hh"
#include "graph-check.hh"
#include "store/reference_graph_file.hh"

using namespace strata;

namespace {

constexpr const char *store = "/gnu/store";

ReferenceGraph read(std::string_view text) {
  fuzz::MemoryFile file(text);
  return read_reference_graph_files({file.path()}, store, Monitor());
}

std::string written(const ReferenceGraph &graph) {
  std::string text;
  for (const Item &item : graph.items()) {
    text += item.path + "\n" + item.deriver + "\n" +
            std::to_string(item.references.size()) + "\n";
    for (ItemIndex reference : item.references)
      text += graph.items()[reference].path + "\n";
  }
  return text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] {
    ReferenceGraph graph = read(fuzz::input(data, size));
    std::string text = written(graph);
    fuzz::require(written(read(text)) == text, "it is read otherwise again");
    fuzz::check_graph(graph);
  });
  return 0;
}
