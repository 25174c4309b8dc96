// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what is beside the layers in an archive in Docker's format.
// Format: DESIGN, section 5: an OCI layout with Docker's manifest.json and
// repositories in the same tar:
//
//   blobs/  blobs/sha256/
//   blobs/sha256/<digest of layer>...   in plan order
//   blobs/sha256/<digest of config>
//   blobs/sha256/<digest of manifest>
//   <diff_id>/  <diff_id>/layer.tar -> ../blobs/sha256/<digest>...
//   index.json  oci-layout  manifest.json  repositories
//
// Every directory has an entry: clients that extract the archive give to root
// those that have none, and fail where they may not (skopeo 1.9, oci-archive:,
// as a user who is not root).

#ifndef STRATA_SINK_ARCHIVE_MEMBERS_HH
#define STRATA_SINK_ARCHIVE_MEMBERS_HH

#include "image/config.hh"
#include "layer/tar_writer.hh"

namespace strata {

/// Writes what precedes the layers.
void write_archive_directories(TarWriter &writer);

/// The entry of a blob of SIZE bytes.
TarEntry blob_entry(const Digest &digest, std::uint64_t size);

/// Writes all that follows the layers, and the end of the archive.
void write_archive_members(const ImageDocuments &documents, TarWriter &writer);

} // namespace strata

#endif
