// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/pack_request.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "guile/objects.hh"

namespace strata {

namespace {

constexpr std::uint64_t most_layers = 1'000'000;
constexpr std::uint64_t most_jobs = 4096;
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
  throw Error(format(_("unknown format '%s'"), printable(name).c_str()), {},
              format(_("known ones: %s"), "docker, oci"));
}

std::vector<RootDirectory> directories_from_scm(SCM value) {
  std::vector<RootDirectory> result;
  if (scm_is_false(value))
    return result;
  for (SCM element : list_from_scm(value)) {
    if (!scm_is_pair(element))
      throw Error(_("a Scheme value has the wrong type"),
                  _("a pair of name and mode is wanted"));
    auto mode = number_from_scm(SCM_CDR(element), "mode", 07777);
    result.push_back(
        {text_from_scm(SCM_CAR(element)), static_cast<unsigned>(mode)});
  }
  return result;
}

ImageConfig config_from_scm(SCM alist) {
  auto value = [&](const char *key) { return value_of(alist, key); };
  ImageConfig config;
  std::string system = optional_text_from_scm(value("system"));
  config.architecture =
      architecture_of_system(system.empty() ? system_of_machine() : system);
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
  request.directories = directories_from_scm(value("directories"));
  for (auto &[source, target] : pairs_from_scm(value("symlinks")))
    request.links.push_back({source, target});
  request.required_paths = texts_from_scm(value("required-paths"));
  request.config = config_from_scm(alist);
  for (const std::string &name : texts_from_scm(value("tags")))
    request.names.push_back(ImageReference::parse(name));
  std::string strategy(strategy_names().front());
  request.strategy =
      &find_strategy(text_or(value("strategy"), strategy.c_str()));
  if (SCM count = value("max-layers"); scm_is_true(count))
    request.max_layers = number_from_scm(count, "max-layers", most_layers);
  request.compression =
      Compression::parse(text_or(value("compression"), "gzip"));
  request.sink.format = format_from_scm(value("format"));
  request.sink.output = text_or(value("output"), "-");
  if (SCM jobs = value("jobs"); scm_is_true(jobs))
    request.jobs =
        static_cast<unsigned>(number_from_scm(jobs, "jobs", most_jobs));
  return request;
}

} // namespace strata
