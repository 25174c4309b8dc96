// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/found_image.hh"

#include "base/error.hh"
#include "base/json.hh"
#include "base/text.hh"
#include "image/config.hh"

#include <algorithm>
#include <map>
#include <set>

namespace strata {

namespace {

constexpr int deepest_index = 4;

// Of images in indexes, under each of their names; small indexes could name
// each other so often that it takes for ever.
constexpr std::size_t most_visits = 100000;

// No reference is longer.
constexpr std::size_t longest_name = 1000; // bytes

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
  return Json::parse(*members.text(name), members.path() + "/" + name);
}

// The list KEY of OBJECT.  Go writes null, or nothing, for an empty one.
std::vector<Json> elements_of(const Json &object, const char *key) {
  auto list = object.get(key);
  return list ? list->elements() : std::vector<Json>();
}

// The text KEY of OBJECT; empty where it does not say.
std::string text_of(const Json &object, const char *key) {
  auto text = object.get(key);
  return text ? text->string() : "";
}

// Config and layers agree: diff_ids, history, names of items.
void use_config(const Members &members, const std::string &name,
                FoundImage &image) {
  Json config = read_document(members, name);
  image.config = members.text(name);
  image.platform = {text_of(config, "os"), text_of(config, "architecture"),
                    text_of(config, "variant")};
  image.created = text_of(config, "created");

  auto diff_ids = elements_of(config.at("rootfs"), "diff_ids");
  if (diff_ids.size() != image.layers.size())
    damaged(members, format(_("its config lists %zu layers, its manifest %zu"),
                            diff_ids.size(), image.layers.size()));
  for (std::size_t i = 0; i < diff_ids.size(); ++i) {
    const LayerScan &scan = *image.layers[i].scan;
    if (!scan.problem.empty())
      damaged(members, format(_("layer %zu: %s"), i + 1, scan.problem.c_str()));
    if (diff_ids[i].string() != scan.diff_id.oci())
      damaged(members,
              format(_("layer %zu does not have the diff_id that its config "
                       "says"),
                     i + 1));
  }

  std::size_t next = 0;
  for (const Json &entry : elements_of(config, "history")) {
    auto empty = entry.get("empty_layer");
    if ((empty && empty->is_true()) || next >= image.layers.size())
      continue;
    image.layers[next++].comment = text_of(entry, "comment");
  }
}

// The layers that DOCUMENT lists under KEY.
std::vector<Json> listed_layers(const Members &members, const Json &document,
                                const char *key) {
  auto layers = elements_of(document, key);
  if (layers.size() > most_layers)
    damaged(members, format(_("it has more than %zu layers"), most_layers));
  return layers;
}

// Whether DESCRIPTOR is of what lies beside an image, such as the attestations
// that Docker's builder adds.
bool is_beside_image(const Json &descriptor) {
  auto has = [&](const char *object, const char *key, const char *value) {
    auto found = descriptor.get(object);
    return found && text_of(*found, key) == value;
  };
  return has("annotations", "vnd.docker.reference.type",
             "attestation-manifest") ||
         (has("platform", "os", "unknown") &&
          has("platform", "architecture", "unknown"));
}

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

FoundLayer oci_layer(const Members &members, const Json &descriptor) {
  std::string name = document_name(descriptor);
  std::string type = descriptor.at("mediaType").string();
  const Member &member = blob(members, descriptor);
  if (!member.layer)
    damaged(members, format(_("'%s' is no layer"), name.c_str()));
  if (member.layer->problem.empty() &&
      compressor_of(type) != member.layer->compressor)
    damaged(members, format(_("the media type of '%s' is not that of what it "
                              "holds"),
                            name.c_str()));
  return {name, type, {}, member.layer};
}

// Nothing where it is something else that is kept like an image.
std::optional<FoundImage> oci_image(const Members &members,
                                    const Json &descriptor) {
  FoundImage image;
  image.manifest = blob(members, descriptor).digest;
  Json manifest = read_document(members, document_name(descriptor));
  std::vector<Json> layers = listed_layers(members, manifest, "layers");
  Json config = manifest.at("config");
  blob(members, config);
  if (is_beside_image(descriptor) || is_artifact(manifest) ||
      std::any_of(layers.begin(), layers.end(), [](const Json &layer) {
        return !compressor_of(layer.at("mediaType").string());
      })) {
    for (const Json &layer : layers)
      blob(members, layer);
    return {};
  }
  for (const Json &layer : layers)
    image.layers.push_back(oci_layer(members, layer));
  use_config(members, document_name(config), image);
  auto platform = descriptor.get("platform");
  if (platform && image.platform.variant.empty())
    image.platform.variant = text_of(*platform, "variant");
  return image;
}

// Collects the images of an index, and of the indexes in it.  A name that an
// index has holds for all in it that have none of their own.
class IndexReader {
public:
  IndexReader(const Members &members, const Monitor &monitor)
      : members_(members), monitor_(monitor) {}

  // Adds what INDEX lists.  NAME: that of the index, or empty.
  void add(const std::string &index, const std::string &name, int depth) {
    if (depth > deepest_index)
      damaged(members_, _("its indexes are nested too deeply"));
    // An index may be named any number of times.
    if (!seen_.emplace(index, name).second)
      return;
    for (const Entry &entry : entries(index, depth)) {
      monitor_.check();
      if (++visits_ > most_visits)
        damaged(members_, format(_("its indexes list more than %zu images"),
                                 most_visits));
      const std::string &own = entry.name.empty() ? name : entry.name;
      if (entry.is_index)
        add(entry.document, own, depth + 1);
      else if (entry.image && !own.empty())
        images_[*entry.image].names.push_back(own);
    }
  }

  std::vector<FoundImage> images() {
    if (images_.empty() && !missing_.empty())
      members_.at(missing_); // throws
    return std::move(images_);
  }

private:
  struct Entry {
    std::string document;
    std::string name;
    bool is_index = false;
    std::optional<std::size_t> image; // in images_
  };

  static bool is_index(const Json &descriptor) {
    std::string text = text_of(descriptor, "mediaType");
    return text.find(".index.") != std::string::npos ||
           text.find(".manifest.list.") != std::string::npos;
  }

  // Docker saves the whole index of an image, and the image for one platform.
  bool is_left_out(const Json &descriptor, int depth) {
    std::string name = document_name(descriptor);
    if (depth == 0 || is_index(descriptor) || name.empty() ||
        members_.find(name) != nullptr)
      return false;
    missing_ = name;
    return true;
  }

  // What the document INDEX lists; read once.
  const std::vector<Entry> &entries(const std::string &index, int depth) {
    if (auto known = indexes_.find(index); known != indexes_.end())
      return known->second;
    std::vector<Entry> result;
    Json document = read_document(members_, index);
    if (!document.has("manifests"))
      document.at("manifests"); // throws
    for (const Json &descriptor : elements_of(document, "manifests")) {
      monitor_.check();
      if (is_left_out(descriptor, depth))
        continue;
      blob(members_, descriptor);
      Entry entry{document_name(descriptor),
                  descriptor_name(descriptor),
                  is_index(descriptor),
                  {}};
      if (entry.name.size() > longest_name)
        damaged(members_, format(_("the name '%s' is too long"),
                                 printable(entry.name.substr(0, 100)).c_str()));
      if (!entry.is_index)
        entry.image = image(entry.document, descriptor);
      result.push_back(std::move(entry));
    }
    return indexes_.emplace(index, std::move(result)).first->second;
  }

  std::optional<std::size_t> image(const std::string &document,
                                   const Json &descriptor) {
    auto [place, is_new] = places_.try_emplace(document);
    if (is_new)
      if (auto found = oci_image(members_, descriptor)) {
        place->second = images_.size();
        images_.push_back(std::move(*found));
      }
    return place->second;
  }

  const Members &members_;
  const Monitor &monitor_;
  std::vector<FoundImage> images_;
  std::string missing_; // a manifest that an inner index lists
  std::map<std::string, std::optional<std::size_t>> places_; // by document
  std::map<std::string, std::vector<Entry>> indexes_;        // by document
  std::set<std::pair<std::string, std::string>> seen_; // indexes with names
  std::size_t visits_ = 0;
};

// Docker's manifest.json, for archives without an OCI layout.
std::vector<FoundImage> docker_images(const Members &members,
                                      const Monitor &monitor) {
  std::vector<FoundImage> images;
  Json list = read_document(members, "manifest.json");
  for (const Json &entry : list.elements()) {
    monitor.check();
    FoundImage image;
    for (const Json &tag : elements_of(entry, "RepoTags"))
      image.names.push_back(tag.string());
    for (const Json &layer : listed_layers(members, entry, "Layers")) {
      const Member &member = members.at(layer.string());
      if (!member.layer)
        damaged(members, format(_("'%s' is no layer"),
                                printable(layer.string()).c_str()));
      image.layers.push_back({layer.string(), {}, {}, member.layer});
    }
    std::string config = entry.at("Config").string();
    image.manifest = members.at(config).digest;
    use_config(members, config, image);
    images.push_back(std::move(image));
  }
  return images;
}

// NAME as people write it: Docker leaves out where its own images come from.
std::string familiar(std::string name) {
  for (std::string_view usual : {"docker.io/", "library/"})
    if (name.starts_with(usual))
      name.erase(0, usual.size());
  return name;
}

// Adds to IMAGES what only manifest.json lists: Docker leaves out of
// index.json what was saved without a name.  A name means one image in both.
void add_docker_images(const Members &members, const Monitor &monitor,
                       std::vector<FoundImage> &images) {
  std::set<const std::string *> configs;
  std::set<std::string> names;
  for (const FoundImage &image : images) {
    configs.insert(image.config.get());
    for (const std::string &name : image.names)
      names.insert(familiar(name));
  }
  for (FoundImage &image : docker_images(members, monitor)) {
    if (configs.contains(image.config.get()))
      continue;
    for (const std::string &name : image.names)
      if (names.contains(familiar(name)))
        damaged(members,
                format(_("manifest.json and index.json disagree about '%s'"),
                       printable(name).c_str()));
    images.push_back(std::move(image));
  }
}

} // namespace

std::vector<FoundImage> read_images(const Members &members,
                                    const Monitor &monitor) {
  if (members.find("oci-layout") == nullptr) {
    if (members.find("manifest.json") != nullptr)
      return docker_images(members, monitor);
    throw Error(
        format(_("'%s' is no image"), printable(members.path()).c_str()),
        _("it has neither manifest.json nor an OCI layout"));
  }
  IndexReader reader(members, monitor);
  reader.add("index.json", "", 0);
  std::vector<FoundImage> images = reader.images();
  if (members.find("manifest.json") != nullptr)
    add_docker_images(members, monitor, images);
  return images;
}

std::vector<FoundImage> read_images(const std::string &path, Monitor &monitor) {
  monitor.begin_stage(_("reading the image"));
  return read_images(Members(path, Members::Blobs::forget, monitor), monitor);
}

} // namespace strata
