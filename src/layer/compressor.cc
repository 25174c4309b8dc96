// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/compressor.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <libdeflate.h>
#include <zstd.h>

#include <charconv>

namespace strata {

namespace {

class GzipCompressor : public Compressor {
public:
  explicit GzipCompressor(int level) : level_(level) {}

  std::size_t block_size() const override { return 1 << 20; }

  std::vector<std::byte> compress(Bytes block) const override {
    auto result = compress(block, level_);
    return result.size() < block.size() ? result : compress(block, 0);
  }

private:
  static std::vector<std::byte> compress(Bytes block, int level) {
    std::unique_ptr<libdeflate_compressor,
                    decltype(&libdeflate_free_compressor)>
        state(libdeflate_alloc_compressor(level), &libdeflate_free_compressor);
    if (!state)
      throw std::bad_alloc();
    std::vector<std::byte> result(
        libdeflate_gzip_compress_bound(state.get(), block.size()));
    result.resize(libdeflate_gzip_compress(
        state.get(), block.data(), block.size(), result.data(), result.size()));
    return result;
  }

  int level_;
};

class ZstdCompressor : public Compressor {
public:
  explicit ZstdCompressor(int level) : level_(level) {}

  std::size_t block_size() const override { return 4 << 20; }

  // zstd stores a block that does not shrink by itself.
  std::vector<std::byte> compress(Bytes block) const override {
    std::vector<std::byte> result(ZSTD_compressBound(block.size()));
    std::size_t size = ZSTD_compress(result.data(), result.size(), block.data(),
                                     block.size(), level_);
    if (ZSTD_isError(size))
      throw Error(_("cannot compress with zstd"), ZSTD_getErrorName(size));
    result.resize(size);
    return result;
  }

private:
  int level_;
};

struct ToolLevels {
  std::string_view name;
  Compression::Tool tool;
  int least, usual, most;
};

const ToolLevels tools[] = {
    {"none", Compression::Tool::none, 0, 0, 0},
    {"gzip", Compression::Tool::gzip, 1, 6, 12},
    {"zstd", Compression::Tool::zstd, 1, 3, 22},
};

} // namespace

Compression Compression::parse(std::string_view text) {
  std::string_view name = text.substr(0, text.find(':'));
  for (const ToolLevels &known : tools) {
    if (known.name != name)
      continue;
    if (name == text)
      return {known.tool, known.usual};
    std::string_view digits = text.substr(name.size() + 1);
    int level = -1;
    auto end = digits.data() + digits.size();
    auto [rest, problem] = std::from_chars(digits.data(), end, level);
    if (problem != std::errc() || rest != end || level < known.least ||
        level > known.most)
      throw Error(
          format(_("compressor %s has no level '%s'"),
                 std::string(name).c_str(), printable(digits).c_str()),
          {},
          known.least == known.most ? ""
                                    : format(_("its levels are %d to %d"),
                                             known.least, known.most));
    return {known.tool, level};
  }
  throw Error(format(_("unknown compressor '%s'"), printable(name).c_str()), {},
              _("known ones: none, gzip, zstd"));
}

std::unique_ptr<Compressor> make_compressor(const Compression &compression) {
  if (compression.tool == Compression::Tool::zstd)
    return std::make_unique<ZstdCompressor>(compression.level);
  return std::make_unique<GzipCompressor>(compression.level);
}

std::string_view media_type_suffix(Compression::Tool tool) {
  switch (tool) {
  case Compression::Tool::gzip:
    return "+gzip";
  case Compression::Tool::zstd:
    return "+zstd";
  case Compression::Tool::none:
    break;
  }
  return "";
}

} // namespace strata
