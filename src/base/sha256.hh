// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: SHA-256 (FIPS 180-4) by OpenSSL's EVP, which picks the fastest code
// for the processor, and digests as values.
// Threads: a Sha256 belongs to one thread at a time; a Digest is a value.

#ifndef STRATA_BASE_SHA256_HH
#define STRATA_BASE_SHA256_HH

#include "base/output.hh"

#include <array>
#include <compare>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace strata {

/// The 32 bytes of a SHA-256.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};

  auto operator<=>(const Digest &) const = default;

  /// 64 lower-case hexadecimal digits.
  std::string hex() const;

  /// "sha256:" and the hexadecimal digits, as OCI spells digests (image-spec,
  /// descriptor.md, "Digests").
  std::string oci() const { return "sha256:" + hex(); }

  /// The digest of 64 hexadecimal digits, or nothing.
  static std::optional<Digest> from_hex(std::string_view text);

  /// The digest of "sha256:<hex>", or nothing.
  static std::optional<Digest> from_oci(std::string_view text);
};

/// Hashes what is written to it.
class Sha256 : public ByteOutput {
public:
  Sha256();
  Sha256(Sha256 &&) = default;
  Sha256 &operator=(Sha256 &&) = default;
  void write(Bytes bytes) override;

  /// Another one to which the same bytes were written.
  Sha256 copy() const;

  /// The digest of all that was written.  REQUIRES: called once, last.
  Digest finish();

private:
  struct Free {
    void operator()(evp_md_ctx_st *context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// The digest of BYTES.
Digest sha256(Bytes bytes);

} // namespace strata

#endif
