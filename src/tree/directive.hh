// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: populate directives: what a caller wants to stand in the image
// outside the store, one entry each.
// Format: Guix's (gnu build install), "evaluate-populate-directive"; FORMATS,
// fact 21.

#ifndef STRATA_TREE_DIRECTIVE_HH
#define STRATA_TREE_DIRECTIVE_HH

#include "base/monitor.hh"
#include "tree/tree.hh"

#include <optional>
#include <string>
#include <vector>

namespace strata {

struct Directive {
  enum class Action {
    directory,
    file,
    disk_file, // a file with the content of one on disk
    symlink,
    owner // of what stands there already
  };
  Action action = Action::directory;
  std::string path;    // in the image
  std::string content; // of a file, the name of a file on disk, or the target
                       // of a symlink
  std::optional<unsigned> mode; // without it 0755, of files 0644
  unsigned uid = 0;
  unsigned gid = 0;
};

/// Puts what DIRECTIVES say into TREE, in their order.  Of two for one path
/// the last wins and MONITOR gets a warning; a directory named twice just has
/// the last one's mode and owner.  A path that leads out of the root is an
/// Error, and so is the owner of nothing.
void populate(Tree &tree, const std::vector<Directive> &directives,
              Monitor &monitor);

} // namespace strata

#endif
