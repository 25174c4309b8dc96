// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: libarchive's reader over a ByteInput; the part that TarReader and
// PlainInput share.

#ifndef STRATA_LAYER_ARCHIVE_INPUT_HH
#define STRATA_LAYER_ARCHIVE_INPUT_HH

#include "base/input.hh"

#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <exception>
#include <memory>

namespace strata {

class ArchiveInput {
public:
  explicit ArchiveInput(ByteInput &input);

  archive *get() const { return handle_.get(); }

  /// After formats and filters were chosen.
  void open();

  /// The next header, or null at the end.
  archive_entry *next_header();

  /// A piece of the current body.
  std::size_t read(std::span<std::byte> buffer);

  /// How many bytes of the input libarchive has taken, or passed over.
  std::uint64_t taken() const { return taken_; }

  /// Throws what the input threw, or libarchive's own reason, unless RESULT
  /// is ARCHIVE_OK.  Warnings are about what we do not use: attributes and
  /// names that the locale cannot show.
  void check(la_ssize_t result);

private:
  struct Free {
    void operator()(archive *handle) const { archive_read_free(handle); }
  };
  static la_ssize_t give(archive *, void *self, const void **data) noexcept;
  static la_int64_t skip(archive *, void *self, la_int64_t count) noexcept;

  ByteInput &input_;
  std::unique_ptr<std::byte[]> buffer_;
  std::uint64_t taken_ = 0;
  std::exception_ptr failure_;
  std::unique_ptr<archive, Free> handle_;
};

} // namespace strata

#endif
