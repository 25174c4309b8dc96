// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/tree.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace strata {

class Tree::NodeEntry : public Entry {
public:
  NodeEntry(const Node &node, const std::string &path)
      : Entry(path, node.kind), node_(node) {}
  std::uint64_t size() override {
    return node_.source.empty()
               ? (kind() == Kind::file ? node_.content.size() : 0)
               : node_.size;
  }
  bool executable() override {
    return kind() == Kind::file && (node_.attributes.mode & 0100) != 0;
  }
  Attributes attributes() override { return node_.attributes; }
  std::string target() override { return node_.content; }
  void read(ByteOutput &output) override {
    if (node_.source.empty())
      output.write(as_bytes(node_.content));
    else
      read_source(output);
  }

private:
  void read_source(ByteOutput &output) {
    class Copy : public WalkVisitor {
    public:
      Copy(std::uint64_t size, ByteOutput &output)
          : size_(size), output_(output) {}
      void enter(Entry &entry) override {
        entry.open();
        if (entry.kind() != Kind::file || entry.size() != size_)
          throw Error(_("its size has changed"));
        entry.read(output_);
      }

    private:
      std::uint64_t size_;
      ByteOutput &output_;
    };
    try {
      Copy copy(node_.size, output);
      DiskWalk(node_.source).walk(copy);
    } catch (const Error &error) {
      throw error.in_context(
          format(_("cannot read '%s'"), printable(node_.source).c_str()));
    }
  }

  const Node &node_;
};

bool Tree::add(std::string_view path, Node node) {
  auto fail = [&](const char *cause) {
    throw Error(
        format(_("cannot put '%s' into the image"), printable(path).c_str()),
        cause);
  };
  auto names = path_names(path);
  if (names.empty()) {
    if (node.kind != Kind::directory)
      fail(_("it is the root itself"));
    root_.attributes = node.attributes;
    return false;
  }
  if (std::find(names.begin(), names.end(), "..") != names.end())
    fail(_("it leads out of the root"));
  Node *place = &root_;
  for (std::string_view name : names) {
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
  return add(path, {Kind::directory, attributes});
}

bool Tree::add_file(std::string_view path, std::string content,
                    Attributes attributes) {
  return add(path, {Kind::file, attributes, std::move(content)});
}

bool Tree::add_symlink(std::string_view path, std::string target) {
  return add(path, {Kind::symlink, {0777, 0, 0}, std::move(target)});
}

bool Tree::add_disk_file(std::string_view path, const std::string &source,
                         Attributes attributes) {
  struct stat status;
  auto attempt = [&] {
    return format(_("cannot read '%s'"), printable(source).c_str());
  };
  // The name may be a link: what counts is the file that it leads to.
  std::string file = real_path(source);
  if (lstat(file.c_str(), &status) != 0)
    throw Error::system(attempt(), errno);
  if (!S_ISREG(status.st_mode))
    throw Error(attempt(), _("it is not a regular file"));
  return add(path, {Kind::file,
                    attributes,
                    {},
                    file,
                    static_cast<std::uint64_t>(status.st_size)});
}

bool Tree::set_owner(std::string_view path, unsigned uid, unsigned gid) {
  Node *node = const_cast<Node *>(find(path));
  if (node == nullptr)
    return false;
  node->attributes.uid = uid;
  node->attributes.gid = gid;
  return true;
}

std::vector<std::string> Tree::add_folder(std::string_view path,
                                          const std::string &folder) {
  class Adder : public WalkVisitor {
  public:
    Adder(Tree &tree, std::string path, const std::string &folder)
        : tree_(tree), path_(std::move(path)), folder_(folder) {}

    void enter(Entry &entry) override {
      std::string source = folder_ + "/" + entry.path();
      std::string place = path_ + "/" + entry.path();
      struct stat status;
      if (lstat(source.c_str(), &status) != 0)
        throw Error::system(
            format(_("cannot look at '%s'"), printable(source).c_str()), errno);
      if (tree_.add(place, node(entry, status, source)))
        replaced.push_back(place);
    }

    std::vector<std::string> replaced;

  private:
    static Node node(Entry &entry, const struct stat &status,
                     const std::string &source) {
      Node result;
      result.kind = entry.kind();
      result.attributes.mode = status.st_mode & 01777;
      if (entry.kind() == Kind::symlink) {
        result.attributes.mode = 0777;
        result.content = entry.target();
      } else if (entry.kind() == Kind::file) {
        result.source = source;
        result.size = entry.size();
      }
      return result;
    }

    Tree &tree_;
    std::string path_;
    const std::string &folder_;
  };
  Adder adder(*this, std::string(path), folder);
  DiskWalk(folder).walk(adder);
  return std::move(adder.replaced);
}

const Tree::Node *Tree::find(std::string_view path) const {
  const Node *place = &root_;
  for (std::string_view name : path_names(path)) {
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
