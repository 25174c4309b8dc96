// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: images that are there already, read from an archive or an OCI
// layout and checked: every digest and size is recomputed.

#ifndef STRATA_IMAGE_FOUND_IMAGE_HH
#define STRATA_IMAGE_FOUND_IMAGE_HH

#include "image/members.hh"
#include "image/platform.hh"

#include <memory>
#include <string>
#include <vector>

namespace strata {

struct FoundLayer {
  std::string name;                      // of the blob among the members
  std::string media_type;                // empty where the image does not say
  std::string comment;                   // of its history entry
  std::shared_ptr<const LayerScan> scan; // null where blobs were skipped
};

struct FoundImage {
  std::vector<std::string> names; // "hello:latest"
  Digest manifest;                // of the config where there is no manifest
  std::shared_ptr<const std::string> config; // JSON; not null
  Digest config_digest;
  Platform platform;   // as its config says it, else the index
  std::string index;   // of the inner index that lists it, else empty
  std::string created; // RFC 3339, as the config has it
  std::vector<FoundLayer> layers;
};

/// All images in MEMBERS, those of a Docker archive or an OCI layout (as folder
/// or archive), in the order in which it lists them.  What lies beside images,
/// such as attestations, is verified and left out; and so is what an index
/// lists for other platforms, if it is not there.  A digest or size that is
/// wrong, a media type that does not fit, or a document that is missing, is an
/// Error.  Of blobs that MEMBERS skipped, only sizes are looked at.
std::vector<FoundImage> read_images(const Members &members,
                                    const Monitor &monitor);

/// The same for the file or folder PATH.
std::vector<FoundImage> read_images(const std::string &path, Monitor &monitor);

} // namespace strata

#endif
