// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: core SOURCE ROOT ITEM [COMPRESSION]: what `strata pack` does,
// without Guile and in one thread: reads the reference graph of the store below
// ROOT, from SOURCE (`file`: ROOT/graph; `database`), closes over ITEM, looks
// for its items on disk, plans, and with COMPRESSION writes the image to
// /dev/null.  A line for each stage tells its CPU time in milliseconds, and the
// peak memory at its end in KiB.

#include "base/error.hh"
#include "pack/closure.hh"
#include "pack/pack.hh"
#include "store/reference_graph_file.hh"
#include "store/store_database.hh"

#include <sys/resource.h>

#include <cstdio>
#include <string_view>

using namespace strata;

namespace {

long milliseconds(const timeval &time) {
  return time.tv_sec * 1000 + time.tv_usec / 1000;
}

// Tells what was used since the last call.
void end_stage(const char *name) {
  static long before = 0;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  long now = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  std::printf("%s %ld %ld\n", name, now - before, usage.ru_maxrss);
  before = now;
}

ReferenceGraph read(std::string_view source, const StoreLocation &location,
                    Monitor &monitor) {
  if (source == "database")
    return read_store_database(location, monitor);
  return read_reference_graph_files({location.root + "/graph"},
                                    location.directory, monitor);
}

void run(int count, char **arguments) {
  Monitor monitor;
  PackRequest request;
  request.location = locate_store(arguments[2], "/gnu/store", "");
  request.graph = std::make_shared<const ReferenceGraph>(
      read(arguments[1], request.location, monitor));
  end_stage("read");

  request.items = {arguments[3]};
  ItemIndex root = request.graph->find(arguments[3]).value();
  request.graph->closure({&root, 1});
  end_stage("close");

  request.names = {ImageReference::parse("bench:latest")};
  request.strategy = &find_strategy(strategy_names().front());
  request.jobs = request.sink.jobs = 1;
  PlanProblem problem;
  problem.items = find_closure(request, monitor).plan;
  problem.most_groups = groups_for_layers(*request.max_layers, 1);
  end_stage("look");

  make_plan(problem, *request.strategy);
  end_stage("plan");

  if (count < 5)
    return;
  request.compression = Compression::parse(arguments[4]);
  request.sink.output = "/dev/null";
  pack_image(request, monitor);
  end_stage("pack");
}

} // namespace

int main(int count, char **arguments) {
  if (count < 4) {
    std::fputs("Usage: core file|database ROOT ITEM [COMPRESSION]\n", stderr);
    return 2;
  }
  try {
    run(count, arguments);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "core: error: %s\n", error.what());
    return 1;
  }
}
