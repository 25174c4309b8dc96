// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the fuzzers share: files in memory, and what is right and what
// is not.  Whatever a fuzzer is given, an Error that a user can read is right;
// with STRATA_FUZZ_STRICT in the environment nothing but success is.
// Threads: none.

#ifndef STRATA_TESTS_FUZZ_FUZZ_HH
#define STRATA_TESTS_FUZZ_FUZZ_HH

#include "base/error.hh"
#include "base/file.hh"
#include "base/file_output.hh"
#include "base/text.hh"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace strata::fuzz {

/// Ends the program, so that libFuzzer reports the input, unless CONDITION.
inline void require(bool condition, const char *what) {
  if (condition)
    return;
  std::fprintf(stderr, "wrong: %s\n", what);
  std::abort();
}

/// A file with CONTENT that takes no place on disk.
class MemoryFile {
public:
  explicit MemoryFile(std::string_view content)
      : file_(memfd_create("fuzz", MFD_CLOEXEC)) {
    require(bool(file_), "memfd_create");
    FileOutput(file_, path()).write(as_bytes(content));
  }

  /// Valid while this lives.
  std::string path() const { return format("/proc/self/fd/%d", file_.get()); }

private:
  FileDescriptor file_;
};

/// One line of printable UTF-8.
inline void require_readable(const std::string &message) {
  require(!message.empty() && is_utf8(message), "an error's text");
  require(std::none_of(message.begin(), message.end(),
                       [](unsigned char c) { return c < ' ' || c == 127; }),
          "an error with control characters");
}

/// Runs BODY, which may throw nothing but Error.
template <typename Body>
void run(Body body) {
  try {
    body();
  } catch (const Error &error) {
    if (std::getenv("STRATA_FUZZ_STRICT") != nullptr)
      require(false, error.what());
    require_readable(error.what());
  }
}

inline std::string_view input(const unsigned char *data, std::size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

} // namespace strata::fuzz

#endif
