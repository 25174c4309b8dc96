// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/run_config.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <algorithm>

namespace strata {

namespace {

using Members = std::vector<std::pair<std::string, Json>>;

Json strings(const std::vector<std::string> &list) {
  Json result = Json::array();
  for (const std::string &text : list)
    result.append(text);
  return result;
}

// Sets of strings are objects with empty objects as values.
Json string_set(const std::vector<std::string> &list) {
  Json result = Json::object();
  for (const std::string &text : list)
    result.set(text, Json::object());
  return result;
}

std::string variable_name(const std::string &text) {
  return text.substr(0, text.find('='));
}

// The variables of BELOW with the values that ABOVE gives them, then the new
// ones of ABOVE.  Of two with one name in a list, the last counts.
Json merged_environment(const std::vector<std::string> &below,
                        const std::vector<std::string> &above) {
  std::vector<std::string> result;
  for (const std::vector<std::string> *list : {&below, &above})
    for (const std::string &text : *list) {
      auto same = std::find_if(
          result.begin(), result.end(), [&](const std::string &one) {
            return variable_name(one) == variable_name(text);
          });
      if (same == result.end())
        result.push_back(text);
      else
        *same = text;
    }
  return strings(result);
}

std::vector<std::string> texts(const Json &list) {
  std::vector<std::string> result;
  for (const Json &element : list.elements())
    result.push_back(element.string());
  return result;
}

// The environment of CONFIG as an image has it.
std::vector<std::string> variables(const ImageConfig &config) {
  std::vector<std::string> result;
  for (const auto &[name, value] : config.environment) {
    if (name.empty() || name.find('=') != std::string::npos)
      throw Error(format(_("invalid variable '%s'"), printable(name).c_str()),
                  _("a name is not empty and has no '='"));
    result.push_back(name + "=" + value);
  }
  return result;
}

// What CONFIG itself says: keys are there only where there is something.
Members own_members(const ImageConfig &config) {
  Members result;
  auto add = [&](const char *key, const Json &value) {
    result.emplace_back(key, value);
  };
  if (!config.user.empty())
    add("User", config.user);
  if (!config.exposed_ports.empty())
    add("ExposedPorts", string_set(config.exposed_ports));
  if (!config.environment.empty())
    add("Env", merged_environment({}, variables(config)));
  if (!config.entry_point.empty())
    add("Entrypoint", strings(config.entry_point));
  if (!config.command.empty())
    add("Cmd", strings(config.command));
  if (!config.volumes.empty())
    add("Volumes", string_set(config.volumes));
  if (!config.working_directory.empty())
    add("WorkingDir", config.working_directory);
  if (!config.labels.empty()) {
    Json labels = Json::object();
    for (const auto &[name, value] : config.labels)
      labels.set(name, value);
    add("Labels", labels);
  }
  if (!config.stop_signal.empty())
    add("StopSignal", config.stop_signal);
  result.insert(result.end(), config.verbatim.begin(), config.verbatim.end());
  return result;
}

Json joined_objects(const Json &below, const Json &above) {
  Json result = Json::object();
  for (const Json *object : {&below, &above})
    for (const auto &[key, value] : object->members())
      result.set(key, value);
  return result;
}

Json merged(const std::string &key, const Json &below, const Json &above) {
  if (key == "Env")
    return merged_environment(texts(below), texts(above));
  if (key == "Labels" || key == "Volumes" || key == "ExposedPorts")
    return joined_objects(below, above);
  return above;
}

bool has(const Members &members, std::string_view key) {
  return std::any_of(members.begin(), members.end(),
                     [&](const auto &member) { return member.first == key; });
}

} // namespace

Json run_config(const ImageConfig &config) {
  Json result = Json::object();
  Members own = own_members(config);
  if (config.base)
    for (const auto &[key, value] : config.base->run)
      if (key != "Cmd" || !has(own, "Entrypoint"))
        result.set(key, value);
  for (const auto &[key, value] : own) {
    auto below = result.get(key);
    result.set(key, below ? merged(key, *below, value) : value);
  }
  return result;
}

} // namespace strata
