// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/objects.hh"

#include "base/error.hh"
#include "base/text.hh"

namespace strata {

namespace {

SCM store_type;
SCM tree_type;

template <typename Object>
void finalize(SCM value) {
  std::unique_ptr<Object> owner(
      static_cast<Object *>(scm_foreign_object_ref(value, 0)));
}

template <typename Object>
SCM make_type(const char *name) {
  SCM type = scm_make_foreign_object_type(
      scm_from_utf8_symbol(name), scm_list_1(scm_from_utf8_symbol("object")),
      finalize<Object>);
  return scm_permanent_object(type);
}

// Guile owns OBJECT from now on.
template <typename Object>
SCM wrap(SCM type, Object object) {
  return scm_make_foreign_object_1(
      type, std::make_unique<Object>(std::move(object)).release());
}

template <typename Object>
const Object &unwrap(SCM type, SCM value, const char *wanted) {
  if (!SCM_IS_A_P(value, type))
    throw Error(_("a Scheme value has the wrong type"), wanted);
  return *static_cast<Object *>(scm_foreign_object_ref(value, 0));
}

} // namespace

void init_objects() {
  store_type = make_type<OpenStore>("strata-store");
  tree_type = make_type<VirtualItem>("strata-tree");
}

SCM scm_from_store(OpenStore store) {
  return wrap(store_type, std::move(store));
}
SCM scm_from_tree(VirtualItem tree) { return wrap(tree_type, std::move(tree)); }

const OpenStore &store_from_scm(SCM value) {
  return unwrap<OpenStore>(store_type, value, _("a store is wanted"));
}

const VirtualItem &tree_from_scm(SCM value) {
  return unwrap<VirtualItem>(tree_type, value, _("a tree is wanted"));
}

} // namespace strata
