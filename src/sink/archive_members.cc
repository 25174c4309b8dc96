// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/archive_members.hh"

#include <set>

namespace strata {

namespace {

constexpr Attributes read_only{0444, 0, 0};
constexpr Attributes directory{0755, 0, 0};

void write_directory(TarWriter &writer, const std::string &path) {
  writer.begin({path, Kind::directory, directory, 0, {}, {}});
  writer.end_entry();
}

void write_file(TarWriter &writer, const std::string &path,
                const std::string &text) {
  writer.begin({path, Kind::file, read_only, text.size(), {}, {}});
  writer.write(as_bytes(text));
  writer.end_entry();
}

void write_document(TarWriter &writer, const Document &document) {
  write_file(writer, blob_path(document.digest), document.text);
}

// Docker's manifest.json: one image.
Json docker_manifest(const ImageDocuments &documents) {
  Json layers = Json::array(), tags = Json::array();
  for (const LayerDescriptor &layer : documents.layers)
    layers.append(blob_path(layer.digest));
  for (const ImageReference &name : documents.names)
    tags.append(name.familiar());
  return Json::array(
      {Json::object({{"Config", blob_path(documents.config.digest)},
                     {"RepoTags", tags},
                     {"Layers", layers}})});
}

// The file `repositories`: {"hello": {"latest": <folder of the top layer>}}.
Json docker_repositories(const ImageDocuments &documents) {
  Json result = Json::object();
  if (documents.layers.empty())
    return result;
  for (const ImageReference &name : documents.names) {
    Json tags = result.get(name.repository()).value_or(Json::object());
    tags.set(name.tag, documents.layers.back().diff_id.hex());
    result.set(name.repository(), tags);
  }
  return result;
}

} // namespace

void write_archive_directories(TarWriter &writer) {
  write_directory(writer, "blobs/");
  write_directory(writer, "blobs/sha256/");
}

TarEntry blob_entry(const Digest &digest, std::uint64_t size) {
  return {blob_path(digest), Kind::file, read_only, size, {}, {}};
}

void write_archive_members(const ImageDocuments &documents, TarWriter &writer) {
  write_document(writer, documents.config);
  write_document(writer, documents.manifest);
  std::set<Digest> linked; // two layers may be equal
  for (const LayerDescriptor &layer : documents.layers) {
    if (!linked.insert(layer.diff_id).second)
      continue;
    write_directory(writer, layer.diff_id.hex() + "/");
    writer.begin({layer.diff_id.hex() + "/layer.tar",
                  Kind::symlink,
                  {0777, 0, 0},
                  0,
                  "../" + blob_path(layer.digest),
                  {}});
    writer.end_entry();
  }
  write_file(writer, "index.json", make_index(documents.descriptors).dump());
  write_file(writer, "oci-layout", oci_layout_text());
  write_file(writer, "manifest.json", docker_manifest(documents).dump());
  write_file(writer, "repositories", docker_repositories(documents).dump());
  writer.finish();
}

} // namespace strata
