// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/found_image.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "image/config.hh"
#include "image/image_reader.hh"
#include "image/reference.hh"

#include <map>
#include <set>

namespace strata {

namespace {

constexpr int deepest_index = 4;

// Of images in indexes, under each of their names; small indexes could name
// each other so often that it takes for ever.
constexpr std::size_t most_visits = 100000;

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

// Collects the images of an index, and of the indexes in it.  A name that an
// index has holds for all in it that have none of their own.
class IndexReader {
public:
  IndexReader(ImageReader &reader, const Monitor &monitor)
      : reader_(reader), monitor_(monitor) {}

  // Adds what INDEX lists.  NAME: that of the index, or empty.
  void add(const std::string &index, const std::string &name, int depth) {
    if (depth > deepest_index)
      reader_.damaged(_("its indexes are nested too deeply"));
    // An index may be named any number of times.
    if (!seen_.emplace(index, name).second)
      return;
    for (const Entry &entry : entries(index, depth)) {
      monitor_.check();
      if (++visits_ > most_visits)
        reader_.damaged(
            format(_("its indexes list more than %zu images"), most_visits));
      const std::string &own = entry.name.empty() ? name : entry.name;
      if (entry.is_index)
        add(entry.document, own, depth + 1);
      else if (entry.image && !own.empty())
        images_[*entry.image].names.push_back(own);
    }
  }

  std::vector<FoundImage> images() {
    if (images_.empty() && !missing_.empty())
      reader_.members().at(missing_); // throws
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

  // Docker saves the whole index of an image, and for platforms that it does
  // not have at most the manifest.
  bool is_left_out(const Json &descriptor, int depth) {
    std::string name = document_name(descriptor);
    if (depth == 0 || is_index(descriptor) || name.empty() ||
        places_.contains(name))
      return false;
    if (left_out_.contains(name))
      return true;
    std::string missing = reader_.members().find(name) == nullptr
                              ? name
                              : reader_.missing_part(name);
    if (missing.empty())
      return false;
    missing_ = missing;
    left_out_.insert(name);
    return true;
  }

  // What the document INDEX lists; read once.
  const std::vector<Entry> &entries(const std::string &index, int depth) {
    if (auto known = indexes_.find(index); known != indexes_.end())
      return known->second;
    std::vector<Entry> result;
    Json document = reader_.document(index);
    if (!document.has("manifests"))
      document.at("manifests"); // throws
    for (const Json &descriptor : elements_of(document, "manifests")) {
      monitor_.check();
      Entry entry{document_name(descriptor),
                  reader_.checked_name(descriptor_name(descriptor)),
                  is_index(descriptor),
                  {}};
      if (is_left_out(descriptor, depth))
        continue;
      reader_.blob(descriptor);
      if (!entry.is_index)
        entry.image = image(descriptor, depth > 0 ? index : "");
      result.push_back(std::move(entry));
    }
    return indexes_.emplace(index, std::move(result)).first->second;
  }

  // The place of the image that DESCRIPTOR describes in the inner index INDEX.
  std::optional<std::size_t> image(const Json &descriptor,
                                   const std::string &index) {
    if (is_beside_image(descriptor)) {
      if (beside_.insert(document_name(descriptor)).second)
        reader_.verified_manifest(descriptor);
      return {};
    }
    auto [place, is_new] = places_.try_emplace(document_name(descriptor));
    if (is_new)
      if (auto found = reader_.oci_image(descriptor)) {
        place->second = images_.size();
        found->index = index;
        images_.push_back(std::move(*found));
      }
    auto platform = descriptor.get("platform");
    if (place->second && platform)
      images_[*place->second].platform.complete(reader_.platform(*platform));
    return place->second;
  }

  ImageReader &reader_;
  const Monitor &monitor_;
  std::vector<FoundImage> images_;
  std::string missing_;            // what an inner index leads to
  std::set<std::string> left_out_; // manifests
  std::set<std::string> beside_;   // manifests that were verified
  std::map<std::string, std::optional<std::size_t>> places_; // by document
  std::map<std::string, std::vector<Entry>> indexes_;        // by document
  std::set<std::pair<std::string, std::string>> seen_; // indexes with names
  std::size_t visits_ = 0;
};

// Adds to IMAGES, those of index.json, what only manifest.json says: Docker
// leaves out of index.json what was saved without a name.  A name means one
// image in both.
void add_docker_images(ImageReader &reader, const Monitor &monitor,
                       std::vector<FoundImage> &images) {
  std::map<Digest, std::size_t> places; // by config
  std::map<std::string, std::set<Digest>> named;
  for (std::size_t i = 0; i < images.size(); ++i) {
    places.emplace(images[i].config_digest, i);
    for (const std::string &name : images[i].names)
      named[full_name(name)].insert(images[i].config_digest);
  }
  Json list = reader.document("manifest.json");
  for (const Json &entry : list.elements()) {
    monitor.check();
    FoundImage image = reader.docker_image(entry);
    auto known = places.find(image.config_digest);
    for (const std::string &name : image.names) {
      auto found = named.find(full_name(name));
      if (found != named.end() && !found->second.contains(image.config_digest))
        reader.damaged(
            format(_("manifest.json and index.json disagree about '%s'"),
                   printable(name).c_str()));
      if (found == named.end() && known != places.end())
        images[known->second].names.push_back(name);
    }
    if (known == places.end())
      images.push_back(std::move(image));
  }
}

} // namespace

std::vector<FoundImage> read_images(const Members &members,
                                    const Monitor &monitor) {
  bool has_layout = members.find("oci-layout") != nullptr;
  bool has_list = members.find("manifest.json") != nullptr;
  if (!has_layout && !has_list)
    throw Error(
        format(_("'%s' is no image"), printable(members.path()).c_str()),
        _("it has neither manifest.json nor an OCI layout"));
  ImageReader reader(members);
  std::vector<FoundImage> images;
  if (has_layout) {
    IndexReader index(reader, monitor);
    index.add("index.json", "", 0);
    images = index.images();
  }
  if (has_list)
    add_docker_images(reader, monitor, images);
  return images;
}

std::vector<FoundImage> read_images(const std::string &path, Monitor &monitor) {
  monitor.begin_stage(_("reading the image"));
  return read_images(Members(path, Members::Blobs::forget, monitor), monitor);
}

} // namespace strata
