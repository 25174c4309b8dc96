// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: everything that an image archive or OCI layout holds, read once:
// blobs with their digests recomputed, documents as text, links.
// Errors: what cannot be read, or is larger than clients would read, throws
// Error.

#ifndef STRATA_IMAGE_MEMBERS_HH
#define STRATA_IMAGE_MEMBERS_HH

#include "base/monitor.hh"
#include "layer/layer_scan.hh"

#include <map>
#include <memory>
#include <string>

namespace strata {

/// A file of an archive or layout.
struct Member {
  Digest digest;
  std::uint64_t size = 0;                  // bytes
  std::shared_ptr<const std::string> text; // of a JSON document, if not large
  std::shared_ptr<const LayerScan> layer;  // of anything else
  std::uint64_t place = 0;                 // in the copy that is kept of blobs
  bool skipped = false;                    // no more than the size is known
};

class Members {
public:
  /// What happens to blobs: those that are read are verified and forgotten, or
  /// kept (those of an archive in a temporary file) for write(); of those that
  /// are skipped, only documents are read.
  enum class Blobs { forget, keep, skip };

  /// Reads PATH: an archive (also compressed), or an OCI layout.
  Members(const std::string &path, Blobs blobs, Monitor &monitor);

  /// Writes the bytes of the blob NAME to OUTPUT.  REQUIRES: blobs are kept.
  void write(const std::string &name, ByteOutput &output,
             Monitor &monitor) const;

  /// What is called NAME, links followed; null if there is none.
  const Member *find(const std::string &name) const;

  /// The same; an absent one is an Error.
  const Member &at(const std::string &name) const;

  /// The text of the document NAME; an Error where it is none.
  std::shared_ptr<const std::string> text(const std::string &name) const;

  const std::string &path() const { return path_; }

private:
  void read_archive(Monitor &monitor);
  void read_tar(ByteInput &plain, Monitor &monitor);
  void read_directory(Monitor &monitor);
  void add(const std::string &name, std::uint64_t size, ByteInput &content,
           Monitor &monitor);
  const std::pair<const std::string, Member> *
  locate(const std::string &name) const;

  std::string path_;
  std::map<std::string, Member> members_;
  std::map<std::string, std::string> links_; // name to name
  std::size_t text_size_ = 0;                // of all documents, bytes
  bool is_directory_ = false;
  bool skips_ = false;  // Blobs::skip
  FileDescriptor kept_; // the blobs of an archive, one after another
  std::uint64_t kept_size_ = 0;
};

} // namespace strata

#endif
