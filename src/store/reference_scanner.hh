// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: which items a stream of bytes refers to: those whose hash is
// somewhere in it.
// Threads: an object belongs to one thread at a time.

#ifndef STRATA_STORE_REFERENCE_SCANNER_HH
#define STRATA_STORE_REFERENCE_SCANNER_HH

#include "base/output.hh"

#include <string>
#include <string_view>
#include <vector>

namespace strata {

class ReferenceScanner : public ByteOutput {
public:
  /// PATHS: store paths to look for.
  explicit ReferenceScanner(std::vector<std::string> paths);
  ReferenceScanner(const ReferenceScanner &) = delete;
  ReferenceScanner &operator=(const ReferenceScanner &) = delete;

  void write(Bytes bytes) override;

  /// The paths whose hash was in what was written, bytewise sorted.
  std::vector<std::string> found() const;

private:
  struct Candidate {
    std::string_view hash; // into paths_
    bool found = false;
  };

  void scan(std::string_view text);
  void look_up(std::string_view hash);

  std::vector<std::string> paths_;    // sorted
  std::vector<Candidate> candidates_; // sorted by hash
  std::vector<bool> starts_; // whether a hash may begin with these digits
  std::string carry_;        // the end of the last block
};

} // namespace strata

#endif
