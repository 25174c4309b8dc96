// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: images written by hand for the tests that read images.

#ifndef STRATA_TESTS_SUPPORT_IMAGE_FILES_HH
#define STRATA_TESTS_SUPPORT_IMAGE_FILES_HH

#include "image/base_image.hh"
#include "layer/compressor.hh"
#include "layer/tar_writer.hh"
#include "support/pack-fixture.hh"

#include <map>

namespace strata {

constexpr const char *layer_type = "application/vnd.oci.image.layer.v1.tar";
constexpr const char *manifest_type =
    "application/vnd.oci.image.manifest.v1+json";
constexpr const char *index_type = "application/vnd.oci.image.index.v1+json";

// The plain bytes of a tar of one empty file.
inline std::string small_tar(const std::string &name) {
  MemoryOutput output;
  TarWriter writer(output);
  writer.begin({name, Kind::file, {0444, 0, 0}, 0, {}, {}});
  writer.end_entry();
  writer.finish();
  return output.text();
}

inline std::string gzipped(const std::string &text) {
  auto compressor = make_compressor(Compression::parse("gzip"));
  return std::string(as_text(compressor->compress(as_bytes(text))));
}

inline std::string digest_of(const std::string &text) {
  return sha256(as_bytes(text)).oci();
}

// The files of an image, to be changed before they are written.
class Files {
public:
  // Adds a blob; the result is its descriptor.
  Json blob(const char *type, const std::string &text) {
    Digest digest = sha256(as_bytes(text));
    files[blob_path(digest)] = text;
    return Json::object({{"mediaType", type},
                         {"digest", digest.oci()},
                         {"size", std::uint64_t(text.size())}});
  }

  // Adds an image of LAYERS of TYPE whose config lists DIFF_IDS.
  Json image(const std::vector<std::string> &layers,
             const std::vector<std::string> &diff_ids,
             const char *type = layer_type) {
    Json list = Json::array(), ids = Json::array(), docker = Json::array();
    for (const std::string &layer : layers) {
      list.append(blob(type, layer));
      docker.append(blob_path(sha256(as_bytes(layer))));
    }
    for (const std::string &id : diff_ids)
      ids.append(id);
    Json document = Json::object(
        {{"architecture", architecture},
         {"created", "2020-02-02T02:02:02Z"},
         {"rootfs", Json::object({{"type", "layers"}, {"diff_ids", ids}})}});
    if (!variant.empty())
      document.set("variant", variant);
    std::string config = document.dump();
    Json manifest = Json::object({{"schemaVersion", std::uint64_t(2)},
                                  {"config", blob("x/config", config)},
                                  {"layers", list}});
    docker_entry =
        Json::object({{"Config", blob_path(sha256(as_bytes(config)))},
                      {"RepoTags", Json::array({"a:b"})},
                      {"Layers", docker}});
    return blob(manifest_type, manifest.dump());
  }

  void set_index(const std::vector<Json> &descriptors) {
    files["oci-layout"] = oci_layout_text();
    files["index.json"] = make_index(descriptors).dump();
  }

  void write_folder(const std::string &path) const {
    for (const auto &[name, text] : files)
      write_file(path + "/" + name, text);
  }

  void write_archive(const std::string &path) const {
    MemoryOutput output;
    TarWriter writer(output);
    for (const auto &[name, text] : files) {
      writer.begin({name, Kind::file, {0444, 0, 0}, text.size(), {}, {}});
      writer.write(as_bytes(text));
      writer.end_entry();
    }
    for (const auto &[name, target] : links) {
      writer.begin({name, Kind::symlink, {0777, 0, 0}, 0, target, {}});
      writer.end_entry();
    }
    writer.finish();
    put_file(path, output.text());
  }

  std::map<std::string, std::string> files, links;
  std::string architecture = "arm64", variant;
  Json docker_entry = Json::object();
};

// An image of two layers with all documents.
inline Files good_files() {
  Files result;
  std::string one = small_tar("one"), two = small_tar("two");
  Json image = result.image({one, two}, {digest_of(one), digest_of(two)});
  result.set_index({image});
  result.files["manifest.json"] = Json::array({result.docker_entry}).dump();
  return result;
}

inline std::vector<FoundImage> read(const std::string &path) {
  Monitor monitor;
  return read_images(path, monitor);
}

// Reads FILES as a folder and as an archive.
inline void refuse(const Files &files, const std::string &part) {
  TemporaryDirectory scratch;
  files.write_archive(scratch.path() + "/image");
  assert_error(part, [&] { read(scratch.path() + "/image"); });
}

inline void refuse_both(const Files &files, const std::string &part) {
  refuse(files, part);
  TemporaryDirectory scratch;
  files.write_folder(scratch.path() + "/image");
  assert_error(part, [&] { read(scratch.path() + "/image"); });
}

inline std::vector<FoundImage> read_files(const Files &files) {
  TemporaryDirectory scratch;
  files.write_archive(scratch.path() + "/image");
  return read(scratch.path() + "/image");
}

constexpr const char *name_key = "org.opencontainers.image.ref.name";

// A copy of DESCRIPTOR with KEY of its annotations set.
inline Json annotated(const Json &descriptor, const char *key,
                      const char *value) {
  Json copy = Json::parse(descriptor.dump(), "descriptor");
  copy.set("annotations", Json::object({{key, value}}));
  return copy;
}

// An index of images for two architectures, called "1", as Docker's builder
// writes it, with the attestations of one.
inline Files two_architectures() {
  Files files;
  std::string one = small_tar("one"), two = small_tar("two");
  Json arm = files.image({one}, {digest_of(one)});
  files.architecture = "amd64";
  Json amd = files.image({two}, {digest_of(two)});
  Json statement =
      files.blob("application/vnd.in-toto+json", "{\"_type\":\"x\"}");
  std::string config = "{\"architecture\":\"unknown\",\"os\":\"unknown\"}";
  Json attestations = files.blob(
      manifest_type, Json::object({{"config", files.blob("x/config", config)},
                                   {"layers", Json::array({statement})}})
                         .dump());
  Json inner = files.blob(
      index_type,
      make_index({arm, amd,
                  annotated(attestations, "vnd.docker.reference.type",
                            "attestation-manifest")})
          .dump());
  files.set_index({annotated(inner, name_key, "1")});
  return files;
}

} // namespace strata

#endif
