// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/archive_stream.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "sink/archive_members.hh"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace strata {

class ArchiveStream::Blob : public BlobOutput {
public:
  Blob(TarWriter &writer, const BlobExpectation &expectation)
      : writer_(writer), expectation_(expectation) {
    writer.begin(blob_entry(*expectation.digest, *expectation.size));
  }

  void write(Bytes bytes) override { writer_.write(bytes); }

  void finish(const Digest &digest, std::uint64_t size) override {
    if (digest != *expectation_.digest || size != *expectation_.size)
      throw Error(_("cannot write a layer"),
                  _("a file in it changed while the image was made"));
    writer_.end_entry();
  }

private:
  TarWriter &writer_;
  BlobExpectation expectation_;
};

ArchiveStream::ArchiveStream(std::unique_ptr<StreamTarget> target)
    : target_(std::move(target)), writer_(*target_) {}

void ArchiveStream::begin() {
  if (!std::exchange(begun_, true))
    write_archive_directories(writer_);
}

std::unique_ptr<BlobOutput>
ArchiveStream::begin_blob(const BlobExpectation &expectation) {
  begin();
  return std::make_unique<Blob>(writer_, expectation);
}

void ArchiveStream::finish(const ImageDocuments &documents) {
  begin();
  write_archive_members(documents, writer_);
  target_->finish();
}

} // namespace strata
