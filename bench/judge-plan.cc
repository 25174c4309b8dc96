// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: judge-plan [STRATEGY [LEAST-GROUP-SIZE]]: reads a problem of the
// judge of layer plans on standard input and writes the plan on standard
// output, made by the library's code.
//
// Problem: {"max_layers": groups, "items": [{"name", "id", "size", "source",
// "refs": [name, ...]}, ...], and where there are such
// "prior": [{"items": [[name, id], ...]}, ...], the previous plan,
// "fleet": {image: [name, ...]}, what siblings hold, and
// "fleet_items": [...], those of their items that this image has not}.
// Plan: [[name, ...], ...].

#include "base/error.hh"
#include "base/file.hh"
#include "base/json.hh"
#include "plan/plan.hh"
#include "store/store_path.hh"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <map>

using namespace strata;

namespace {

// The judge's identities have as many digits as a store's hashes.
std::string path_of(const std::string &name, std::string id) {
  id.resize(item_hash_length, '0');
  return "/gnu/store/" + id + "-" + name;
}

// Reads items, their references still as names.
class Names {
public:
  void add(const Json &document) {
    for (const Json &item : document.elements()) {
      auto id = item.get("id");
      std::string name = item.at("name").string();
      PlanItem &added = items_[name];
      added.path = path_of(name, id ? id->string() : "");
      added.size = item.at("size").number();
      added.source = item.at("source").string();
      for (const Json &reference : item.at("refs").elements())
        references_[name].push_back(reference.string());
    }
  }

  // The items NAMES with the references among them.
  ImageItems image(const std::vector<std::string> &names) const {
    std::map<std::string, std::size_t> places;
    for (const std::string &name : names)
      places.emplace(name, places.size());
    ImageItems result(places.size());
    for (const auto &[name, place] : places) {
      result[place] = items_.at(name);
      auto references = references_.find(name);
      if (references == references_.end())
        continue;
      for (const std::string &reference : references->second)
        if (auto found = places.find(reference); found != places.end())
          result[place].references.push_back(found->second);
    }
    return result;
  }

private:
  std::map<std::string, PlanItem> items_;
  std::map<std::string, std::vector<std::string>> references_;
};

std::vector<std::string> strings(const Json &array) {
  std::vector<std::string> result;
  for (const Json &element : array.elements())
    result.push_back(element.string());
  return result;
}

PlanProblem read_problem(const Json &document) {
  Names names;
  names.add(document.at("items"));
  if (auto others = document.get("fleet_items"))
    names.add(*others);

  PlanProblem problem;
  problem.most_groups = document.at("max_layers").number();
  std::vector<std::string> own;
  for (const Json &item : document.at("items").elements())
    own.push_back(item.at("name").string());
  problem.items = names.image(own);
  if (auto prior = document.get("prior"))
    for (const Json &layer : prior->elements()) {
      PathGroup group;
      for (const Json &item : layer.at("items").elements())
        group.push_back(path_of(item.elements().at(0).string(),
                                item.elements().at(1).string()));
      problem.previous.push_back(std::move(group));
    }
  if (auto fleet = document.get("fleet"))
    for (const auto &[image, held] : fleet->members())
      problem.siblings.push_back(names.image(strings(held)));
  return problem;
}

Json shown(const PlanProblem &problem, const Plan &plan) {
  Json layers = Json::array();
  for (const Group &group : plan) {
    Json layer = Json::array();
    for (std::size_t place : group)
      layer.append(Json(item_name(problem.items[place].path)));
    layers.append(layer);
  }
  return layers;
}

} // namespace

int main(int count, char **arguments) {
  try {
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    PlanProblem problem = read_problem(Json::parse(text, "the problem"));
    if (count > 2)
      problem.least_group_size = std::stoull(arguments[2]);
    const Strategy &strategy =
        find_strategy(count > 1 ? arguments[1] : strategy_names().front());
    std::cout << shown(problem, make_plan(problem, strategy)).dump() << '\n';
    return 0;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "judge-plan: error: %s\n", error.what());
    return 1;
  }
}
