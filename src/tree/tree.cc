// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/tree.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <vector>

namespace strata {

namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> result;
  while (!path.empty()) {
    std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (!name.empty() && name != ".")
      result.push_back(name);
  }
  return result;
}

} // namespace

class Tree::NodeEntry : public Entry {
public:
  NodeEntry(const Node &node, const std::string &path)
      : Entry(path, node.kind), node_(node) {}
  std::uint64_t size() override {
    return kind() == Kind::file ? node_.content.size() : 0;
  }
  bool executable() override {
    return kind() == Kind::file && (node_.attributes.mode & 0100) != 0;
  }
  Attributes attributes() override { return node_.attributes; }
  std::string target() override { return node_.content; }
  void read(ByteOutput &output) override {
    output.write(as_bytes(node_.content));
  }

private:
  const Node &node_;
};

bool Tree::add(std::string_view path, Node node) {
  auto fail = [&](const char *cause) {
    throw Error(
        format(_("cannot put '%s' into the image"), printable(path).c_str()),
        cause);
  };
  auto names = components(path);
  if (names.empty()) {
    if (node.kind != Kind::directory)
      fail(_("it is the root itself"));
    root_.attributes = node.attributes;
    return false;
  }
  Node *place = &root_;
  for (std::string_view name : names) {
    if (name == "..")
      fail(_("it leads out of the root"));
    if (place->kind != Kind::directory)
      fail(_("it leads through something that is no directory"));
    auto &child = place->children[std::string(name)];
    if (!child)
      child = std::make_unique<Node>();
    else if (name.data() == names.back().data()) {
      bool both = child->kind == Kind::directory && node.kind == child->kind;
      if (both)
        node.children = std::move(child->children);
      *child = std::move(node);
      return !both;
    }
    place = child.get();
  }
  *place = std::move(node);
  return false;
}

bool Tree::add_directory(std::string_view path, Attributes attributes) {
  return add(path, {Kind::directory, attributes, {}, {}});
}

bool Tree::add_file(std::string_view path, std::string content,
                    Attributes attributes) {
  return add(path, {Kind::file, attributes, std::move(content), {}});
}

bool Tree::add_symlink(std::string_view path, std::string target) {
  return add(path, {Kind::symlink, {0777, 0, 0}, std::move(target), {}});
}

const Tree::Node *Tree::find(std::string_view path) const {
  const Node *place = &root_;
  for (std::string_view name : components(path)) {
    auto child = place->children.find(name);
    if (child == place->children.end())
      return nullptr;
    place = child->second.get();
  }
  return place;
}

std::optional<Kind> Tree::kind(std::string_view path) const {
  const Node *node = find(path);
  return node ? std::optional(node->kind) : std::nullopt;
}

std::string Tree::target(std::string_view path) const {
  return find(path)->content;
}

std::optional<Attributes> Tree::directory(std::string_view path) const {
  const Node *node = find(path);
  if (node == nullptr || node->kind != Kind::directory)
    return {};
  return node->attributes;
}

void Tree::visit(const Node &node, const std::string &path,
                 WalkVisitor &visitor) {
  NodeEntry entry(node, path);
  visitor.enter(entry);
  if (node.kind != Kind::directory)
    return;
  for (const auto &[name, child] : node.children)
    visit(*child, path.empty() ? name : path + "/" + name, visitor);
  visitor.leave(entry);
}

void Tree::walk(WalkVisitor &visitor) const { visit(root_, "", visitor); }

} // namespace strata
