// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: names of images: [HOST[:PORT]/]PATH[:TAG].
// Format: the reference grammar of Docker and of the OCI distribution spec
// ("Pulling manifests"): PATH is components [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
// joined by "/"; TAG is [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}; HOST and PATH
// together have 255 characters at most.

#ifndef STRATA_IMAGE_REFERENCE_HH
#define STRATA_IMAGE_REFERENCE_HH

#include <string>
#include <string_view>

namespace strata {

struct ImageReference {
  std::string host; // with its port; empty where none was given
  std::string path;
  std::string tag;

  /// Throws Error for what the grammar does not allow; the tag is "latest"
  /// where there is none.
  static ImageReference parse(std::string_view text);

  /// HOST/PATH, without a host where none was given.
  std::string repository() const;

  /// As users write it: "hello:latest".
  std::string familiar() const { return repository() + ":" + tag; }

  /// With the host and path that clients add: "docker.io/library/hello:latest".
  std::string full() const;
};

/// NAME with all that clients add to it; as it is where it is no reference.
std::string full_name(const std::string &name);

} // namespace strata

#endif
