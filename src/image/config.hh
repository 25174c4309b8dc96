// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what an image is besides its layers, and the JSON documents that
// say so.
// Format: OCI image-spec 1.1 (config.md, manifest.md, image-index.md,
// image-layout.md) and Docker's archive (docker-image-spec 1.2, "Combined
// Image JSON + Filesystem Changeset Format").

#ifndef STRATA_IMAGE_CONFIG_HH
#define STRATA_IMAGE_CONFIG_HH

#include "base/json.hh"
#include "base/sha256.hh"
#include "image/platform.hh"
#include "image/reference.hh"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace strata {

/// What an image inherits from the one that it is built on.
struct InheritedConfig {
  Platform platform;
  std::vector<std::pair<std::string, Json>> run; // members of "config"
  std::vector<Json> history;
};

/// How a container is run from the image; config.md, "Properties".
struct ImageConfig {
  std::string architecture = "amd64"; // as Go's GOARCH spells it
  std::string variant;                // of the architecture: "v7"; may be empty
  std::int64_t created = 1;           // seconds since 1970-01-01T00:00:00Z
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> entry_point;
  std::vector<std::string> command;
  std::string user;
  std::string working_directory;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::string> exposed_ports; // "80/tcp"
  std::vector<std::string> volumes;
  std::string stop_signal;
  /// Members of "config" that are taken as they are.
  std::vector<std::pair<std::string, Json>> verbatim;
  /// As FROM in a Dockerfile: Env is merged by name (the last wins), labels,
  /// ports and volumes are joined, an entry point drops the inherited command,
  /// and what is not said here is as it was.
  std::optional<InheritedConfig> base;
};

/// One layer as it was written.
struct LayerDescriptor {
  std::string media_type;
  Digest digest;          // of the blob
  std::uint64_t size = 0; // of the blob, bytes
  Digest diff_id;         // SHA-256 of the plain tar
  std::string comment;    // for its history entry: which items it holds
};

/// A JSON document with its digest.
struct Document {
  std::string text;
  Digest digest;
};

/// All documents of an image.  Immutable.
struct ImageDocuments {
  Document config;
  Document manifest;
  std::vector<Json> descriptors; // of the manifest, one for each name
  std::vector<LayerDescriptor> layers;
  std::vector<ImageReference> names;
};

/// LAYERS: those of the base image first.
ImageDocuments make_documents(const ImageConfig &config,
                              const std::vector<LayerDescriptor> &layers,
                              const std::vector<ImageReference> &names);

/// An index (image-index.md) of DESCRIPTORS.
Json make_index(const std::vector<Json> &descriptors);

/// The content of the file `oci-layout` (image-layout.md).
std::string oci_layout_text();

/// The name that an entry of an index has in its annotations: in full if it
/// says so, else its tag; empty where it has none.
std::string descriptor_name(const Json &descriptor);

/// "blobs/sha256/<hex>" (image-layout.md, "Blobs").
std::string blob_path(const Digest &digest);

/// The architecture of a system type such as "x86_64-linux"; an unknown one
/// is an Error that lists those there are.
std::string architecture_of_system(const std::string &system);

/// The system type of this machine.
std::string system_of_machine();

/// SECONDS since 1970 as RFC 3339 writes it, in UTC.
std::string rfc3339(std::int64_t seconds);

} // namespace strata

#endif
