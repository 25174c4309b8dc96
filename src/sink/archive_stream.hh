// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an archive in Docker's format that is written from the front to the
// end: to standard output, a FIFO or a device, or through a compressor; the
// same bytes as in a file.

#ifndef STRATA_SINK_ARCHIVE_STREAM_HH
#define STRATA_SINK_ARCHIVE_STREAM_HH

#include "layer/tar_writer.hh"
#include "sink/sink.hh"
#include "sink/stream_target.hh"

namespace strata {

class ArchiveStream : public Sink {
public:
  explicit ArchiveStream(std::unique_ptr<StreamTarget> target);

  bool needs_expectation() const override { return true; }
  std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) override;
  std::uint64_t largest_unexpected() const override { return 0; }
  void finish(const ImageDocuments &documents) override;

private:
  class Blob;

  // Writes what precedes the layers, once and not before it must: where there
  // is an error before the first layer, nothing comes out.
  void begin();

  std::unique_ptr<StreamTarget> target_;
  TarWriter writer_;
  bool begun_ = false;
};

} // namespace strata

#endif
