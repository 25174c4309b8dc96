// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/pack.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "pack/closure.hh"
#include "pack/layer_files.hh"
#include "store/store_path.hh"
#include "tree/image_files.hh"

namespace strata {

namespace {

constexpr std::size_t most_layers = 125; // that all engines run
constexpr std::size_t named_items = 3;   // in the comment of a layer

void check_limits(const PackRequest &request, Monitor &monitor) {
  if (request.max_layers < 1)
    throw Error(_("an image has at least one layer"));
  if (request.max_layers > most_layers)
    monitor.warn(format(_("more than %zu layers: many engines cannot run such "
                          "an image"),
                        most_layers));
}

void check_required_paths(const PackRequest &request) {
  ImageFiles files(request.location, request.profiles);
  for (const std::string &path : request.required_paths)
    if (!files.find(path))
      throw Error(format(_("'%s' does not exist in the image"),
                         printable(path).c_str()));
}

// Whether PATH, or a directory that it implies, is at or below PLACE.
bool touches(const std::string &path, const std::string &place) {
  return path == place || path.starts_with(place + "/") ||
         place.starts_with(path + "/");
}

std::shared_ptr<const Tree> make_root(const PackRequest &request,
                                      Monitor &monitor) {
  auto root = std::make_shared<Tree>();
  for (const RootDirectory &directory : request.directories)
    root->add_directory(directory.path, {directory.mode, 0, 0});
  for (const RootLink &link : request.links) {
    if (!link.source.starts_with("/"))
      throw Error(
          format(_("invalid link '%s'"), printable(link.source).c_str()),
          _("its name in the image must begin with '/'"));
    if (touches(link.source, request.location.directory))
      throw Error(
          format(_("invalid link '%s'"), printable(link.source).c_str()),
          _("it would hide the store"));
    if (root->add_symlink(link.source, link.target))
      monitor.warn(format(_("'%s' is asked for twice: the last one is taken"),
                          printable(link.source).c_str()));
  }
  if (root->empty())
    return nullptr;
  return root;
}

Plan plan_groups(const PackRequest &request, ClosureItems &closure) {
  PlanProblem problem;
  problem.items = std::move(closure.plan);
  problem.most_groups = groups_for_layers(request.max_layers, 1);
  return make_plan(problem, *request.strategy);
}

std::vector<LayerContents> layer_contents(const PackRequest &request,
                                          const ClosureItems &closure,
                                          const Plan &plan,
                                          std::shared_ptr<const Tree> root) {
  std::vector<LayerContents> layers;
  for (const Group &group : plan) {
    LayerContents layer{request.location.directory, {}, nullptr, {}, {}};
    for (std::size_t i : group)
      layer.items.push_back(closure.contents[i]);
    layers.push_back(std::move(layer));
  }
  if (root && request.max_layers == 1 && !layers.empty())
    layers.back().root = root;
  else if (root)
    layers.push_back({request.location.directory, {}, root, {}, {}});
  return layers;
}

// The comment in the image's history.  Never translated: it is part of the
// image's bytes.
std::string layer_comment(const LayerContents &layer) {
  std::string result;
  for (std::size_t i = 0; i < layer.items.size() && i < named_items; ++i)
    result += (i > 0 ? ", " : "") + std::string(item_name(layer.items[i].path));
  if (layer.items.size() > named_items)
    result += format(" and %zu more", layer.items.size() - named_items);
  if (layer.root)
    result += layer.items.empty() ? "root" : "; root";
  return result;
}

PackResult describe(const PackRequest &request,
                    const std::vector<LayerContents> &layers,
                    const std::vector<std::uint64_t> &sizes) {
  PackResult result;
  std::string type = "application/vnd.oci.image.layer.v1.tar";
  type += media_type_suffix(request.compression.tool);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    PackedLayer packed;
    for (const LayerItem &item : layers[i].items)
      packed.items.push_back(item.path);
    packed.plain_size = sizes[i];
    packed.descriptor.media_type = type;
    packed.descriptor.comment = layer_comment(layers[i]);
    result.layers.push_back(std::move(packed));
  }
  return result;
}

// All that is decided before a byte is written.
struct Prepared {
  std::vector<LayerContents> layers;
  std::vector<std::uint64_t> sizes; // plain, bytes
};

Prepared prepare(const PackRequest &request, Monitor &monitor) {
  monitor.begin_stage(_("looking at the store"));
  check_limits(request, monitor);
  check_required_paths(request);
  auto root = make_root(request, monitor);
  ClosureItems closure = find_closure(request, monitor);
  Plan plan = plan_groups(request, closure);
  auto layers = layer_contents(request, closure, plan, root);
  auto sizes = measure_layers(layers, request.jobs, monitor);
  return {std::move(layers), std::move(sizes)};
}

} // namespace

PackResult plan_image(const PackRequest &request, Monitor &monitor) {
  Prepared prepared = prepare(request, monitor);
  return describe(request, prepared.layers, prepared.sizes);
}

PackResult pack_image(const PackRequest &request, Monitor &monitor) {
  Prepared prepared = prepare(request, monitor);
  PackResult result = describe(request, prepared.layers, prepared.sizes);
  auto sink = make_sink(request.sink, monitor);
  auto written =
      write_layers(prepared.layers, prepared.sizes, request.compression, *sink,
                   request.jobs, monitor);

  std::vector<LayerDescriptor> descriptors;
  for (std::size_t i = 0; i < written.size(); ++i) {
    LayerDescriptor &descriptor = result.layers[i].descriptor;
    descriptor.digest = written[i].digest;
    descriptor.diff_id = written[i].diff_id;
    descriptor.size = written[i].size;
    descriptors.push_back(descriptor);
  }
  ImageDocuments documents =
      make_documents(request.config, descriptors, request.names);
  result.manifest = documents.manifest.digest;
  monitor.check();
  sink->finish(documents);
  return result;
}

} // namespace strata
