// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: other names for entries, as tar's --transform gives them.

#ifndef STRATA_LAYER_TRANSFORMATION_HH
#define STRATA_LAYER_TRANSFORMATION_HH

#include <string>
#include <vector>

namespace strata {

/// Names that begin with OLD begin with REPLACEMENT instead: a prefix of the
/// text, not of its components, as in 's,^OLD,REPLACEMENT,'.  Outer slashes of
/// both do not count.  Link targets are never changed.
struct Transformation {
  std::string old;
  std::string replacement;
};

/// PATH (relative, without slashes at its ends) after TRANSFORMATIONS, one
/// after another; empty for an entry that is to be left out.
std::string transformed(std::string path,
                        const std::vector<Transformation> &transformations);

} // namespace strata

#endif
