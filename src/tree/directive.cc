// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/directive.hh"

#include "base/text.hh"

namespace strata {

namespace {

// Whether something else stood at the directive's path.
bool put(Tree &tree, const Directive &directive) {
  switch (directive.action) {
  case Directive::Action::directory:
    return tree.add_directory(directive.path, {directive.mode.value_or(0755),
                                               directive.uid, directive.gid});
  case Directive::Action::file:
    return tree.add_file(
        directive.path, directive.content,
        {directive.mode.value_or(0644), directive.uid, directive.gid});
  case Directive::Action::symlink:
    break;
  }
  return tree.add_symlink(directive.path, directive.content);
}

} // namespace

void populate(Tree &tree, const std::vector<Directive> &directives,
              Monitor &monitor) {
  for (const Directive &directive : directives)
    if (put(tree, directive))
      monitor.warn(format(_("'%s' is asked for twice: the last one is taken"),
                          printable(directive.path).c_str()));
}

} // namespace strata
