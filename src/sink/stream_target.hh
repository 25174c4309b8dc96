// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where the bytes of a stream end up: standard output, a FIFO or a
// device, or a new file; on their way a compressor may take all of them.

#ifndef STRATA_SINK_STREAM_TARGET_HH
#define STRATA_SINK_STREAM_TARGET_HH

#include "base/monitor.hh"
#include "base/output.hh"
#include "layer/compressor.hh"

#include <memory>
#include <string>
#include <vector>

namespace strata {

/// How a whole archive is compressed.
struct ArchiveCompression {
  Compression tool{Compression::Tool::none, 0};
  std::vector<std::string> command; // a filter to run instead; empty: none

  bool none() const {
    return tool.tool == Compression::Tool::none && command.empty();
  }
};

class StreamTarget : public ByteOutput {
public:
  /// All was written.  What can go wrong with it does so now at the latest, and
  /// now is the last moment to cancel.
  virtual void close() = 0;

  /// A file gets its name.  REQUIRES: close() came before.
  virtual void commit() = 0;

  void finish() {
    close();
    commit();
  }
};

/// The target for the output PATH: "-" for standard output; what exists and is
/// no regular file is written to as it is; all else is a new file.  MONITOR,
/// which must outlive the target, can cancel while a reader is slow.
std::unique_ptr<StreamTarget>
make_stream_target(const std::string &path,
                   const ArchiveCompression &compression, unsigned jobs,
                   const Monitor &monitor);

/// Whether PATH ("-", or a name) must be written from the front to the end.
bool is_stream(const std::string &path);

} // namespace strata

#endif
