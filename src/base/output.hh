// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where bytes go.  Whatever makes bytes (tar, NAR, JSON, compressed
// blocks) writes to a ByteOutput and does not know what is behind it.
// Threads: one output belongs to one thread at a time.

#ifndef STRATA_BASE_OUTPUT_HH
#define STRATA_BASE_OUTPUT_HH

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

using Bytes = std::span<const std::byte>;

/// TEXT seen as bytes; it must outlive the result.
inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// BYTES seen as text; they must outlive the result.
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// A place that takes bytes in order.
class ByteOutput {
public:
  virtual ~ByteOutput() = default;

  /// Takes all of BYTES or throws.
  virtual void write(Bytes bytes) = 0;
};

/// Counts bytes and drops them.
class CountingOutput : public ByteOutput {
public:
  void write(Bytes bytes) override { count_ += bytes.size(); }
  std::uint64_t count() const { return count_; }

private:
  std::uint64_t count_ = 0;
};

/// Keeps bytes in memory.
class MemoryOutput : public ByteOutput {
public:
  void write(Bytes bytes) override { text_ += as_text(bytes); }
  const std::string &text() const { return text_; }

private:
  std::string text_;
};

/// Gives the same bytes to two outputs, in that order.
class TeeOutput : public ByteOutput {
public:
  TeeOutput(ByteOutput &first, ByteOutput &second)
      : first_(first), second_(second) {}
  void write(Bytes bytes) override {
    first_.write(bytes);
    second_.write(bytes);
  }

private:
  ByteOutput &first_;
  ByteOutput &second_;
};

/// Gathers small writes into blocks of SIZE bytes; larger writes pass through
/// as they are.  REQUIRES: flush() after the last write.
class BufferedOutput : public ByteOutput {
public:
  explicit BufferedOutput(ByteOutput &next, std::size_t size = 256 << 10);
  void write(Bytes bytes) override;
  void flush();

private:
  ByteOutput &next_;
  std::size_t size_;
  std::vector<std::byte> buffer_;
};

} // namespace strata

#endif
