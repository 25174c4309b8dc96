// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: compresses blocks: each becomes one gzip member or zstd frame;
// joined in order they are one valid stream (RFC 1952, section 2.2; RFC 8878,
// section 3).
// Format: DESIGN, section 4.  gzip: 1 MiB blocks, mtime 0, OS 255, no name;
// zstd: 4 MiB blocks.  A block that does not shrink is stored.  Measured on
// store data: members of 1 MiB at libdeflate's level 6 are smaller than one
// stream of `gzip -9`, and frames of 4 MiB cost zstd -3 0.2 to 2 %.
// Threads: a Compressor may be used by several threads at once.

#ifndef STRATA_LAYER_COMPRESSOR_HH
#define STRATA_LAYER_COMPRESSOR_HH

#include "base/output.hh"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// How layers are compressed: the value of `-C TOOL[:LEVEL]`.
struct Compression {
  enum class Tool { none, gzip, zstd };
  Tool tool = Tool::gzip;
  int level = 6;

  /// Throws Error for an unknown tool or a level that it does not have.
  static Compression parse(std::string_view text);
};

class Compressor {
public:
  virtual ~Compressor() = default;

  /// The plain bytes of a full block.
  virtual std::size_t block_size() const = 0;

  /// BLOCK, which has 1 to block_size() bytes, compressed.
  virtual std::vector<std::byte> compress(Bytes block) const = 0;
};

/// REQUIRES: compression.tool is not none.
std::unique_ptr<Compressor> make_compressor(const Compression &compression);

/// The suffix of the OCI media type of a layer: "", "+gzip" or "+zstd"
/// (image-spec, layer.md).
std::string_view media_type_suffix(Compression::Tool tool);

} // namespace strata

#endif
