// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the sorted walk: every entry of an item or a tree, depth first,
// siblings in bytewise order of their names.  NAR, tar and the look for
// references are all made from it, so that each sees the same entries in the
// same order.
// Threads: a Walkable may be walked by several threads at once; an Entry
// belongs to the walk that shows it.

#ifndef STRATA_BASE_WALK_HH
#define STRATA_BASE_WALK_HH

#include "base/output.hh"

#include <memory>
#include <optional>
#include <string>

namespace strata {

enum class Kind { file, directory, symlink };

/// The mode (permission bits) and owner of an entry in an image.
struct Attributes {
  unsigned mode = 0;
  unsigned uid = 0;
  unsigned gid = 0;
};

/// What the system tells of a file on disk: as long as all of it stays the
/// same, so do the bytes.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified = 0; // nanoseconds since 1970
  std::int64_t changed = 0;  // the same; nobody can set it
};

/// What a walk shows of one file, directory or symlink.
class Entry {
public:
  virtual ~Entry() = default;

  /// Relative to the root of the walk, without slashes at its ends; empty for
  /// the root itself.
  const std::string &path() const { return path_; }
  Kind kind() const { return kind_; }

  /// For a file: gets ready for read().  Asks the system for size and mode in
  /// the same step, so that size() after it is the size of what is read.
  virtual void open() {}

  /// The bytes of a file; 0 for all else.
  virtual std::uint64_t size() = 0;

  /// Whether a file's owner may execute it.
  virtual bool executable() = 0;

  /// The mode and owner in an image: those of the canonical form (directory
  /// and executable 0555, file 0444, symlink 0777, owner 0:0) unless others
  /// were asked for.
  virtual Attributes attributes();

  /// Of a file on disk; nothing for all else.
  virtual std::optional<FileStamp> stamp() { return {}; }

  /// Where a symlink points to.  REQUIRES: kind() is symlink.
  virtual std::string target() = 0;

  /// Writes exactly size() bytes of a file to OUTPUT, or throws Error; it is
  /// an error when the file's size changed meanwhile.  REQUIRES: open().
  virtual void read(ByteOutput &output) = 0;

protected:
  Entry(std::string path, Kind kind) : path_(std::move(path)), kind_(kind) {}

private:
  std::string path_;
  Kind kind_;
};

class WalkVisitor {
public:
  virtual ~WalkVisitor() = default;

  /// Before what is below ENTRY.
  virtual void enter(Entry &entry) = 0;

  /// After what is below ENTRY, for directories only.
  virtual void leave(Entry &) {}
};

class Walkable {
public:
  virtual ~Walkable() = default;

  /// Shows every entry to VISITOR, the root first.  Throws Error.
  virtual void walk(WalkVisitor &visitor) const = 0;
};

/// A file, directory or symlink on disk.  Sockets, devices and FIFOs in it
/// are Errors.
class DiskWalk : public Walkable {
public:
  explicit DiskWalk(std::string path) : path_(std::move(path)) {}
  void walk(WalkVisitor &visitor) const override;

private:
  std::string path_;
};

} // namespace strata

#endif
