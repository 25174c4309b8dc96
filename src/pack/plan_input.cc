// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/plan_input.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "image/found_plan.hh"
#include "pack/closure.hh"
#include "store/reference_graph_file.hh"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <set>

namespace strata {

namespace {

constexpr std::size_t largest_plan = 64 << 20; // bytes

// By what FILE begins with.  A tar has a zero byte there.
PlanInput::Kind kind_of(const std::string &file) {
  struct stat status;
  if (stat(file.c_str(), &status) != 0)
    throw Error::system(format(_("cannot open '%s'"), printable(file).c_str()),
                        errno);
  if (S_ISDIR(status.st_mode))
    return PlanInput::Kind::image;
  // What comes through a pipe can be read once.
  if (!S_ISREG(status.st_mode))
    return PlanInput::Kind::plan;
  std::array<char, 512> start{};
  std::size_t size =
      read_at(open_file(file), file, start.data(), start.size(), 0);
  std::string_view text(start.data(), size);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.empty())
    return PlanInput::Kind::plan;
  if (text.find('\0') != text.npos)
    return PlanInput::Kind::image;
  return text[0] == '{'   ? PlanInput::Kind::plan
         : text[0] == '/' ? PlanInput::Kind::graph
                          : PlanInput::Kind::image;
}

// A file whose name has a colon goes before an image of another file.
PlanInput split_input(const std::string &name) {
  if (file_exists(name))
    return {name, ""};
  for (std::size_t colon = name.find(':'); colon != name.npos;
       colon = name.find(':', colon + 1))
    if (colon > 0 && file_exists(name.substr(0, colon)))
      return {name.substr(0, colon), name.substr(colon + 1)};
  return {name, ""};
}

SavedPlan read_plan(const PlanInput &input, const std::string &architecture,
                    Monitor &monitor) {
  switch (input.kind) {
  case PlanInput::Kind::plan:
    return parse_saved_plan(read_file(input.file, largest_plan, monitor),
                            input.file);
  case PlanInput::Kind::image:
    return find_plan(input.file, input.image, architecture, monitor);
  default:
    throw Error(format(_("'%s' is neither a plan nor an image"),
                       printable(input.file).c_str()));
  }
}

// Nothing of another store can be the same.
SavedPlan of_store(SavedPlan plan, const std::string &name,
                   const PackRequest &request) {
  std::string attempt =
      format(_("cannot use the plan of '%s'"), printable(name).c_str());
  if (plan.store.empty())
    throw Error(attempt, _("it holds no items of a store"));
  if (plan.store != request.location.directory)
    throw Error(attempt, format(_("its items are in the store '%s', those of "
                                  "the new image in '%s'"),
                                printable(plan.store).c_str(),
                                printable(request.location.directory).c_str()));
  return plan;
}

ImageItems items_of_graph(const std::string &file, const PackRequest &request,
                          Monitor &monitor) {
  ReferenceGraph graph =
      read_reference_graph_files({file}, request.location.directory, monitor);
  std::vector<std::string> paths;
  for (const Item &item : graph.items())
    paths.push_back(item.path);
  return closure_items(graph, request.location, paths, {}, monitor);
}

} // namespace

PlanInput find_plan_input(const std::string &name) {
  PlanInput input = split_input(name);
  input.kind = kind_of(input.file);
  if (input.kind != PlanInput::Kind::image && !input.image.empty())
    throw Error(
        format(_("cannot look at the plan of '%s'"),
               printable(input.file).c_str()),
        format(_("it holds no image '%s'"), printable(input.image).c_str()));
  return input;
}

std::string plan_input_file(const std::string &name) {
  return split_input(name).file;
}

SavedPlan read_plan_input(const std::string &file,
                          const std::string &architecture, Monitor &monitor) {
  return read_plan(find_plan_input(file), architecture, monitor);
}

bool is_plan_input(const std::string &name) {
  std::string file = split_input(name).file;
  struct stat status;
  if (stat(file.c_str(), &status) != 0)
    return false;
  return !S_ISDIR(status.st_mode) || file_exists(file + "/oci-layout") ||
         file_exists(file + "/manifest.json");
}

std::optional<SavedPlan> read_plan_file(const std::string &file,
                                        const Monitor &monitor) {
  struct stat status;
  if (file.empty() || stat(file.c_str(), &status) != 0 ||
      !S_ISREG(status.st_mode) || status.st_size == 0)
    return {};
  return parse_saved_plan(read_file(file, largest_plan, monitor), file);
}

std::optional<SavedPlan> find_previous(const PackRequest &request,
                                       Monitor &monitor) {
  if (const std::string &name = request.previous; !name.empty())
    return of_store(read_plan_input(name, request.config.architecture, monitor),
                    name, request);
  auto plan = read_plan_file(request.plan_file, monitor);
  if (plan)
    plan = of_store(std::move(*plan), request.plan_file, request);
  return plan;
}

FoundSiblings find_siblings(const PackRequest &request, Monitor &monitor) {
  FoundSiblings siblings;
  std::set<std::vector<std::string>> known;
  std::size_t place = 0;
  auto add = [&](ImageItems items) {
    std::vector<std::string> paths;
    for (const PlanItem &item : items)
      paths.push_back(item.path);
    std::sort(paths.begin(), paths.end());
    if (known.insert(std::move(paths)).second) {
      siblings.images.push_back(std::move(items));
      siblings.places.push_back(place);
    }
    ++place;
  };
  for (const std::string &name : request.siblings) {
    PlanInput input = find_plan_input(name);
    add(input.kind == PlanInput::Kind::graph
            ? items_of_graph(input.file, request, monitor)
            : items_of(of_store(
                  read_plan(input, request.config.architecture, monitor), name,
                  request)));
  }
  for (const SiblingImage &sibling : request.sibling_images)
    add(closure_items(*request.graph, request.location, sibling.items,
                      sibling.profiles, monitor));
  return siblings;
}

} // namespace strata
