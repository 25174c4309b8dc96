// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/tarball.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <utility>

namespace strata {

class Tarball::Blob : public BlobOutput {
public:
  explicit Blob(StreamTarget &target) : target_(target) {}

  void write(Bytes bytes) override { target_.write(bytes); }
  void finish(const Digest &, std::uint64_t) override {}

private:
  StreamTarget &target_;
};

Tarball::Tarball(std::unique_ptr<StreamTarget> target)
    : target_(std::move(target)) {}

std::unique_ptr<BlobOutput> Tarball::begin_blob(const BlobExpectation &) {
  if (std::exchange(begun_, true))
    throw Error(_("a tarball has a single layer"));
  return std::make_unique<Blob>(*target_);
}

void Tarball::finish(const ImageDocuments &) { target_->finish(); }

} // namespace strata
