// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an archive in Docker's format in a seekable file, written in place:
// the header of a blob, which has its digest, is written after its bytes.

#ifndef STRATA_SINK_ARCHIVE_FILE_HH
#define STRATA_SINK_ARCHIVE_FILE_HH

#include "base/monitor.hh"
#include "base/new_file.hh"
#include "sink/sink.hh"

namespace strata {

class ArchiveFile : public Sink {
public:
  ArchiveFile(const std::string &path, const Monitor &monitor);

  bool needs_expectation() const override { return false; }
  std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) override;
  std::uint64_t largest_unexpected() const override;
  void finish(const ImageDocuments &documents) override;

private:
  class Blob;

  const Monitor &monitor_;
  NewFile file_;
  std::uint64_t end_ = 0; // where the next entry begins
};

} // namespace strata

#endif
