// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the one image that is meant, where an archive or layout holds
// several.

#ifndef STRATA_IMAGE_IMAGE_CHOICE_HH
#define STRATA_IMAGE_IMAGE_CHOICE_HH

#include "image/found_image.hh"

#include <string>
#include <vector>

namespace strata {

/// What an image is wanted for; errors say so.
enum class ImageUse { base, plan };

/// The one of IMAGES, read from PATH, that is called NAME and is for
/// ARCHITECTURE; both may be empty.  NAME is a reference, an end of one, or a
/// tag.  Of several images, that for this machine is taken where ARCHITECTURE
/// is empty; of several variants of one image, the best.  None or several left
/// is an Error that says what the image was wanted for.
FoundImage choose_image(std::vector<FoundImage> images, const std::string &path,
                        const std::string &name,
                        const std::string &architecture, ImageUse use);

} // namespace strata

#endif
