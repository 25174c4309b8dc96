// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: single images among the members of an archive or layout, checked
// against what the members really are.
// Errors: what is damaged, or would take too much memory, throws Error.

#ifndef STRATA_IMAGE_IMAGE_READER_HH
#define STRATA_IMAGE_IMAGE_READER_HH

#include "base/json.hh"
#include "image/found_image.hh"

#include <optional>

namespace strata {

/// "blobs/sha256/<hex>" of the document that DESCRIPTOR describes; empty where
/// its digest is none.
std::string document_name(const Json &descriptor);

/// The list KEY of OBJECT.  Go writes null, or nothing, for an empty one.
std::vector<Json> elements_of(const Json &object, const char *key);

/// The text KEY of OBJECT; empty where it does not say.
std::string text_of(const Json &object, const char *key);

class ImageReader {
public:
  explicit ImageReader(const Members &members) : members_(members) {}

  const Members &members() const { return members_; }

  /// Throws the Error that the image is damaged.
  [[noreturn]] void damaged(const std::string &cause) const;

  /// The JSON document NAME; errors name the image too.
  Json document(const std::string &name) const;

  /// The blob of DESCRIPTOR; its digest and size must be those it really has.
  const Member &blob(const Json &descriptor) const;

  /// NAME, which must not be longer than any name of an image.
  std::string checked_name(const std::string &name) const;

  /// The platform that DESCRIPTOR, or a config, states under its own keys.
  Platform platform(const Json &object) const;

  /// A member that MANIFEST, a document's name, needs and is missing; empty if
  /// there is none.
  std::string missing_part(const std::string &manifest) const;

  /// The manifest that DESCRIPTOR describes, once all its blobs are verified.
  Json verified_manifest(const Json &descriptor) const;

  /// The image whose manifest DESCRIPTOR describes; nothing where it is
  /// something else that is kept like an image, whose blobs are verified.
  std::optional<FoundImage> oci_image(const Json &descriptor);

  /// The image of an entry of Docker's manifest.json.
  FoundImage docker_image(const Json &entry);

private:
  std::vector<Json> layers(const Json &document, const char *key) const;
  FoundLayer oci_layer(const Json &descriptor) const;
  void use_config(const std::string &name, FoundImage &image);
  void check_diff_ids(const Json &config, const FoundImage &image) const;

  const Members &members_;
  std::size_t config_size_ = 0; // of all images, bytes
};

} // namespace strata

#endif
