// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of saved plans.

#include "fuzz.hh"
#include "plan/saved_plan.hh"

using namespace strata;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] {
    SavedPlan plan = parse_saved_plan(fuzz::input(data, size), "the input");
    for (bool pretty : {false, true}) {
      std::string text = to_json(plan, pretty);
      SavedPlan again = parse_saved_plan(text, "the same");
      fuzz::require(to_json(again, pretty) == text, "it is read otherwise");
    }
    ImageItems items = items_of(plan);
    std::size_t count = 0;
    for (const PathGroup &group : groups_of(plan)) {
      fuzz::require(!group.empty(), "a layer is empty");
      count += group.size();
    }
    fuzz::require(count == items.size(), "the number of items");
    for (std::size_t i = 0; i < items.size(); ++i)
      for (std::size_t reference : items[i].references)
        fuzz::require(reference < items.size() && reference != i,
                      "a reference to nothing");
  });
  return 0;
}
