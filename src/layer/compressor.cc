// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/compressor.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/dense.hh"

#include <bzlib.h>
#include <libdeflate.h>
#include <lzlib.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cstdint>
#include <span>

namespace strata {

namespace {

// NO_MEMORY is the code by which the library says that.
[[noreturn]] void fail(const char *tool, int code, int no_memory) {
  if (code == no_memory)
    throw std::bad_alloc();
  throw Error(format(_("cannot compress with %s"), tool),
              format(_("its library reports error %d"), code));
}

class GzipCompressor : public Compressor {
public:
  explicit GzipCompressor(int level) : level_(level) {}

  std::size_t block_size() const override { return 1 << 20; }

  std::vector<std::byte> compress(Bytes block) const override {
    if (is_dense(block))
      return compress(block, stored);
    auto result = compress(block, level_);
    return result.size() < block.size() ? result : compress(block, stored);
  }

  std::string version() const override { return LIBDEFLATE_VERSION_STRING; }

private:
  // A state is made anew each time: keeping it saves nothing (measured).
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

  // Whether BLOCK would shrink by less than 2 %, as samples of it tell.
  static bool is_dense(Bytes block) {
    auto samples = dense_samples(block);
    return !samples.empty() &&
           compress(samples, fastest).size() > samples.size() / 50 * 49;
  }

  static constexpr int stored = 0, fastest = 1; // levels
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
    if (ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation)
      throw std::bad_alloc();
    if (ZSTD_isError(size))
      throw Error(_("cannot compress with zstd"), ZSTD_getErrorName(size));
    result.resize(size);
    return result;
  }

  std::string version() const override { return ZSTD_versionString(); }

private:
  int level_;
};

// One xz stream a block (the xz file format, section 2).
class XzCompressor : public Compressor {
public:
  explicit XzCompressor(int level) : level_(level) {}

  std::size_t block_size() const override { return 8 << 20; }

  std::vector<std::byte> compress(Bytes block) const override {
    std::vector<std::byte> result(lzma_stream_buffer_bound(block.size()));
    std::size_t size = 0;
    lzma_options_lzma options = options_for(block.size());
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options},
                             {LZMA_VLI_UNKNOWN, nullptr}};
    lzma_ret code = lzma_stream_buffer_encode(
        filters, LZMA_CHECK_CRC64, nullptr,
        reinterpret_cast<const std::uint8_t *>(block.data()), block.size(),
        reinterpret_cast<std::uint8_t *>(result.data()), &size, result.size());
    if (code != LZMA_OK)
      fail("xz", code, LZMA_MEM_ERROR);
    result.resize(size);
    return result;
  }

  std::string version() const override { return lzma_version_string(); }

private:
  // Those of the level, whose dictionary may be larger than any block, and
  // costs tenfold memory.
  lzma_options_lzma options_for(std::size_t size) const {
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, level_))
      fail("xz", LZMA_OPTIONS_ERROR, LZMA_MEM_ERROR);
    options.dict_size = std::min(
        options.dict_size, std::max<std::uint32_t>(size, LZMA_DICT_SIZE_MIN));
    return options;
  }

  int level_;
};

// One bzip2 stream a block.
class Bzip2Compressor : public Compressor {
public:
  explicit Bzip2Compressor(int level) : level_(level) {}

  // A multiple of what bzip2 sorts at a time.
  std::size_t block_size() const override { return 900000UL * 4; }

  std::vector<std::byte> compress(Bytes block) const override {
    // The bound that the manual gives: 1 % more and 600 bytes.
    std::vector<std::byte> result(block.size() + block.size() / 100 + 600);
    auto size = static_cast<unsigned>(result.size());
    // bzip2 does not write to its input, though it is not const there.
    auto *input =
        const_cast<char *>(reinterpret_cast<const char *>(block.data()));
    int code = BZ2_bzBuffToBuffCompress(
        reinterpret_cast<char *>(result.data()), &size, input,
        static_cast<unsigned>(block.size()), level_, 0, 0);
    if (code != BZ_OK)
      fail("bzip2", code, BZ_MEM_ERROR);
    result.resize(size);
    return result;
  }

  std::string version() const override { return BZ2_bzlibVersion(); }

private:
  int level_;
};

// One lzip member a block.
class LzipCompressor : public Compressor {
public:
  explicit LzipCompressor(int level) : parameters_(of_level(level)) {}

  std::size_t block_size() const override { return 8 << 20; }

  std::vector<std::byte> compress(Bytes block) const override {
    int dictionary = std::min<int>(parameters_.dictionary_size,
                                   std::max<int>(static_cast<int>(block.size()),
                                                 LZ_min_dictionary_size()));
    std::unique_ptr<LZ_Encoder, decltype(&LZ_compress_close)> encoder(
        LZ_compress_open(dictionary, parameters_.match_length_limit,
                         UINT64_MAX / 2),
        &LZ_compress_close);
    if (!encoder)
      throw std::bad_alloc();
    auto failed = [&] {
      fail("lzip", LZ_compress_errno(encoder.get()), LZ_mem_error);
    };
    if (LZ_compress_errno(encoder.get()) != LZ_ok)
      failed();
    std::vector<std::byte> result;
    std::vector<std::uint8_t> buffer(64 << 10);
    auto *input = reinterpret_cast<const std::uint8_t *>(block.data());
    std::size_t given = 0;
    while (LZ_compress_finished(encoder.get()) != 1) {
      int taken = LZ_compress_write(encoder.get(), input + given,
                                    static_cast<int>(block.size() - given));
      given += std::max(taken, 0);
      if (given == block.size())
        LZ_compress_finish(encoder.get());
      int got = LZ_compress_read(encoder.get(), buffer.data(),
                                 static_cast<int>(buffer.size()));
      if (taken < 0 || got < 0)
        failed();
      Bytes piece = std::as_bytes(std::span(buffer)).first(got);
      result.insert(result.end(), piece.begin(), piece.end());
    }
    return result;
  }

  std::string version() const override { return LZ_version(); }

private:
  struct Parameters {
    int dictionary_size;
    int match_length_limit;
  };

  // The dictionary sizes (bytes) and match lengths of lzip's levels, as its
  // manual lists them.
  static Parameters of_level(int level) {
    static constexpr Parameters levels[] = {
        {65535, 16},    {1 << 20, 5},  {3 << 19, 6},  {1 << 21, 8},
        {3 << 20, 12},  {1 << 22, 20}, {1 << 23, 36}, {1 << 24, 68},
        {3 << 23, 132}, {1 << 25, 273}};
    return levels[level];
  }

  Parameters parameters_;
};

} // namespace

std::unique_ptr<Compressor> make_compressor(const Compression &compression) {
  switch (compression.tool) {
  case Compression::Tool::zstd:
    return std::make_unique<ZstdCompressor>(compression.level);
  case Compression::Tool::xz:
    return std::make_unique<XzCompressor>(compression.level);
  case Compression::Tool::bzip2:
    return std::make_unique<Bzip2Compressor>(compression.level);
  case Compression::Tool::lzip:
    return std::make_unique<LzipCompressor>(compression.level);
  case Compression::Tool::gzip:
  case Compression::Tool::none:
    break;
  }
  return std::make_unique<GzipCompressor>(compression.level);
}

std::string_view media_type_suffix(Compression::Tool tool) {
  switch (tool) {
  case Compression::Tool::gzip:
    return "+gzip";
  case Compression::Tool::zstd:
    return "+zstd";
  default:
    return "";
  }
}

} // namespace strata
