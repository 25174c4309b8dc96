// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/stream_request.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/iso_time.hh"
#include "base/text.hh"
#include "pack/ready_layers.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <set>

namespace strata {

namespace {

constexpr std::size_t most_bytes = 64 << 20;  // of the document
constexpr std::size_t longest_user_name = 31; // that a tar header takes

std::optional<std::string> optional_text(const Json &document,
                                         const char *key) {
  auto value = document.get(key);
  return value ? std::optional(value->string()) : std::nullopt;
}

std::int64_t time_from(const std::string &key, const std::string &text) {
  if (text == "now")
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  auto seconds = parse_iso_time(text);
  if (!seconds)
    throw Error(format(_("%s: '%s' is not a time"), key.c_str(),
                       printable(text).c_str()),
                {}, _("a time is \"now\" or like 1970-01-01T00:00:01+00:00"));
  return *seconds;
}

unsigned id_from(const Json &document, const char *key) {
  auto value = document.get(key);
  std::uint64_t number = value ? value->number() : 0;
  if (number > UINT32_MAX)
    throw Error(
        format(_("%s: there is no such number of a user or group"), key));
  return static_cast<unsigned>(number);
}

std::string name_from(const Json &document, const char *key) {
  std::string name = optional_text(document, key).value_or("root");
  if (!is_ascii(name) || name.size() > longest_user_name)
    throw Error(format(_("%s: '%s' is not a name for a tar archive"), key,
                       printable(name).c_str()),
                format(_("it has at most %zu characters, all ASCII"),
                       longest_user_name));
  return name;
}

EntryStyle style_from(const Json &document, std::int64_t created) {
  EntryStyle style;
  auto mtime = optional_text(document, "mtime");
  style.mtime = mtime ? time_from("mtime", *mtime) : created;
  style.uid = id_from(document, "uid");
  style.gid = id_from(document, "gid");
  style.user_name = name_from(document, "uname");
  style.group_name = name_from(document, "gname");
  return style;
}

void check_strings(const Json &list) {
  for (const Json &element : list.elements())
    element.string();
}

// Throws Error for a member of a config that has another type than config.md
// says.
void check_member(const std::string &key, const Json &value) {
  if (key == "Env" || key == "Entrypoint" || key == "Cmd")
    check_strings(value);
  else if (key == "ExposedPorts" || key == "Volumes" || key == "Labels")
    value.members();
  else if (key == "User" || key == "WorkingDir" || key == "StopSignal")
    value.string();
}

ImageConfig config_from(const Json &document) {
  ImageConfig config;
  config.architecture = document.at("architecture").string();
  if (std::string os = document.at("os").string(); os != "linux")
    throw Error(format(_("os: '%s' is not 'linux'"), printable(os).c_str()));
  config.created = time_from("created", document.at("created").string());
  if (auto run = document.get("config"))
    for (const auto &member : run->members())
      if (auto value = run->get(member.first)) {
        check_member(member.first, *value);
        config.verbatim.emplace_back(member.first, *value);
      }
  return config;
}

std::vector<std::vector<std::string>>
groups_from(const Json &layers, const std::string &store_directory) {
  std::vector<std::vector<std::string>> groups;
  std::set<std::string> seen;
  for (const Json &layer : layers.elements()) {
    std::vector<std::string> group;
    for (const Json &element : layer.elements()) {
      std::string path = element.string();
      if (!is_item_path(path, store_directory))
        throw Error(format(_("'%s' is not an item of the store '%s'"),
                           printable(path).c_str(),
                           printable(store_directory).c_str()));
      if (!seen.insert(path).second)
        throw Error(format(_("the item '%s' is in two layers"),
                           printable(path).c_str()));
      group.push_back(std::move(path));
    }
    std::sort(group.begin(), group.end());
    if (!group.empty())
      groups.push_back(std::move(group));
  }
  return groups;
}

Digest checksum_from(const std::string &path, const Monitor &monitor) {
  constexpr std::size_t most = 4096;
  std::string text = read_file(path, most, monitor);
  while (text.ends_with('\n') || text.ends_with(' '))
    text.pop_back();
  auto digest = Digest::from_hex(text);
  if (!digest)
    throw Error(
        format(_("'%s' does not hold a SHA-256"), printable(path).c_str()));
  return *digest;
}

// Where PATH, of the store or not, is on disk.
std::string file_of(const PackRequest &request, const std::string &path) {
  bool of_store = path.starts_with(request.location.directory + "/");
  return of_store ? request.location.on_disk(path) : path;
}

void add_ready_layers(PackRequest &request, const Json &document,
                      Monitor &monitor) {
  if (auto path = optional_text(document, "from_image"))
    request.base = {file_of(request, *path), ""};
  if (auto name = optional_text(document, "customisation_layer")) {
    std::string folder = file_of(request, *name);
    request.last_layers.push_back(
        file_layer(folder + "/layer.tar",
                   checksum_from(folder + "/checksum", monitor), monitor));
  }
}

// Every layer is given, so that none is planned.
void plan_nothing(PackRequest &request) {
  request.max_layers = {};
  request.graph =
      std::make_shared<const ReferenceGraph>(std::vector<Item>{}, "");
  request.strategy = &find_strategy(strategy_names().front());
}

PackRequest request_from(const Json &document, const std::string &store_root,
                         Monitor &monitor) {
  PackRequest request;
  request.location = locate_store(store_root, document.at("store_dir").string(),
                                  "-"); // no database is read
  request.config = config_from(document);
  request.style = style_from(document, request.config.created);
  request.names.push_back(
      ImageReference::parse(document.at("repo_tag").string()));
  request.given_groups =
      groups_from(document.at("store_layers"), request.location.directory);
  add_ready_layers(request, document, monitor);
  plan_nothing(request);
  request.compression = {Compression::Tool::none, 0};
  request.sink.output = std::string("-");
  return request;
}

} // namespace

PackRequest read_stream_request(const std::string &path,
                                const std::string &store_root,
                                Monitor &monitor) {
  try {
    return request_from(Json::parse(read_file(path, most_bytes, monitor), path),
                        store_root, monitor);
  } catch (const Error &error) {
    throw error.in_context(
        format(_("cannot stream '%s'"), printable(path).c_str()));
  }
}

} // namespace strata
