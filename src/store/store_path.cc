// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/store_path.hh"

#include "base/file.hh"

#include <algorithm>

namespace strata {

namespace {

constexpr std::string_view base_32 = "0123456789abcdfghijklmnpqrsvwxyz";
constexpr std::size_t longest_name = 211;
constexpr std::size_t path_hash_size = 20; // bytes

// Digits go from the last bits of the last byte to the first bits of the
// first: digit N, counted from the right, holds the bits 5N to 5N+4.
std::string to_base_32(const std::uint8_t *bytes, std::size_t size) {
  std::string result;
  for (std::size_t n = (size * 8 + 4) / 5; n-- > 0;) {
    std::size_t byte = n * 5 / 8, bit = n * 5 % 8;
    unsigned digit = bytes[byte] >> bit;
    if (byte + 1 < size)
      digit |= static_cast<unsigned>(bytes[byte + 1]) << (8 - bit);
    result += base_32[digit & 31];
  }
  return result;
}

std::optional<Digest> digest_from_base_32(std::string_view text) {
  Digest result;
  if (text.size() != (result.bytes.size() * 8 + 4) / 5)
    return {};
  for (std::size_t n = 0; n < text.size(); ++n) {
    std::size_t digit = base_32.find(text[text.size() - 1 - n]);
    if (digit == std::string_view::npos)
      return {};
    std::size_t byte = n * 5 / 8, bit = n * 5 % 8;
    result.bytes[byte] |= static_cast<std::uint8_t>(digit << bit);
    std::size_t rest = digit >> (8 - bit);
    if (byte + 1 < result.bytes.size())
      result.bytes[byte + 1] |= static_cast<std::uint8_t>(rest);
    else if (rest != 0)
      return {};
  }
  return result;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '+' || c == '.' || c == '_' ||
         c == '?' || c == '=' || c == '-';
}

} // namespace

bool is_item_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), is_name_character);
}

bool is_item_base_name(std::string_view base) {
  return base.size() > item_hash_length && base[item_hash_length] == '-' &&
         base.find_first_not_of(base_32) == item_hash_length &&
         is_item_name(base.substr(item_hash_length + 1));
}

bool is_item_path(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/' &&
         is_item_base_name(path.substr(directory.size() + 1));
}

std::string_view item_name(std::string_view path) {
  std::string_view base = base_name(path);
  return base.substr(std::min(base.size(), item_hash_length + 1));
}

NameAndVersion split_item_name(std::string_view name) {
  for (std::size_t i = 1; i + 1 < name.size(); ++i)
    if (name[i] == '-' && name[i + 1] >= '0' && name[i + 1] <= '9')
      return {name.substr(0, i), name.substr(i + 1)};
  return {name, {}};
}

std::string source_path(const std::string &directory, std::string_view name,
                        const Digest &nar_hash) {
  std::string suffix(name);
  Digest full = sha256(as_bytes("source:sha256:" + nar_hash.hex() + ":" +
                                directory + ":" + suffix));
  std::array<std::uint8_t, path_hash_size> folded{};
  for (std::size_t i = 0; i < full.bytes.size(); ++i)
    folded[i % path_hash_size] ^= full.bytes[i];
  return directory + "/" + to_base_32(folded.data(), folded.size()) + "-" +
         suffix;
}

std::optional<Digest> parse_nar_hash(std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  if (!text.starts_with(prefix))
    return {};
  text.remove_prefix(prefix.size());
  if (auto digest = Digest::from_hex(text))
    return digest;
  return digest_from_base_32(text);
}

} // namespace strata
