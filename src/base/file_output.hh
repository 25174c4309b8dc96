// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: writing to files, pipes and sockets.
// Errors: an Error names the file and the system's reason.
// Threads: an object belongs to one thread at a time, but OffsetOutputs on one
// descriptor may write side by side.

#ifndef STRATA_BASE_FILE_OUTPUT_HH
#define STRATA_BASE_FILE_OUTPUT_HH

#include "base/file.hh"
#include "base/monitor.hh"
#include "base/output.hh"

#include <cstdint>
#include <string>
#include <utility>

namespace strata {

/// Writes to a descriptor in order.  The descriptor must outlive it.
class FileOutput : public ByteOutput {
public:
  FileOutput(const FileDescriptor &file, std::string name)
      : file_(file), name_(std::move(name)) {}
  void write(Bytes bytes) override;

private:
  const FileDescriptor &file_;
  std::string name_;
};

/// Writes in order to what may be full for long: a pipe, a FIFO, a socket.
/// While it waits it looks every 100 ms whether MONITOR cancels.  The
/// descriptor should be non-blocking; else a cancel is seen between writes.
class StreamOutput : public ByteOutput {
public:
  /// STANDARD: whether FILE is standard output, of which EPIPE is a BrokenPipe.
  /// REQUIRES: SIGPIPE is ignored where EPIPE shall be seen.
  StreamOutput(const FileDescriptor &file, std::string name,
               const Monitor &monitor, bool standard = false)
      : file_(file), name_(std::move(name)), monitor_(monitor),
        standard_(standard) {}
  void write(Bytes bytes) override;

private:
  const FileDescriptor &file_;
  std::string name_;
  const Monitor &monitor_;
  bool standard_;
};

/// Opens the FIFO or device PATH for writing, non-blocking; waits for a reader
/// of a FIFO until MONITOR cancels.
FileDescriptor open_stream(const std::string &path, const Monitor &monitor);

/// Standard output as a descriptor of its own, non-blocking where it is a pipe.
FileDescriptor open_standard_output();

/// Makes FILE block again, for another program that does not expect less.
void make_blocking(const FileDescriptor &file);

/// Writes to a descriptor from an offset on; leaves its position alone.
class OffsetOutput : public ByteOutput {
public:
  OffsetOutput(const FileDescriptor &file, std::string name,
               std::uint64_t offset)
      : file_(file), name_(std::move(name)), offset_(offset) {}
  /// For FILE of unnamed_file().
  OffsetOutput(const FileDescriptor &file, std::uint64_t offset)
      : file_(file), offset_(offset) {}
  void write(Bytes bytes) override;
  std::uint64_t offset() const { return offset_; }

  /// COUNT bytes are there already.
  void skip(std::uint64_t count) { offset_ += count; }

private:
  const FileDescriptor &file_;
  std::string name_; // empty: it has none
  std::uint64_t offset_;
};

} // namespace strata

#endif
