// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: a tree: directories, files and links in memory, with the owners and
// modes that they will have in the image.
// Threads: may be walked by several threads once it is built.

#ifndef STRATA_TREE_TREE_HH
#define STRATA_TREE_TREE_HH

#include "base/walk.hh"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// Paths are relative to the tree's root; slashes at their ends are ignored.
/// Directories that a path implies are made with mode 0755.  Adding returns
/// whether something else stood there, which is then replaced.  A path that
/// has "..", or that leads through a file or symlink, is an Error.
class Tree : public Walkable {
public:
  /// A directory that stands there already keeps what is below it.
  bool add_directory(std::string_view path, Attributes attributes);
  bool add_file(std::string_view path, std::string content,
                Attributes attributes);
  bool add_symlink(std::string_view path, std::string target);

  /// A file with the content of the file SOURCE on disk, read when the tree
  /// is; one whose size changed by then is an Error.
  bool add_disk_file(std::string_view path, const std::string &source,
                     Attributes attributes);

  /// All that is in the folder FOLDER on disk, at PATH, with the modes that it
  /// has there (set-uid and set-gid bits aside) and the owner 0:0.  Files are
  /// read when the tree is; one whose size changed by then is an Error.
  /// Returns the paths where something else stood.
  std::vector<std::string> add_folder(std::string_view path,
                                      const std::string &folder);

  /// Gives what is at PATH another owner; false if nothing is there.
  bool set_owner(std::string_view path, unsigned uid, unsigned gid);

  /// The kind of what is at PATH, if anything is.
  std::optional<Kind> kind(std::string_view path) const;
  /// REQUIRES: kind(path) is symlink.
  std::string target(std::string_view path) const;
  /// The attributes of the directory PATH, if there is one.
  std::optional<Attributes> directory(std::string_view path) const;

  bool empty() const { return root_.children.empty(); }

  /// An Error names a symlink with which the kernel would give up (ELOOP) if
  /// this were the root of all files: it leads back to itself, or through more
  /// than most_links.  A symlink to what is not in the tree is fine.
  void check_links() const;

  void walk(WalkVisitor &visitor) const override;

private:
  struct Node {
    Kind kind = Kind::directory;
    Attributes attributes{0755, 0, 0};
    std::string content{};  // of a file, or the target of a symlink
    std::string source{};   // of a file that is on disk, its name there
    std::uint64_t size = 0; // of such a file, bytes
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children{};
  };
  class NodeEntry;
  class LinkCheck;

  bool add(std::string_view path, Node node);
  const Node *find(std::string_view path) const;
  static void visit(const Node &node, const std::string &path,
                    WalkVisitor &visitor);

  Node root_;
};

} // namespace strata

#endif
