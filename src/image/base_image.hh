// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an image that another one is built on: its layers as they are, and
// its config to inherit from.
// Errors: a base image is hostile input: everything about it is verified when
// it is opened, and what is wrong throws Error.
// Threads: may be read by one thread at a time.

#ifndef STRATA_IMAGE_BASE_IMAGE_HH
#define STRATA_IMAGE_BASE_IMAGE_HH

#include "base/json.hh"
#include "image/config.hh"
#include "image/found_image.hh"

#include <string>
#include <vector>

namespace strata {

class BaseImage {
public:
  /// The image in PATH, a Docker archive or an OCI layout.  Where it holds
  /// several, NAME, one of their names or tags, and ARCHITECTURE say which;
  /// both may be empty.  It must be for ARCHITECTURE (as Go's GOARCH spells
  /// it); of several, that for this machine is taken where that is empty.
  BaseImage(const std::string &path, const std::string &name,
            const std::string &architecture, Monitor &monitor);

  /// The layers as they will be in the new image: blobs are kept, only those
  /// whose compression has no OCI media type become plain.
  const std::vector<LayerDescriptor> &layers() const { return layers_; }

  /// What layers()[INDEX] holds.
  const LayerScan &scan(std::size_t index) const { return *found_[index].scan; }

  /// Writes the bytes that layers()[INDEX] describes.
  void write_layer(std::size_t index, ByteOutput &output,
                   Monitor &monitor) const;

  /// What its config says; for ImageConfig::base.
  const InheritedConfig &config() const { return config_; }

private:
  void add_layer(const FoundLayer &layer);

  Members members_;
  std::vector<FoundLayer> found_;
  std::vector<LayerDescriptor> layers_;
  InheritedConfig config_;
};

} // namespace strata

#endif
