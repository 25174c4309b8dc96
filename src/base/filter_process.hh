// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: another program as a filter: it gets bytes on its standard input
// and writes what it makes of them to a file.
// Errors: a program that cannot be started, that ends with another status than
// 0, or that does not read all, is an Error that names it.
// Threads: one object belongs to one thread at a time.

#ifndef STRATA_BASE_FILTER_PROCESS_HH
#define STRATA_BASE_FILTER_PROCESS_HH

#include "base/file.hh"
#include "base/output.hh"

#include <sys/types.h>

#include <string>
#include <vector>

namespace strata {

class FilterProcess : public ByteOutput {
public:
  /// Starts COMMAND (program and arguments; looked for in PATH) with OUTPUT as
  /// its standard output.  MONITOR can cancel while the program is busy.
  FilterProcess(const std::vector<std::string> &command,
                const FileDescriptor &output, const Monitor &monitor);
  FilterProcess(const FilterProcess &) = delete;
  FilterProcess &operator=(const FilterProcess &) = delete;
  /// Kills the program unless finish() was called.
  ~FilterProcess() override;

  void write(Bytes bytes) override;

  /// Ends its input and waits for its end.
  void finish();

private:
  std::string name_;
  const Monitor &monitor_;
  FileDescriptor input_; // our end of its standard input
  pid_t process_ = -1;
};

} // namespace strata

#endif
