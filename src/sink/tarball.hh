// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an image's files as one tar archive and nothing beside them: the
// bytes of its only layer.

#ifndef STRATA_SINK_TARBALL_HH
#define STRATA_SINK_TARBALL_HH

#include "sink/sink.hh"
#include "sink/stream_target.hh"

namespace strata {

class Tarball : public Sink {
public:
  explicit Tarball(std::unique_ptr<StreamTarget> target);

  bool needs_expectation() const override { return false; }
  std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) override;
  std::uint64_t largest_unexpected() const override { return UINT64_MAX; }
  void finish(const ImageDocuments &documents) override;

private:
  class Blob;

  std::unique_ptr<StreamTarget> target_;
  bool begun_ = false;
};

} // namespace strata

#endif
