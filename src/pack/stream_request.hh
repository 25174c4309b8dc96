// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the request that Nix's streaming interface makes, a JSON document.
// Format: an object with the members
//
//   architecture, os      as in OCI's config.md; os is "linux"
//   created               ISO 8601, or "now"
//   mtime                 of all entries; ISO 8601, or "now"; absent: created
//   uid, gid              of all entries; absent: 0
//   uname, gname          of all entries; absent: "root"
//   config                the member "config" of the image's config, or null
//   repo_tag              the image's name
//   store_dir             the store directory
//   store_layers          a list of lists of items, the lowest layer first
//   from_image            an image to build on, or null
//   customisation_layer   a folder with `layer.tar`, the highest layer, and
//                         `checksum`, its SHA-256 in hexadecimal, or null
//
// Other members are ignored.

#ifndef STRATA_PACK_STREAM_REQUEST_HH
#define STRATA_PACK_STREAM_REQUEST_HH

#include "base/monitor.hh"
#include "pack/request.hh"

#include <string>

namespace strata {

/// The request in the file PATH, for a Docker archive of plain layers on
/// standard output.  The store lies below STORE_ROOT, empty for its place.
/// A layer that is there already is read, and compared with its digest; an
/// image to build on is not. Throws Error.
PackRequest read_stream_request(const std::string &path,
                                const std::string &store_root,
                                Monitor &monitor);

} // namespace strata

#endif
