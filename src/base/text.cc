// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/text.hh"

#include <libintl.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>

namespace strata {

const char *_(const char *text) { return dgettext("strata", text); }

const char *plural(const char *one, const char *many, std::uint64_t count) {
  return dngettext("strata", one, many, count);
}

std::string format(const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  int size = vsnprintf(nullptr, 0, pattern, arguments);
  va_end(arguments);
  std::string result(size < 0 ? 0 : size, '\0');
  vsnprintf(result.data(), result.size() + 1, pattern, again);
  va_end(again);
  return result;
}

namespace {

// The length of the UTF-8 sequence at the start of TEXT, or 0 if there is no
// valid one: overlong forms, surrogates and code points above U+10FFFF are
// not valid (RFC 3629, section 4).
std::size_t utf8_sequence(std::string_view text) {
  auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  unsigned first = byte(0), second = byte(1);
  if (first < 0x80)
    return 1;
  if (first >= 0xC2 && first <= 0xDF)
    return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    bool overlong = first == 0xE0 && second < 0xA0;
    bool surrogate = first == 0xED && second >= 0xA0;
    return tail(1) && tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    bool overlong = first == 0xF0 && second < 0x90;
    bool too_high = first == 0xF4 && second >= 0x90;
    return tail(1) && tail(2) && tail(3) && !overlong && !too_high ? 4 : 0;
  }
  return 0;
}

} // namespace

std::string printable(std::string_view name) {
  std::string result;
  while (!name.empty()) {
    unsigned char first = name[0];
    std::size_t length = utf8_sequence(name);
    // U+0080 to U+009F are control characters too.
    bool control = first < 0x20 || first == 0x7F ||
                   (first == 0xC2 && length == 2 &&
                    static_cast<unsigned char>(name[1]) < 0xA0);
    if (length == 0 || control) {
      for (std::size_t i = 0; i < std::max<std::size_t>(length, 1); ++i)
        result += format("\\%03o", static_cast<unsigned char>(name[i]));
    } else {
      result += name.substr(0, length);
    }
    name.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::uint64_t order_key(std::string_view text) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i)
    key =
        key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return key;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    std::size_t length = utf8_sequence(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

} // namespace strata
