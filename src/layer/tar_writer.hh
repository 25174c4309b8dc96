// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: writes tar (POSIX.1-2017, pax, "ustar Interchange Format") through
// libarchive, the same bytes in every locale.
// Format: DESIGN, section 4.  An entry is a plain ustar header unless its name,
// link or size needs pax records.  An entry whose name or link is not ASCII
// goes through a second libarchive writer on the same output, set to
// hdrcharset=BINARY: libarchive would otherwise translate names by the locale,
// and the option would put a pax header on every entry.
// Threads: a TarWriter belongs to one thread at a time.

#ifndef STRATA_LAYER_TAR_WRITER_HH
#define STRATA_LAYER_TAR_WRITER_HH

#include "layer/entry_style.hh"

#include <memory>
#include <string>

namespace strata {

struct TarEntry {
  std::string path; // relative; a directory's ends in "/"
  Kind kind = Kind::file;
  Attributes attributes;
  std::uint64_t size = 0; // bytes of a file
  std::string target;     // of a symlink
  EntryStyle style;       // time and names
};

class TarWriter : public ByteOutput {
public:
  /// OUTPUT gets each header and each piece of a body as it comes.
  explicit TarWriter(ByteOutput &output);
  ~TarWriter() override;

  /// Writes the header of ENTRY.  REQUIRES: the body of the entry
  /// before is complete.
  void begin(const TarEntry &entry);

  /// Writes a piece of the entry's body.
  void write(Bytes bytes) override;

  /// Ends the body with zeros up to a multiple of 512.  A body that is not
  /// complete is filled with zeros.
  void end_entry();

  /// The end of the archive: two blocks of zeros.
  void finish();

private:
  class Archive;
  std::unique_ptr<Archive> ascii_;
  std::unique_ptr<Archive> binary_; // made for the first entry that needs it
  Archive *current_ = nullptr;
  ByteOutput &output_;
};

/// Tells how large headers are, pax records included, as libarchive makes them.
class TarHeaderSizes {
public:
  TarHeaderSizes();
  std::uint64_t of(const TarEntry &entry);

private:
  CountingOutput count_;
  TarWriter writer_;
};

/// What a body of SIZE bytes takes in a tar.
constexpr std::uint64_t tar_padded(std::uint64_t size) {
  return (size + 511) / 512 * 512;
}

/// What the end of a tar takes.
constexpr std::uint64_t tar_end_size = 1024;

} // namespace strata

#endif
