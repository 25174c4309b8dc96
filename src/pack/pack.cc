// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/pack.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "pack/image_database.hh"
#include "pack/layer_files.hh"
#include "pack/output_files.hh"
#include "pack/plan_output.hh"
#include "pack/planning.hh"
#include "pack/ready_layers.hh"
#include "store/store_path.hh"
#include "tree/image_files.hh"

#include <sys/stat.h>

#include <algorithm>

namespace strata {

namespace {

constexpr std::size_t most_layers = 125; // that all engines run
constexpr std::size_t named_items = 3;   // in the comment of a layer

void warn_of_many_layers(std::size_t count, Monitor &monitor) {
  if (count > most_layers)
    monitor.warn(format(_("the image has %zu layers; many engines cannot run "
                          "more than %zu"),
                        count, most_layers));
}

// Whether PATH is in an item of LAYERS.
bool is_in(const std::vector<LayerContents> &layers, const std::string &path) {
  for (const LayerContents &layer : layers)
    for (const LayerItem &item : layer.items)
      if (path == item.path || path.starts_with(item.path + "/"))
        return true;
  return false;
}

// Layers that are there already are not looked into.
void check_required_paths(const PackRequest &request,
                          const std::vector<LayerContents> &layers) {
  ImageFiles files(request.location, request.profiles);
  bool all_known = ready_layer_count(request) == 0;
  for (const std::string &path : request.required_paths) {
    auto found = files.find(path);
    if (!found ||
        (all_known && !(is_in(layers, path) && is_in(layers, found->path))))
      throw Error(format(_("'%s' does not exist in the image"),
                         printable(path).c_str()));
  }
}

// PATH in the one spelling in which store paths are: "/gnu" for "//gnu/.".
std::string cleaned(std::string_view path) {
  std::string result;
  for (std::string_view name : path_names(path))
    result += "/" + std::string(name);
  return result;
}

// PATH is what was asked for, a link or something else.
[[noreturn]] void refuse(const std::string &path, bool link,
                         const char *cause) {
  throw Error(format(link ? _("invalid link '%s'")
                          : _("cannot put '%s' into the image"),
                     printable(path).c_str()),
              cause);
}

// Nothing that is asked for is in the store.
void check_directives(const PackRequest &request) {
  for (const Directive &directive : request.directives) {
    bool link = directive.action == Directive::Action::symlink;
    if (link && !directive.path.starts_with("/"))
      refuse(directive.path, link,
             _("its name in the image must begin with '/'"));
    if (cleaned(directive.path).starts_with(request.location.directory + "/"))
      refuse(directive.path, link, _("it would hide the store"));
  }
}

// The store directory and those above are directories in ROOT, if at all.
void check_parents(const PackRequest &request, const Tree &root) {
  std::string parent = request.location.directory;
  for (; parent.size() > 1; parent = parent_directory(parent)) {
    Kind kind = root.kind(parent).value_or(Kind::directory);
    if (kind != Kind::directory)
      refuse(parent, kind == Kind::symlink, _("it would hide the store"));
  }
}

// The tree of all that stands outside the store; null if there is nothing.
std::shared_ptr<const Tree> make_root(const PackRequest &request,
                                      Monitor &monitor) {
  check_directives(request);
  auto root = std::make_shared<Tree>();
  if (!request.root_folder.empty())
    root->add_folder("", request.root_folder);
  if (request.with_database)
    root->add_file("/var/guix/db/db.sqlite", image_database(request, monitor),
                   {0644, 0, 0});
  populate(*root, request.directives, monitor);
  check_parents(request, *root);
  root->check_links();
  if (root->empty())
    return nullptr;
  return root;
}

PlannedLayers given_layers(const PackRequest &request) {
  PlannedLayers given;
  for (const auto &group : request.given_groups) {
    LayerContents layer;
    for (const std::string &path : group)
      layer.items.push_back(
          {path,
           std::make_shared<const DiskWalk>(request.location.on_disk(path)),
           {}});
    given.layers.push_back(std::move(layer));
  }
  return given;
}

PlannedLayers layer_contents(const PackRequest &request, Monitor &monitor) {
  auto root = make_root(request, monitor);
  PlannedLayers result = request.given_groups.empty()
                             ? plan_layers(request, monitor)
                             : given_layers(request);
  auto &layers = result.layers;
  if (root && (layers.empty() || !one_layer(request)))
    layers.emplace_back();
  if (root)
    layers.back().root = root;
  for (LayerContents &layer : layers) {
    layer.store_directory = request.location.directory;
    layer.transformations = request.transformations;
    layer.style = request.style;
  }
  return result;
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

PackedLayer described(const ReadyLayer &layer) {
  return {layer.items, layer.plain_size, layer.descriptor};
}

// All that is decided before a byte is written.
struct Prepared : PlannedLayers {
  std::vector<LayerMeasure> measures;
};

PackResult describe(const PackRequest &request, const Prepared &prepared) {
  const auto &layers = prepared.layers;
  PackResult result;
  result.update = prepared.update;
  std::string type = "application/vnd.oci.image.layer.v1.tar";
  type += media_type_suffix(request.compression.tool);
  for (const ReadyLayer &layer : request.base_layers)
    result.layers.push_back(described(layer));
  for (std::size_t i = 0; i < layers.size(); ++i) {
    PackedLayer packed;
    for (const LayerItem &item : layers[i].items)
      packed.items.push_back(item.path);
    packed.plain_size = prepared.measures[i].size;
    packed.descriptor.media_type = type;
    packed.descriptor.comment = layer_comment(layers[i]);
    result.layers.push_back(std::move(packed));
  }
  for (const ReadyLayer &layer : request.last_layers)
    result.layers.push_back(described(layer));
  return result;
}

// STAMPED: layers may be known.
Prepared prepare(const PackRequest &request, bool stamped, Monitor &monitor) {
  monitor.begin_stage(_("looking at the store"));
  if (request.max_layers < 1)
    throw Error(_("an image has at least one layer"));
  PlannedLayers planned = layer_contents(request, monitor);
  const auto &layers = planned.layers;
  std::size_t count = layers.size() + ready_layer_count(request);
  if (count == 0)
    throw Error(_("an image has at least one layer"));
  warn_of_many_layers(count, monitor);
  check_required_paths(request, layers);
  auto measures = measure_layers(layers, stamped, request.jobs, monitor);
  return {std::move(planned), std::move(measures)};
}

// The cache that REQUEST asks for; null if there is none.  Where it cannot be
// used, the image is made without it; that is told unless it is the usual one
// and cannot be made, as in the build of a daemon.
std::unique_ptr<FragmentCache> open_cache(const PackRequest &request,
                                          Monitor &monitor) {
  if (request.cache.directory.empty())
    return nullptr;
  try {
    return std::make_unique<FragmentCache>(request.cache.directory, monitor);
  } catch (const Error &error) {
    struct stat status;
    if (request.cache.asked_for ||
        lstat(request.cache.directory.c_str(), &status) == 0)
      monitor.warn(format(_("the cache is not used: %s"), error.what()));
    return nullptr;
  }
}

// How many bytes of the image, at most, will lie on the disk of the cache.
std::uint64_t size_beside_cache(const PackRequest &request,
                                const Prepared &prepared) {
  struct stat output, cache;
  std::string folder = parent_directory(request.sink.output);
  if (request.sink.output == "-" || stat(folder.c_str(), &output) != 0 ||
      stat(request.cache.directory.c_str(), &cache) != 0 ||
      output.st_dev != cache.st_dev)
    return 0;
  std::uint64_t size = 0;
  for (const LayerMeasure &measure : prepared.measures)
    size = sum_of_sizes(size, measure.size);
  return size;
}

} // namespace

PackResult plan_image(const PackRequest &asked, Monitor &monitor) {
  check_sink(asked.sink);
  PackRequest request = with_base(asked, monitor);
  Prepared prepared = prepare(request, false, monitor);
  return describe(request, prepared);
}

namespace {

PackResult write_image(const PackRequest &asked, Monitor &monitor) {
  PackRequest request = with_base(asked, monitor);
  auto plan_file = open_plan_file(request.plan_file, monitor);
  bool stamped = !request.cache.directory.empty();
  Prepared prepared = prepare(request, stamped, monitor);
  PackResult result = describe(request, prepared);
  if (prepared.plan && !prepared.plan->layers.empty() &&
      request.sink.format != SinkRequest::Format::tarball)
    add_plan_label(request.config, *prepared.plan, monitor);
  auto sink = make_sink(request.sink, monitor);
  copy_layers(request.base_layers, *sink, monitor);
  auto cache = open_cache(request, monitor);
  if (cache)
    cache->leave_room(size_beside_cache(request, prepared));
  auto written = write_layers({prepared.layers, prepared.measures, *sink,
                               thread_count(request.jobs), monitor},
                              request.compression, cache.get());
  if (cache)
    cache->trim();
  copy_layers(request.last_layers, *sink, monitor);

  for (std::size_t i = 0; i < written.size(); ++i) {
    LayerDescriptor &descriptor =
        result.layers[request.base_layers.size() + i].descriptor;
    descriptor.digest = written[i].digest;
    descriptor.diff_id = written[i].diff_id;
    descriptor.size = written[i].size;
  }
  std::vector<LayerDescriptor> descriptors;
  for (const PackedLayer &layer : result.layers)
    descriptors.push_back(layer.descriptor);
  ImageDocuments documents =
      make_documents(request.config, descriptors, request.names);
  result.manifest = documents.manifest.digest;
  monitor.check();
  Timings::Span span(monitor.timings(), Activity::write);
  // Without its plan there is no image, so all that may fail comes before.
  bool with_plan = plan_file && prepared.plan;
  if (with_plan) {
    plan_file->write(as_bytes(to_json(*prepared.plan, true)));
    plan_file->close();
  }
  sink->finish(documents);
  if (with_plan)
    plan_file->commit();
  return result;
}

// Timings are complete when the image is there, which needs none.
void write_timings(StreamTarget &target, Monitor &monitor) {
  try {
    target.write(as_bytes(monitor.timings()->trace()));
    target.finish();
  } catch (const Error &error) {
    monitor.warn(format(_("the timings are not written: %s"), error.what()));
  }
}

} // namespace

PackResult pack_image(const PackRequest &request, Monitor &monitor) {
  check_output_files(request);
  // Opened before the work, so that a name that cannot be is an error then.
  std::unique_ptr<StreamTarget> timings_target;
  if (!request.timings_file.empty())
    timings_target = make_stream_target(request.timings_file, {}, 1, monitor);
  if (request.measured || timings_target)
    monitor.measure();
  PackResult result = write_image(request, monitor);
  if (const Timings *timings = monitor.timings()) {
    result.sums = timings->sums();
    result.found = timings->found();
    result.missed = timings->missed();
  }
  if (timings_target)
    write_timings(*timings_target, monitor);
  return result;
}

} // namespace strata
