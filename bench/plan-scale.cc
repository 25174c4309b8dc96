// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: plan-scale [ITEMS [REFERENCES [STRATEGY]]]: plans a made-up graph
// (by default 100,000 items with 1,000,000 references) for 100 layers, once
// anew and once after an update, and prints CPU time and peak memory.

#include "plan/plan.hh"

#include <sys/resource.h>

#include <cstdio>
#include <ctime>
#include <random>
#include <string>

using namespace strata;

namespace {

ImageItems make_items(std::size_t count, std::size_t references) {
  std::mt19937_64 random(1);
  ImageItems items(count);
  for (std::size_t i = 0; i < count; ++i) {
    char path[80];
    std::snprintf(path, sizeof path, "/gnu/store/%032llx-package%zu-1.0",
                  static_cast<unsigned long long>(random()), i);
    items[i].path = path;
    std::uint64_t magnitude = std::uint64_t(1) << (10 + random() % 18);
    items[i].size = magnitude + random() % magnitude;
    for (std::size_t n = 0; i > 0 && n < references / count; ++n)
      items[i].references.push_back(random() % (1 + random() % i));
  }
  return items;
}

void print_figures(const char *what, std::size_t groups, clock_t start) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%-16s %3zu layers %6.2f s CPU %7.1f MiB\n", what, groups,
              static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC,
              static_cast<double>(usage.ru_maxrss) / 1024);
}

} // namespace

int main(int count, char **arguments) {
  std::size_t items = count > 1 ? std::stoul(arguments[1]) : 100000;
  std::size_t references = count > 2 ? std::stoul(arguments[2]) : 1000000;
  const Strategy &strategy =
      find_strategy(count > 3 ? arguments[3] : strategy_names().front());
  PlanProblem problem;
  problem.items = make_items(items, references);
  problem.most_groups = 99;

  std::printf("%zu items, %zu references\n", items, references);
  print_figures("the graph", 0, 0);
  clock_t start = std::clock();
  Plan plan = make_plan(problem, strategy);
  print_figures("the first plan", plan.size(), start);

  for (const Group &group : plan) {
    problem.previous.emplace_back();
    for (std::size_t place : group)
      problem.previous.back().push_back(problem.items[place].path);
  }
  for (std::size_t i = 0; i < items; i += 10) // a tenth of all is new
    problem.items[i].path[12] = '-';
  start = std::clock();
  plan = make_plan(problem, strategy);
  print_figures("after an update", plan.size(), start);
  return 0;
}
