// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/sha256.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <openssl/evp.h>

namespace strata {

namespace {

void check(int result) {
  if (result != 1)
    throw Error(_("cannot compute SHA-256"), _("OpenSSL reports a failure"));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return -1;
}

} // namespace

std::string Digest::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  result.reserve(64);
  for (auto byte : bytes) {
    result += digits[byte >> 4];
    result += digits[byte & 15];
  }
  return result;
}

std::optional<Digest> Digest::from_hex(std::string_view text) {
  Digest result;
  if (text.size() != 64)
    return {};
  for (std::size_t i = 0; i < 32; ++i) {
    int high = hex_value(text[2 * i]), low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0)
      return {};
    result.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return result;
}

std::optional<Digest> Digest::from_oci(std::string_view text) {
  constexpr std::string_view prefix = "sha256:";
  if (!text.starts_with(prefix))
    return {};
  return from_hex(text.substr(prefix.size()));
}

void Sha256::Free::operator()(evp_md_ctx_st *context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  check(context_ != nullptr);
  check(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::write(Bytes bytes) {
  check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

Sha256 Sha256::copy() const {
  Sha256 result;
  check(EVP_MD_CTX_copy_ex(result.context_.get(), context_.get()));
  return result;
}

Digest Sha256::finish() {
  Digest result;
  check(EVP_DigestFinal_ex(context_.get(), result.bytes.data(), nullptr));
  return result;
}

Digest sha256(Bytes bytes) {
  Sha256 hash;
  hash.write(bytes);
  return hash.finish();
}

} // namespace strata
