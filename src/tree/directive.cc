// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/directive.hh"

#include "base/error.hh"
#include "base/text.hh"

namespace strata {

namespace {

// Whether something else stood at the directive's path.
bool put(Tree &tree, const Directive &directive) {
  auto attributes = [&](unsigned usual_mode) {
    return Attributes{directive.mode.value_or(usual_mode), directive.uid,
                      directive.gid};
  };
  switch (directive.action) {
  case Directive::Action::directory:
    return tree.add_directory(directive.path, attributes(0755));
  case Directive::Action::file:
    return tree.add_file(directive.path, directive.content, attributes(0644));
  case Directive::Action::disk_file:
    return tree.add_disk_file(directive.path, directive.content,
                              attributes(0644));
  case Directive::Action::owner:
    if (!tree.set_owner(directive.path, directive.uid, directive.gid))
      throw Error(format(_("cannot give '%s' an owner"),
                         printable(directive.path).c_str()),
                  _("nothing of that name stands outside the store"));
    return false;
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
