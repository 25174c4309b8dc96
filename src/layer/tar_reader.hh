// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: reads tar archives and compressed streams, which may be hostile,
// through libarchive.
// Errors: what cannot be read throws Error with libarchive's reason.

#ifndef STRATA_LAYER_TAR_READER_HH
#define STRATA_LAYER_TAR_READER_HH

#include "base/input.hh"

#include <memory>
#include <optional>
#include <string>

namespace strata {

/// One entry of a tar.
struct TarMember {
  enum class Type { file, directory, symlink, hard_link, other };
  std::string path;
  Type type = Type::file;
  std::uint64_t size = 0; // bytes of a file
  std::string target;     // of a symlink or hard link
};

/// Reads the entries of a plain tar one after another.  The object itself is
/// the body of the current entry.  A sparse file that is larger than the tar is
/// an Error: its holes may be larger than all disks.
class TarReader : public ByteInput {
public:
  /// INPUT must outlive the reader.
  explicit TarReader(ByteInput &input);
  ~TarReader() override;

  /// The next entry, or nothing at the end.
  std::optional<TarMember> next();

  std::size_t read(std::span<std::byte> buffer) override;

private:
  class Archive;
  std::unique_ptr<Archive> archive_;
  std::string path_;        // of the current entry
  std::uint64_t given_ = 0; // bytes of all bodies
};

/// The plain bytes of an input that may be compressed by gzip, bzip2, xz, lzip
/// or zstd (one after another stream of the same kind included).  One that is
/// compressed once more inside is an Error: engines decompress once.
class PlainInput : public ByteInput {
public:
  /// INPUT must outlive this.
  explicit PlainInput(ByteInput &input);
  ~PlainInput() override;

  std::size_t read(std::span<std::byte> buffer) override;

  /// "none", or the name of the compressor.
  std::string compressor() const;

private:
  class Archive;
  std::unique_ptr<Archive> archive_;
  bool empty_ = false;
};

} // namespace strata

#endif
