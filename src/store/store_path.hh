// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: names of store items: <hash>-<name>, where the hash is 32 digits in
// the store's base 32.
// Format: Nix manual, "Store path specification" (protocols/store-path); the
// base-32 alphabet leaves out e, o, u and t.

#ifndef STRATA_STORE_STORE_PATH_HH
#define STRATA_STORE_STORE_PATH_HH

#include "base/sha256.hh"

#include <string>
#include <string_view>

namespace strata {

constexpr std::size_t item_hash_length = 32; // digits

/// Whether NAME is fit for an item: 1 to 211 characters of
/// [a-zA-Z0-9+._?=-], not beginning with a dot.
bool is_item_name(std::string_view name);

/// Whether BASE ("<hash>-<name>", no slash) can be an item.
bool is_item_base_name(std::string_view base);

/// Whether PATH is DIRECTORY/<hash>-<name>.
bool is_item_path(std::string_view path, std::string_view directory);

/// "hello-2.10" for "/gnu/store/<hash>-hello-2.10".
std::string_view item_name(std::string_view path);

/// A package's name and version.
struct NameAndVersion {
  std::string_view name;
  std::string_view version; // empty where there is none
};

/// "hello" and "2.10" for "hello-2.10": cut before the first "-" that a digit
/// follows.
NameAndVersion split_item_name(std::string_view name);

/// The path that `nix-store --add` gives a tree whose NAR has the hash
/// NAR_HASH: fingerprint "source:sha256:<hex>:<directory>:<name>", its SHA-256
/// folded to 160 bits, in base 32.
std::string source_path(const std::string &directory, std::string_view name,
                        const Digest &nar_hash);

/// The digest of "sha256:" and 64 hexadecimal or 52 base-32 digits, as store
/// databases write it, or nothing.
std::optional<Digest> parse_nar_hash(std::string_view text);

} // namespace strata

#endif
