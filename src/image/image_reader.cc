// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/image_reader.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "image/config.hh"

#include <algorithm>

namespace strata {

namespace {

// No reference is longer.
constexpr std::size_t longest_name = 1000; // bytes

// Of the parts of a platform and of a time.
constexpr std::size_t longest_word = 100; // bytes

// More than any engine runs; a small document could list one layer so often
// that what is known of it fills the memory.
constexpr std::size_t most_layers = 1000;

// Many images may share a config, which each of them reads.
constexpr std::size_t largest_configs = 64 << 20; // bytes

// Whether MANIFEST is of something that registries keep like an image.
bool is_artifact(const Json &manifest) {
  return manifest.get("artifactType") ||
         text_of(manifest.at("config"), "mediaType") ==
             "application/vnd.oci.empty.v1+json";
}

// How a layer of the media type TYPE is compressed: "none", "gzip"...; nothing
// where it is the type of no layer.
std::optional<std::string> compressor_of(const std::string &type) {
  if (!type.starts_with("application/vnd.oci.image.layer.") &&
      !type.starts_with("application/vnd.docker.image.rootfs."))
    return {};
  constexpr std::string_view tar = ".tar";
  std::size_t place = type.rfind(tar);
  if (place == std::string::npos)
    return {};
  std::string suffix = type.substr(place + tar.size());
  return suffix.empty() ? "none" : suffix.substr(1);
}

} // namespace

std::string document_name(const Json &descriptor) {
  auto digest = Digest::from_oci(descriptor.at("digest").string());
  return digest ? blob_path(*digest) : "";
}

std::vector<Json> elements_of(const Json &object, const char *key) {
  auto list = object.get(key);
  return list ? list->elements() : std::vector<Json>();
}

std::string text_of(const Json &object, const char *key) {
  auto text = object.get(key);
  return text ? text->string() : "";
}

void ImageReader::damaged(const std::string &cause) const {
  throw Error(format(_("the image '%s' is damaged"),
                     printable(members_.path()).c_str()),
              cause);
}

Json ImageReader::document(const std::string &name) const {
  return Json::parse(*members_.text(name), members_.path() + "/" + name);
}

const Member &ImageReader::blob(const Json &descriptor) const {
  std::string text = descriptor.at("digest").string();
  auto digest = Digest::from_oci(text);
  if (!digest)
    damaged(format(_("'%s' is no SHA-256 digest"), printable(text).c_str()));
  const Member &member = members_.at(blob_path(*digest));
  if (!member.skipped && member.digest != *digest)
    damaged(format(_("the content of '%s' has another digest"),
                   blob_path(*digest).c_str()));
  if (member.size != descriptor.at("size").number())
    damaged(format(_("the size of '%s' is not the one recorded"),
                   blob_path(*digest).c_str()));
  return member;
}

std::string ImageReader::checked_name(const std::string &name) const {
  if (name.size() > longest_name)
    damaged(format(_("the name '%s' is too long"),
                   printable(name.substr(0, 100)).c_str()));
  return name;
}

Platform ImageReader::platform(const Json &object) const {
  Platform result{text_of(object, "os"), text_of(object, "architecture"),
                  text_of(object, "variant")};
  if (result.architecture.empty())
    result.variant.clear();
  for (const std::string *part :
       {&result.os, &result.architecture, &result.variant})
    if (part->size() > longest_word)
      damaged(format(_("the platform '%s' is too long"),
                     printable(part->substr(0, longest_word)).c_str()));
  return result;
}

std::vector<Json> ImageReader::layers(const Json &document,
                                      const char *key) const {
  auto result = elements_of(document, key);
  if (result.size() > most_layers)
    damaged(format(_("it has more than %zu layers"), most_layers));
  return result;
}

std::string ImageReader::missing_part(const std::string &manifest) const {
  Json json = document(manifest);
  std::vector<Json> parts = layers(json, "layers");
  parts.push_back(json.at("config"));
  for (const Json &part : parts)
    if (std::string name = document_name(part);
        !name.empty() && members_.find(name) == nullptr)
      return name;
  return {};
}

FoundLayer ImageReader::oci_layer(const Json &descriptor) const {
  std::string name = document_name(descriptor);
  std::string type = descriptor.at("mediaType").string();
  const Member &member = blob(descriptor);
  if (!member.layer && !member.skipped)
    damaged(format(_("'%s' is no layer"), name.c_str()));
  if (member.layer && member.layer->problem.empty() &&
      compressor_of(type) != member.layer->compressor)
    damaged(format(_("the media type of '%s' is not that of what it holds"),
                   name.c_str()));
  return {name, type, {}, member.layer};
}

Json ImageReader::verified_manifest(const Json &descriptor) const {
  blob(descriptor);
  Json result = document(document_name(descriptor));
  blob(result.at("config"));
  for (const Json &layer : layers(result, "layers"))
    blob(layer);
  return result;
}

std::optional<FoundImage> ImageReader::oci_image(const Json &descriptor) {
  Json manifest = verified_manifest(descriptor);
  std::vector<Json> list = layers(manifest, "layers");
  if (is_artifact(manifest) ||
      std::any_of(list.begin(), list.end(), [](const Json &layer) {
        return !compressor_of(layer.at("mediaType").string());
      }))
    return {};
  FoundImage image;
  image.manifest = blob(descriptor).digest;
  for (const Json &layer : list)
    image.layers.push_back(oci_layer(layer));
  use_config(document_name(manifest.at("config")), image);
  return image;
}

FoundImage ImageReader::docker_image(const Json &entry) {
  FoundImage image;
  for (const Json &tag : elements_of(entry, "RepoTags"))
    image.names.push_back(checked_name(tag.string()));
  for (const Json &layer : layers(entry, "Layers")) {
    std::string name = layer.string();
    const Member &member = members_.at(name);
    if (!member.layer && !member.skipped)
      damaged(format(_("'%s' is no layer"), printable(name).c_str()));
    image.layers.push_back({name, {}, {}, member.layer});
  }
  std::string config = entry.at("Config").string();
  image.manifest = members_.at(config).digest;
  use_config(config, image);
  std::string_view stem = base_name(config);
  if (stem.ends_with(".json"))
    stem.remove_suffix(5);
  if (auto stated = Digest::from_hex(stem); stated && *stated != image.manifest)
    damaged(format(_("the content of '%s' has another digest"),
                   printable(config).c_str()));
  return image;
}

// Config and layers agree: diff_ids, history, names of items.
void ImageReader::use_config(const std::string &name, FoundImage &image) {
  image.config = members_.text(name);
  image.config_digest = members_.at(name).digest;
  config_size_ += image.config->size();
  if (config_size_ > largest_configs)
    damaged(_("the configs of its images are too large"));

  Json config = document(name);
  image.platform = platform(config);
  image.created = text_of(config, "created").substr(0, longest_word);
  check_diff_ids(config, image);
  std::size_t next = 0;
  for (const Json &entry : elements_of(config, "history")) {
    auto empty = entry.get("empty_layer");
    if ((empty && empty->is_true()) || next >= image.layers.size())
      continue;
    image.layers[next++].comment = text_of(entry, "comment");
  }
}

void ImageReader::check_diff_ids(const Json &config,
                                 const FoundImage &image) const {
  auto diff_ids = elements_of(config.at("rootfs"), "diff_ids");
  if (diff_ids.size() != image.layers.size())
    damaged(format(_("its config lists %zu layers, its manifest %zu"),
                   diff_ids.size(), image.layers.size()));
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    if (!image.layers[i].scan)
      continue;
    const LayerScan &scan = *image.layers[i].scan;
    if (!scan.problem.empty())
      damaged(format(_("layer %zu: %s"), i + 1, scan.problem.c_str()));
    if (diff_ids[i].string() != scan.diff_id.oci())
      damaged(format(_("layer %zu does not have the diff_id that its config "
                       "says"),
                     i + 1));
  }
}

} // namespace strata
