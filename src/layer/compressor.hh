// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: compresses blocks: each becomes one gzip or lzip member, zstd frame,
// xz or bzip2 stream; joined in order they are one valid file (RFC 1952,
// section 2.2; RFC 8878, section 3; the xz file format, section 2; bzip2 and
// lzip manuals).
// Format: DESIGN, section 4, for layers.  gzip: 1 MiB blocks, mtime 0, OS 255,
// no name; zstd: 4 MiB blocks.  A block that does not shrink is stored.
// Measured on store data: members of 1 MiB at libdeflate's level 6 are smaller
// than one stream of `gzip -9`, and frames of 4 MiB cost zstd -3 0.2 to 2 %.
// Threads: a Compressor may be used by several threads at once.

#ifndef STRATA_LAYER_COMPRESSOR_HH
#define STRATA_LAYER_COMPRESSOR_HH

#include "base/output.hh"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// How bytes are compressed: the value of `-C TOOL[:LEVEL]`.
struct Compression {
  enum class Tool { none, gzip, zstd, xz, bzip2, lzip };
  Tool tool = Tool::gzip;
  int level = 6;

  /// Throws Error for an unknown tool or a level that it does not have.
  static Compression parse(std::string_view text);

  /// The compression that the program and flags COMMAND stand for, such as
  /// ("gzip" "-9n") or ("/bin/zstd" "-3"); nothing if the program or one of
  /// the flags is not known to change nothing else than the level.
  static std::optional<Compression>
  of_command(const std::vector<std::string> &command);

  /// Whether layers can be compressed like this: the others have no OCI media
  /// type.
  bool has_layer_type() const {
    return tool == Tool::none || tool == Tool::gzip || tool == Tool::zstd;
  }
};

class Compressor {
public:
  virtual ~Compressor() = default;

  /// The plain bytes of a full block.
  virtual std::size_t block_size() const = 0;

  /// BLOCK, which has 1 to block_size() bytes, compressed.
  virtual std::vector<std::byte> compress(Bytes block) const = 0;

  /// The version of the library behind it.
  virtual std::string version() const = 0;
};

/// REQUIRES: compression.tool is not none.
std::unique_ptr<Compressor> make_compressor(const Compression &compression);

/// The suffix of the OCI media type of a layer: "", "+gzip" or "+zstd"
/// (image-spec, layer.md).  REQUIRES: has_layer_type().
std::string_view media_type_suffix(Compression::Tool tool);

} // namespace strata

#endif
