// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/found_image.hh"

#include "base/error.hh"
#include "base/json.hh"
#include "base/text.hh"
#include "image/config.hh"

#include <algorithm>
#include <set>

namespace strata {

namespace {

constexpr int deepest_index = 4;

// More than any engine runs; a small document could list one layer so often
// that what is known of it fills the memory.
constexpr std::size_t most_layers = 1000;

[[noreturn]] void damaged(const Members &members, const std::string &cause) {
  throw Error(
      format(_("the image '%s' is damaged"), printable(members.path()).c_str()),
      cause);
}

// The blob of DESCRIPTOR; its digest and size must be those it really has.
const Member &blob(const Members &members, const Json &descriptor) {
  std::string text = descriptor.at("digest").string();
  auto digest = Digest::from_oci(text);
  if (!digest)
    damaged(members,
            format(_("'%s' is no SHA-256 digest"), printable(text).c_str()));
  const Member &member = members.at(blob_path(*digest));
  if (member.digest != *digest)
    damaged(members, format(_("the content of '%s' has another digest"),
                            blob_path(*digest).c_str()));
  if (member.size != descriptor.at("size").number())
    damaged(members, format(_("the size of '%s' is not the one recorded"),
                            blob_path(*digest).c_str()));
  return member;
}

std::string document_name(const Json &descriptor) {
  auto digest = Digest::from_oci(descriptor.at("digest").string());
  return digest ? blob_path(*digest) : "";
}

// The document NAME; errors name the image too.
Json read_document(const Members &members, const std::string &name) {
  return Json::parse(members.text(name), members.path() + "/" + name);
}

// Config and layers agree: diff_ids, history, names of items.
void use_config(const Members &members, const std::string &name,
                FoundImage &image) {
  Json config = read_document(members, name);
  image.config = members.text(name);
  if (auto architecture = config.get("architecture"))
    image.architecture = architecture->string();
  if (auto created = config.get("created"))
    image.created = created->string();

  auto diff_ids = config.at("rootfs").at("diff_ids").elements();
  if (diff_ids.size() != image.layers.size())
    damaged(members, format(_("its config lists %zu layers, its manifest %zu"),
                            diff_ids.size(), image.layers.size()));
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    const LayerScan &scan = image.layers[i].scan;
    if (!scan.problem.empty())
      damaged(members, format(_("layer %zu: %s"), i + 1, scan.problem.c_str()));
    if (diff_ids[i].string() != scan.diff_id.oci())
      damaged(members,
              format(_("layer %zu does not have the diff_id that its config "
                       "says"),
                     i + 1));
  }

  std::size_t next = 0;
  auto history = config.get("history");
  for (const Json &entry :
       history ? history->elements() : std::vector<Json>()) {
    auto comment = entry.get("comment");
    auto empty = entry.get("empty_layer");
    if ((empty && empty->is_true()) || next >= image.layers.size())
      continue;
    image.layers[next++].comment = comment ? comment->string() : "";
  }
}

// The layers that a document lists in LIST.
std::vector<Json> listed_layers(const Members &members, const Json &list) {
  auto layers = list.elements();
  if (layers.size() > most_layers)
    damaged(members, format(_("it has more than %zu layers"), most_layers));
  return layers;
}

FoundImage oci_image(const Members &members, const Json &descriptor) {
  FoundImage image;
  const Member &manifest_blob = blob(members, descriptor);
  image.manifest = manifest_blob.digest;
  std::string name = document_name(descriptor);
  Json manifest = read_document(members, name);
  for (const Json &layer : listed_layers(members, manifest.at("layers"))) {
    const Member &member = blob(members, layer);
    if (!member.layer)
      damaged(members,
              format(_("'%s' is no layer"), document_name(layer).c_str()));
    image.layers.push_back({document_name(layer),
                            layer.at("mediaType").string(),
                            {},
                            *member.layer});
  }
  Json config = manifest.at("config");
  blob(members, config);
  use_config(members, document_name(config), image);
  return image;
}

// Adds the images of an index, and of the indexes in it.  SEEN has those that
// were added already: an index may be named any number of times.
void add_index(const Members &members, const std::string &name, int depth,
               std::set<std::string> &seen, std::vector<FoundImage> &images) {
  if (depth > deepest_index)
    damaged(members, _("its indexes are nested too deeply"));
  if (!seen.insert(name).second)
    return;
  Json index = read_document(members, name);
  for (const Json &descriptor : index.at("manifests").elements()) {
    auto type = descriptor.get("mediaType");
    if (type && type->string().find(".index.") != std::string::npos) {
      blob(members, descriptor);
      add_index(members, document_name(descriptor), depth + 1, seen, images);
      continue;
    }
    std::string own_name = descriptor_name(descriptor);
    auto digest = Digest::from_oci(descriptor.at("digest").string());
    auto same = std::find_if(
        images.begin(), images.end(),
        [&](const FoundImage &image) { return image.manifest == digest; });
    if (same == images.end())
      same = images.insert(images.end(), oci_image(members, descriptor));
    if (!own_name.empty())
      same->names.push_back(own_name);
  }
}

// Docker's manifest.json, for archives without an OCI layout.
std::vector<FoundImage> docker_images(const Members &members) {
  std::vector<FoundImage> images;
  Json list = read_document(members, "manifest.json");
  for (const Json &entry : list.elements()) {
    FoundImage image;
    if (auto tags = entry.get("RepoTags"))
      for (const Json &tag : tags->elements())
        image.names.push_back(tag.string());
    for (const Json &layer : listed_layers(members, entry.at("Layers"))) {
      const Member &member = members.at(layer.string());
      if (!member.layer)
        damaged(members, format(_("'%s' is no layer"),
                                printable(layer.string()).c_str()));
      image.layers.push_back({layer.string(), {}, {}, *member.layer});
    }
    std::string config = entry.at("Config").string();
    image.manifest = members.at(config).digest;
    use_config(members, config, image);
    images.push_back(std::move(image));
  }
  return images;
}

} // namespace

std::vector<FoundImage> read_images(const Members &members) {
  if (members.find("oci-layout") == nullptr) {
    if (members.find("manifest.json") != nullptr)
      return docker_images(members);
    throw Error(
        format(_("'%s' is no image"), printable(members.path()).c_str()),
        _("it has neither manifest.json nor an OCI layout"));
  }
  std::vector<FoundImage> images;
  std::set<std::string> seen;
  add_index(members, "index.json", 0, seen, images);
  // An archive that has both must say the same in both.
  if (members.find("manifest.json") != nullptr)
    for (const FoundImage &image : docker_images(members))
      if (std::none_of(images.begin(), images.end(),
                       [&](const FoundImage &other) {
                         return other.config == image.config;
                       }))
        damaged(members, _("manifest.json and index.json disagree"));
  return images;
}

std::vector<FoundImage> read_images(const std::string &path, Monitor &monitor) {
  monitor.begin_stage(_("reading the image"));
  return read_images(Members(path, Members::Blobs::forget, monitor));
}

} // namespace strata
