// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/reference_scanner.hh"

#include "base/file.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <array>

// A hash is 32 digits of base 32.  As in the search of Boyer and Moore, a
// window of 32 bytes is read from its end: the first byte that is no digit
// lets the window jump behind it, so that most bytes are never looked at.

namespace strata {

namespace {

constexpr std::size_t window = item_hash_length;

// Long rows of digits (hexadecimal dumps) give a window at every byte.  Most
// of those are told from hashes by a bit for their first four digits.
constexpr std::size_t start_length = 4;

// The value of every byte as a digit, or 255.
constexpr auto digit_values = [] {
  std::array<unsigned char, 256> values{};
  values.fill(255);
  unsigned char next = 0;
  for (unsigned char c : std::string_view("0123456789abcdfghijklmnpqrsvwxyz"))
    values[c] = next++;
  return values;
}();

unsigned value(char c) { return digit_values[static_cast<unsigned char>(c)]; }

std::size_t start_of(std::string_view hash) {
  std::size_t result = 0;
  for (char c : hash.substr(0, start_length))
    result = result << 5 | value(c);
  return result;
}

} // namespace

ReferenceScanner::ReferenceScanner(std::vector<std::string> paths)
    : paths_(std::move(paths)), starts_(std::size_t(1) << (5 * start_length)) {
  std::sort(paths_.begin(), paths_.end());
  candidates_.reserve(paths_.size());
  for (const std::string &path : paths_) {
    candidates_.push_back({base_name(path).substr(0, window)});
    starts_[start_of(candidates_.back().hash)] = true;
  }
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](auto &a, auto &b) { return a.hash < b.hash; });
}

// A hash may begin in one block and end in the next: the last 31 bytes are
// kept, and scanned together with the first 31 that follow.
void ReferenceScanner::write(Bytes bytes) {
  std::string_view text = as_text(bytes);
  carry_ += text.substr(0, window - 1);
  scan(carry_);
  if (text.size() >= window) {
    scan(text);
    carry_ = text.substr(text.size() - (window - 1));
  } else if (carry_.size() >= window) {
    carry_.erase(0, carry_.size() - (window - 1));
  }
}

void ReferenceScanner::scan(std::string_view text) {
  std::size_t known = 0; // digits that the window is known to begin with
  for (std::size_t i = 0; i + window <= text.size();) {
    std::size_t end = window;
    while (end > known && value(text[i + end - 1]) < 32)
      --end;
    if (end > known) {
      known = window - end;
      i += end;
    } else {
      look_up(text.substr(i, window));
      known = window - 1;
      ++i;
    }
  }
}

void ReferenceScanner::look_up(std::string_view hash) {
  if (!starts_[start_of(hash)])
    return;
  auto candidate = std::lower_bound(
      candidates_.begin(), candidates_.end(), hash,
      [](const Candidate &c, std::string_view h) { return c.hash < h; });
  for (; candidate != candidates_.end() && candidate->hash == hash; ++candidate)
    candidate->found = true;
}

std::vector<std::string> ReferenceScanner::found() const {
  std::vector<std::string> result;
  for (const std::string &path : paths_) {
    std::string_view hash = base_name(path).substr(0, window);
    auto candidate = std::lower_bound(
        candidates_.begin(), candidates_.end(), hash,
        [](const Candidate &c, std::string_view h) { return c.hash < h; });
    if (candidate->found)
      result.push_back(path);
  }
  return result;
}

} // namespace strata
