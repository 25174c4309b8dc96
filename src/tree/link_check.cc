// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Method: each symlink is followed once; what it leads to and through how many
// links is remembered for those that lead through it.  So the time is linear in
// the bytes of all targets.

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "tree/tree.hh"

#include <unordered_map>

namespace strata {

class Tree::LinkCheck {
public:
  explicit LinkCheck(const Node &root) : root_(root) {
    parents_[&root] = &root;
    collect(root);
  }

  void check() {
    for (const Node *link : links_) {
      first_ = link;
      follow(*link, 1);
    }
  }

private:
  struct Outcome {
    const Node *node = nullptr; // not a symlink; null: it is not in the tree
    int links = 0;              // followed on the way; 0 while not yet known
  };

  void collect(const Node &directory) {
    for (const auto &[name, child] : directory.children) {
      if (child->kind == Kind::file)
        continue;
      parents_[child.get()] = &directory;
      if (child->kind == Kind::symlink)
        links_.push_back(child.get());
      else
        collect(*child);
    }
  }

  // DEPTH links are being followed, first_ is the first and LINK the last one.
  Outcome follow(const Node &link, int depth) {
    auto [place, is_new] = outcomes_.try_emplace(&link);
    if (!is_new && place->second.links == 0)
      fail(link, _("it leads back to itself"));
    if (!is_new)
      return place->second;
    if (depth > most_links)
      fail_of_length(*first_);

    Outcome outcome{link.content.starts_with("/") ? &root_ : parents_.at(&link),
                    1};
    for (std::string_view name : path_names(link.content)) {
      outcome = step(outcome, name, depth);
      if (outcome.links > most_links)
        fail_of_length(link);
      if (outcome.node == nullptr)
        break;
    }
    return outcomes_[&link] = outcome;
  }

  // From where SO_FAR has led to on to NAME.
  Outcome step(Outcome so_far, std::string_view name, int depth) {
    if (so_far.node->kind != Kind::directory)
      return {nullptr, so_far.links};
    if (name == "..")
      return {parents_.at(so_far.node), so_far.links};
    auto child = so_far.node->children.find(name);
    if (child == so_far.node->children.end())
      return {nullptr, so_far.links};
    if (child->second->kind != Kind::symlink)
      return {child->second.get(), so_far.links};
    Outcome led = follow(*child->second, depth + 1);
    return {led.node, so_far.links + led.links};
  }

  std::string path_of(const Node &node) const {
    std::string path;
    for (const Node *child = &node; child != &root_;) {
      const Node *parent = parents_.at(child);
      for (const auto &[name, other] : parent->children)
        if (other.get() == child)
          path.insert(0, "/" + name);
      child = parent;
    }
    return path;
  }

  [[noreturn]] void fail_of_length(const Node &link) const {
    fail(link, format(_("it leads through more than %d links"), most_links));
  }

  [[noreturn]] void fail(const Node &link, const std::string &cause) const {
    throw Error(
        format(_("invalid link '%s'"), printable(path_of(link)).c_str()),
        cause);
  }

  const Node &root_;
  const Node *first_ = nullptr;
  std::vector<const Node *> links_; // in the order of the walk
  std::unordered_map<const Node *, const Node *> parents_;
  std::unordered_map<const Node *, Outcome> outcomes_; // of links
};

void Tree::check_links() const { LinkCheck(root_).check(); }

} // namespace strata
