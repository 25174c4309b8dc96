// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an archive in Docker's format on standard output, a FIFO or a
// device, which stay what they are: written from the front to the end, the
// same bytes as in a file.

#ifndef STRATA_SINK_ARCHIVE_STREAM_HH
#define STRATA_SINK_ARCHIVE_STREAM_HH

#include "base/file.hh"
#include "layer/tar_writer.hh"
#include "sink/sink.hh"

namespace strata {

class ArchiveStream : public Sink {
public:
  /// PATH: "-" for standard output, else something that exists.
  explicit ArchiveStream(const std::string &path);

  bool needs_expectation() const override { return true; }
  std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) override;
  std::uint64_t largest_unexpected() const override { return 0; }
  void finish(const ImageDocuments &documents) override;

private:
  class Blob;

  FileDescriptor file_;
  FileOutput output_;
  BufferedOutput buffered_;
  TarWriter writer_;
};

} // namespace strata

#endif
