// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/pack_request.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "guile/objects.hh"
#include "layer/fragment_cache.hh"

namespace strata {

namespace {

constexpr std::uint64_t most_layers = 1'000'000;
constexpr std::uint64_t latest = 253'402'300'799; // 9999-12-31T23:59:59Z

std::string text_or(SCM value, const char *otherwise) {
  return scm_is_false(value) ? otherwise : text_from_scm(value);
}

SinkRequest::Format format_from_scm(SCM value) {
  std::string name = text_or(value, "docker");
  if (name == "docker")
    return SinkRequest::Format::docker;
  if (name == "oci")
    return SinkRequest::Format::oci;
  if (name == "tarball")
    return SinkRequest::Format::tarball;
  throw Error(format(_("unknown format '%s'"), printable(name).c_str()), {},
              format(_("known ones: %s"), "docker, oci, tarball"));
}

Directive::Action action_from_scm(SCM value) {
  std::string name =
      scm_is_symbol(value) ? text_from_scm(scm_symbol_to_string(value)) : "";
  if (name == "directory")
    return Directive::Action::directory;
  if (name == "file")
    return Directive::Action::file;
  if (name == "disk-file")
    return Directive::Action::disk_file;
  if (name == "symlink")
    return Directive::Action::symlink;
  if (name == "owner")
    return Directive::Action::owner;
  throw Error(_("a Scheme value has the wrong type"),
              _("'directory', 'file', 'disk-file', 'symlink' or 'owner' is "
                "wanted"));
}

// (ACTION PATH CONTENT MODE UID GID): CONTENT and MODE may be #f.
Directive directive_from_scm(SCM value) {
  auto fields = list_from_scm(value);
  if (fields.size() != 6)
    throw Error(_("a Scheme value has the wrong type"),
                _("a directive of six fields is wanted"));
  auto number = [&](std::size_t i, const char *name, std::uint64_t most) {
    return static_cast<unsigned>(number_from_scm(fields[i], name, most));
  };
  Directive directive;
  directive.action = action_from_scm(fields[0]);
  directive.path = text_from_scm(fields[1]);
  directive.content = optional_text_from_scm(fields[2]);
  if (scm_is_true(fields[3]))
    directive.mode = number(3, "mode", 07777);
  directive.uid = number(4, "uid", UINT32_MAX);
  directive.gid = number(5, "gid", UINT32_MAX);
  return directive;
}

// The command of a filter as a list, or TOOL[:LEVEL].
ArchiveCompression archive_compression_from_scm(SCM value) {
  if (scm_is_false(value))
    return {};
  if (scm_is_string(value))
    return {Compression::parse(text_from_scm(value)), {}};
  auto command = texts_from_scm(value);
  if (auto known = Compression::of_command(command))
    return {*known, {}};
  return {{Compression::Tool::none, 0}, command};
}

ImageConfig config_from_scm(SCM alist) {
  auto value = [&](const char *key) { return value_of(alist, key); };
  ImageConfig config;
  std::string system = optional_text_from_scm(value("system"));
  config.architecture = system.empty() ? "" : architecture_of_system(system);
  if (SCM created = value("created"); scm_is_true(created))
    config.created =
        static_cast<std::int64_t>(number_from_scm(created, "created", latest));
  config.environment = pairs_from_scm(value("environment"));
  config.entry_point = texts_from_scm(value("entry-point"));
  config.command = texts_from_scm(value("command"));
  config.user = optional_text_from_scm(value("user"));
  config.working_directory = optional_text_from_scm(value("working-directory"));
  config.labels = pairs_from_scm(value("labels"));
  config.exposed_ports = texts_from_scm(value("exposed-ports"));
  config.volumes = texts_from_scm(value("volumes"));
  config.stop_signal = optional_text_from_scm(value("stop-signal"));
  return config;
}

// (ITEMS PROFILES)
SiblingImage sibling_from_scm(SCM value) {
  auto fields = list_from_scm(value);
  if (fields.size() != 2)
    throw Error(_("a Scheme value has the wrong type"),
                _("a list of items and profiles is wanted"));
  SiblingImage sibling{texts_from_scm(fields[0]), {}};
  for (SCM profile : list_from_scm(fields[1]))
    sibling.profiles.push_back(tree_from_scm(profile));
  return sibling;
}

// What the plan depends on besides the items.
void add_planning_from_scm(SCM alist, PackRequest &request) {
  auto value = [&](const char *key) { return value_of(alist, key); };
  std::string strategy(strategy_names().front());
  request.strategy =
      &find_strategy(text_or(value("strategy"), strategy.c_str()));
  // Without a number: one layer above those of the base image.
  request.max_layers = {};
  if (SCM count = value("max-layers"); scm_is_true(count))
    request.max_layers = number_from_scm(count, "max-layers", most_layers);
  request.previous = optional_text_from_scm(value("previous"));
  request.plan_file = optional_text_from_scm(value("plan-file"));
  request.rules = optional_text_from_scm(value("rules"));
  request.siblings = texts_from_scm(value("siblings"));
  if (SCM images = value("sibling-images"); scm_is_true(images))
    for (SCM image : list_from_scm(images))
      request.sibling_images.push_back(sibling_from_scm(image));
  if (SCM sharing = value("sharing"); scm_is_true(sharing))
    request.sharing = static_cast<unsigned>(
        number_from_scm(sharing, "sharing", most_sharing));
  if (SCM size = value("min-layer-size"); scm_is_true(size))
    request.least_group_size =
        number_from_scm(size, "min-layer-size", INT64_MAX);
}

} // namespace

PackRequest pack_request_from_scm(SCM alist) {
  auto value = [&](const char *key) { return value_of(alist, key); };
  const OpenStore &store = store_from_scm(value("store"));
  PackRequest request;
  request.graph = store.graph;
  request.location = store.location;
  request.items = texts_from_scm(value("items"));
  if (SCM profiles = value("profiles"); scm_is_true(profiles))
    for (SCM profile : list_from_scm(profiles))
      request.profiles.push_back(tree_from_scm(profile));
  if (SCM directives = value("directives"); scm_is_true(directives))
    for (SCM directive : list_from_scm(directives))
      request.directives.push_back(directive_from_scm(directive));
  request.root_folder = optional_text_from_scm(value("root-folder"));
  request.with_database = scm_is_true(value("with-database"));
  for (auto &[old, replacement] : pairs_from_scm(value("transformations")))
    request.transformations.push_back({old, replacement});
  request.required_paths = texts_from_scm(value("required-paths"));
  request.config = config_from_scm(alist);
  for (const std::string &name : texts_from_scm(value("tags")))
    request.names.push_back(ImageReference::parse(name));
  add_planning_from_scm(alist, request);
  request.compression =
      Compression::parse(text_or(value("compression"), "gzip"));
  if (!request.compression.has_layer_type()) {
    request.sink.compression = {request.compression, {}};
    request.compression = {Compression::Tool::none, 0};
  }
  if (SCM whole = value("archive-compression"); scm_is_true(whole))
    request.sink.compression = archive_compression_from_scm(whole);
  request.sink.format = format_from_scm(value("format"));
  request.sink.output = text_or(value("output"), "-");
  // True but no text: the usual place, if it can be used.
  if (SCM cache = value("cache"); scm_is_string(cache))
    request.cache = {text_from_scm(cache), true};
  else if (scm_is_true(cache))
    request.cache = {default_cache_directory(), false};
  if (SCM jobs = value("jobs"); scm_is_true(jobs))
    request.jobs =
        static_cast<unsigned>(number_from_scm(jobs, "jobs", most_jobs));
  request.sink.jobs = request.jobs;
  request.measured = scm_is_true(value("measured"));
  request.timings_file = optional_text_from_scm(value("timings"));
  if (SCM base = value("base"); scm_is_true(base))
    request.base = {text_from_scm(base),
                    optional_text_from_scm(value("base-name"))};
  return request;
}

} // namespace strata
