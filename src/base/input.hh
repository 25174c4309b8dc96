// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where bytes come from when the reader asks for them.
// Threads: one input belongs to one thread at a time.

#ifndef STRATA_BASE_INPUT_HH
#define STRATA_BASE_INPUT_HH

#include "base/file.hh"
#include "base/sha256.hh"

#include <cstdint>
#include <span>
#include <string>

namespace strata {

/// A place that gives bytes in order.
class ByteInput {
public:
  virtual ~ByteInput() = default;

  /// Fills the start of BUFFER and returns how many bytes came; 0 at the end
  /// only.  Throws Error.
  virtual std::size_t read(std::span<std::byte> buffer) = 0;

  /// Passes over COUNT bytes or less without reading them, where that can be
  /// done, and returns how many.
  virtual std::uint64_t skip(std::uint64_t count) {
    static_cast<void>(count);
    return 0;
  }
};

/// Reads a file from its start, or a pipe, until MONITOR cancels.
class FileInput : public ByteInput {
public:
  FileInput(const std::string &path, const Monitor &monitor)
      : file_(open_file(path)), path_(path), monitor_(monitor) {}
  std::size_t read(std::span<std::byte> buffer) override;
  std::uint64_t skip(std::uint64_t count) override;

private:
  FileDescriptor file_;
  std::string path_;
  const Monitor &monitor_;
};

/// Passes another input on until MONITOR cancels, however much a small file
/// becomes.
class CheckedInput : public ByteInput {
public:
  /// COUNTS: whether what comes is progress.
  CheckedInput(ByteInput &next, bool counts, Monitor &monitor)
      : next_(next), counts_(counts), monitor_(monitor) {}
  std::size_t read(std::span<std::byte> buffer) override;
  std::uint64_t skip(std::uint64_t count) override;

private:
  ByteInput &next_;
  bool counts_;
  Monitor &monitor_;
};

/// Hashes and counts what passes from another input.
class HashedInput : public ByteInput {
public:
  explicit HashedInput(ByteInput &next) : next_(next) {}
  std::size_t read(std::span<std::byte> buffer) override;

  /// Reads the rest and forgets it, until MONITOR cancels.
  void drain(const Monitor &monitor);

  std::uint64_t size() const { return size_; }
  /// REQUIRES: called once, last.
  Digest finish() { return hash_.finish(); }

private:
  ByteInput &next_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

} // namespace strata

#endif
