// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/archive_file.hh"

#include "base/file_output.hh"
#include "sink/archive_members.hh"

namespace strata {

namespace {

constexpr std::uint64_t plain_header = 512;

// The most that a plain ustar header can say: 8 GiB less one byte.
constexpr std::uint64_t largest_plain = (std::uint64_t(1) << 33) - 1;

std::uint64_t header_size(std::uint64_t size) {
  return TarHeaderSizes().of(blob_entry({}, size));
}

} // namespace

class ArchiveFile::Blob : public BlobOutput {
public:
  // Without SIZE the header is a plain one, and the end of the archive moves
  // when the blob is finished.
  Blob(ArchiveFile &archive, std::optional<std::uint64_t> size)
      : archive_(archive), size_(size), begin_(archive.end_),
        header_(size ? header_size(*size) : plain_header),
        body_(archive.file_.file(), archive.file_.path(), begin_ + header_) {
    if (size)
      archive.end_ = begin_ + header_ + tar_padded(*size);
  }

  void write(Bytes bytes) override { body_.write(bytes); }

  void copy(const FileRange &range, const Monitor &monitor) override {
    const NewFile &file = archive_.file_;
    copy_to_file(range, file.file(), file.path(), body_.offset(), monitor);
    body_.skip(range.size);
  }

  void finish(const Digest &digest, std::uint64_t size) override {
    // The padding is a hole that the next entry's offset leaves.
    MemoryOutput header;
    TarWriter(header).begin(blob_entry(digest, size));
    OffsetOutput place(archive_.file_.file(), archive_.file_.path(), begin_);
    place.write(as_bytes(header.text()));
    if (!size_)
      archive_.end_ = begin_ + header_ + tar_padded(size);
  }

private:
  ArchiveFile &archive_;
  std::optional<std::uint64_t> size_;
  std::uint64_t begin_;
  std::uint64_t header_;
  OffsetOutput body_;
};

ArchiveFile::ArchiveFile(const std::string &path, const Monitor &monitor)
    : monitor_(monitor), file_(path) {
  OffsetOutput start(file_.file(), file_.path(), 0);
  TarWriter writer(start);
  write_archive_directories(writer);
  end_ = start.offset();
}

std::unique_ptr<BlobOutput>
ArchiveFile::begin_blob(const BlobExpectation &expectation) {
  return std::make_unique<Blob>(*this, expectation.size);
}

std::uint64_t ArchiveFile::largest_unexpected() const { return largest_plain; }

void ArchiveFile::finish(const ImageDocuments &documents) {
  OffsetOutput rest(file_.file(), file_.path(), end_);
  BufferedOutput buffered(rest);
  {
    TarWriter writer(buffered);
    write_archive_members(documents, writer);
  }
  buffered.flush();
  file_.close();
  monitor_.checkpoint();
  file_.commit();
}

} // namespace strata
