// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where bytes come from when the reader asks for them.
// Threads: one input belongs to one thread at a time.

#ifndef STRATA_BASE_INPUT_HH
#define STRATA_BASE_INPUT_HH

#include "base/file.hh"
#include "base/sha256.hh"

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
};

/// Reads a file from its start, or a pipe.
class FileInput : public ByteInput {
public:
  explicit FileInput(const std::string &path)
      : file_(open_file(path)), path_(path) {}
  std::size_t read(std::span<std::byte> buffer) override;

private:
  FileDescriptor file_;
  std::string path_;
};

/// Hashes and counts what passes from another input.
class HashedInput : public ByteInput {
public:
  explicit HashedInput(ByteInput &next) : next_(next) {}
  std::size_t read(std::span<std::byte> buffer) override;

  /// Reads the rest and forgets it.
  void drain();

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
