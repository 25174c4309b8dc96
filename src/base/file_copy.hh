// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: copies between files that need not pass through the process
// (copy_file_range(2)); file systems that can share blocks do so.

#ifndef STRATA_BASE_FILE_COPY_HH
#define STRATA_BASE_FILE_COPY_HH

#include "base/file.hh"
#include "base/output.hh"

namespace strata {

/// A part of a file that is to be copied.
struct FileRange {
  const FileDescriptor &file;
  std::string name;
  std::uint64_t size; // bytes from its start
};

/// Writes RANGE to FILE, called NAME, at OFFSET.  Throws Error, also if RANGE
/// has fewer bytes; MONITOR can cancel.
void copy_to_file(const FileRange &range, const FileDescriptor &file,
                  const std::string &name, std::uint64_t offset,
                  const Monitor &monitor);

/// Writes RANGE to OUTPUT, which may be anything.
void copy_to_output(const FileRange &range, ByteOutput &output,
                    const Monitor &monitor);

} // namespace strata

#endif
