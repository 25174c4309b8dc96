// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: layers that are there already: those of a base image, and a layer
// given as a file.

#ifndef STRATA_PACK_READY_LAYERS_HH
#define STRATA_PACK_READY_LAYERS_HH

#include "image/base_image.hh"
#include "pack/request.hh"

#include <string>
#include <vector>

namespace strata {

/// REQUEST with all that depends on its base image: its layers, the config to
/// inherit from, the architecture, and the number of layers.
PackRequest with_base(PackRequest request, Monitor &monitor);

/// The tar in the file PATH, whose SHA-256 must be DIGEST.  Throws Error.
ReadyLayer file_layer(const std::string &path, const Digest &digest,
                      Monitor &monitor);

/// Writes LAYERS as the next blobs of SINK, each verified on its way.
void copy_layers(const std::vector<ReadyLayer> &layers, Sink &sink,
                 Monitor &monitor);

} // namespace strata

#endif
