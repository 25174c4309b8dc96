// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/config.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "image/run_config.hh"

#include <sys/utsname.h>

#include <ctime>

namespace strata {

namespace {

constexpr const char *full_name_key = "io.containerd.image.name";
constexpr const char *tag_key = "org.opencontainers.image.ref.name";

constexpr const char *config_type = "application/vnd.oci.image.config.v1+json";
constexpr const char *manifest_type =
    "application/vnd.oci.image.manifest.v1+json";
constexpr const char *index_type = "application/vnd.oci.image.index.v1+json";

// Machine and GOARCH.
constexpr std::pair<const char *, const char *> architectures[] = {
    {"x86_64", "amd64"},    {"i686", "386"},
    {"aarch64", "arm64"},   {"armhf", "arm"},
    {"arm", "arm"},         {"mips64el", "mips64le"},
    {"mips64", "mips64le"}, {"powerpc64le", "ppc64le"},
    {"riscv64", "riscv64"}, {"s390x", "s390x"},
};

Document document(const Json &json) {
  std::string text = json.dump();
  Digest digest = sha256(as_bytes(text));
  return {std::move(text), digest};
}

// One entry for each layer.  Those of the base image are as they were, if
// they fit its layers.
Json history(const ImageConfig &config,
             const std::vector<LayerDescriptor> &layers) {
  Json result = Json::array();
  std::size_t described = 0;
  if (config.base) {
    for (const Json &entry : config.base->history) {
      auto empty = entry.get("empty_layer");
      if (!empty || !empty->is_true())
        ++described;
      result.append(entry);
    }
  }
  for (std::size_t i = described; i < layers.size(); ++i)
    result.append(Json::object({{"created", rfc3339(config.created)},
                                {"created_by", "strata"},
                                {"comment", layers[i].comment}}));
  return result;
}

// config.md, "Properties"; image-index.md has the same keys.
Json platform(const ImageConfig &config) {
  Json result =
      Json::object({{"architecture", config.architecture}, {"os", "linux"}});
  if (!config.variant.empty())
    result.set("variant", config.variant);
  return result;
}

Document config_document(const ImageConfig &config,
                         const std::vector<LayerDescriptor> &layers) {
  Json diff_ids = Json::array();
  for (const LayerDescriptor &layer : layers)
    diff_ids.append(layer.diff_id.oci());
  Json result = Json::object({{"created", rfc3339(config.created)}});
  for (const auto &[key, value] : platform(config).members())
    result.set(key, value);
  result.set("config", run_config(config));
  result.set("rootfs",
             Json::object({{"type", "layers"}, {"diff_ids", diff_ids}}));
  result.set("history", history(config, layers));
  return document(result);
}

Json descriptor(const char *type, const Digest &digest, std::uint64_t size) {
  return Json::object(
      {{"mediaType", type}, {"digest", digest.oci()}, {"size", size}});
}

Document manifest_document(const Document &config,
                           const std::vector<LayerDescriptor> &layers) {
  Json list = Json::array();
  for (const LayerDescriptor &layer : layers)
    list.append(descriptor(layer.media_type.c_str(), layer.digest, layer.size));
  return document(Json::object(
      {{"schemaVersion", std::uint64_t(2)},
       {"mediaType", manifest_type},
       {"config", descriptor(config_type, config.digest, config.text.size())},
       {"layers", list}}));
}

Json named_descriptor(const Document &manifest, const ImageConfig &config,
                      const ImageReference *name) {
  Json result =
      descriptor(manifest_type, manifest.digest, manifest.text.size());
  result.set("platform", platform(config));
  if (name != nullptr)
    result.set("annotations", Json::object({{full_name_key, name->full()},
                                            {tag_key, name->tag}}));
  return result;
}

} // namespace

ImageDocuments make_documents(const ImageConfig &config,
                              const std::vector<LayerDescriptor> &layers,
                              const std::vector<ImageReference> &names) {
  ImageDocuments result;
  result.config = config_document(config, layers);
  result.manifest = manifest_document(result.config, layers);
  for (const ImageReference &name : names)
    result.descriptors.push_back(
        named_descriptor(result.manifest, config, &name));
  if (names.empty())
    result.descriptors.push_back(
        named_descriptor(result.manifest, config, nullptr));
  result.layers = layers;
  result.names = names;
  return result;
}

Json make_index(const std::vector<Json> &descriptors) {
  Json manifests = Json::array();
  for (const Json &one : descriptors)
    manifests.append(one);
  return Json::object({{"schemaVersion", std::uint64_t(2)},
                       {"mediaType", index_type},
                       {"manifests", manifests}});
}

std::string oci_layout_text() {
  return Json::object({{"imageLayoutVersion", "1.0.0"}}).dump();
}

std::string descriptor_name(const Json &descriptor) {
  auto annotations = descriptor.get("annotations");
  if (!annotations)
    return {};
  for (const char *key : {full_name_key, tag_key})
    if (auto name = annotations->get(key))
      return name->string();
  return {};
}

std::string blob_path(const Digest &digest) {
  return "blobs/sha256/" + digest.hex();
}

std::string architecture_of_system(const std::string &system) {
  std::string machine = system.substr(0, system.find('-'));
  std::string known;
  for (const auto &[name, architecture] : architectures) {
    if (name == machine && system != machine)
      return architecture;
    known += (known.empty() ? "" : ", ") + std::string(name) + "-linux";
  }
  throw Error(format(_("unknown system '%s'"), printable(system).c_str()), {},
              format(_("known ones: %s"), known.c_str()));
}

std::string system_of_machine() {
  utsname name;
  if (uname(&name) != 0)
    throw Error::system(_("cannot ask for the machine's type"), errno);
  std::string machine = name.machine;
  if (machine == "ppc64le")
    machine = "powerpc64le";
  if (machine.starts_with("armv"))
    machine = "armhf";
  return machine + "-linux";
}

std::string rfc3339(std::int64_t seconds) {
  std::time_t time = seconds;
  std::tm parts;
  char text[64];
  if (gmtime_r(&time, &parts) == nullptr || parts.tm_year > 9999 - 1900 ||
      parts.tm_year < 1 - 1900 ||
      strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
    throw Error(format(_("time %lld is out of range"),
                       static_cast<long long>(seconds)));
  // strftime does not pad years below 1000.
  std::string result = text;
  return std::string(20 - std::min<std::size_t>(20, result.size()), '0') +
         result;
}

} // namespace strata
