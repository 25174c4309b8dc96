// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/nar.hh"

#include "base/file.hh"

#include <array>
#include <initializer_list>

namespace strata {

namespace {

// A NAR is a row of strings, each its length (64 bits, little-endian), its
// bytes, and zeros up to a multiple of 8:
//
//   nar       = "nix-archive-1" node
//   node      = "(" "type" what ")"
//   what      = "regular" ["executable" ""] "contents" bytes
//             | "symlink" "target" target
//             | "directory" {entry}                  bytewise by name
//   entry     = "entry" "(" "name" name "node" node ")"
class NarVisitor : public WalkVisitor {
public:
  // CONTENTS: where the bytes of files go; null: they are counted instead, and
  // no file is opened.
  NarVisitor(ByteOutput &output, ByteOutput *contents)
      : output_(output), contents_(contents) {
    strings({"nix-archive-1"});
  }

  std::uint64_t skipped() const { return skipped_; }

  void enter(Entry &entry) override {
    if (!entry.path().empty())
      strings({"entry", "(", "name", base_name(entry.path()), "node"});
    strings({"(", "type"});
    switch (entry.kind()) {
    case Kind::directory:
      strings({"directory"});
      return;
    case Kind::symlink:
      strings({"symlink", "target", entry.target()});
      break;
    case Kind::file:
      file(entry);
      break;
    }
    end(entry);
  }

  void leave(Entry &entry) override { end(entry); }

private:
  void file(Entry &entry) {
    if (contents_ != nullptr)
      entry.open();
    std::uint64_t size = entry.size();
    strings({"regular"});
    if (entry.executable())
      strings({"executable", ""});
    strings({"contents"});
    length(size);
    if (contents_ != nullptr)
      entry.read(*contents_);
    else
      skipped_ += size;
    padding(size);
  }

  void end(const Entry &entry) {
    strings({")"});
    if (!entry.path().empty())
      strings({")"});
  }

  void strings(std::initializer_list<std::string_view> list) {
    for (std::string_view text : list) {
      length(text.size());
      output_.write(as_bytes(text));
      padding(text.size());
    }
  }

  void length(std::uint64_t value) {
    std::array<std::byte, 8> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::byte>(value >> (8 * i));
    output_.write(bytes);
  }

  void padding(std::uint64_t size) {
    constexpr std::array<std::byte, 8> zeros{};
    output_.write(Bytes(zeros).first((8 - size % 8) % 8));
  }

  ByteOutput &output_;
  ByteOutput *contents_;
  std::uint64_t skipped_ = 0;
};

class MonitoredOutput : public ByteOutput {
public:
  MonitoredOutput(ByteOutput &next, Monitor &monitor)
      : next_(next), monitor_(monitor) {}
  void write(Bytes bytes) override {
    next_.write(bytes);
    monitor_.advance(bytes.size());
  }

private:
  ByteOutput &next_;
  Monitor &monitor_;
};

} // namespace

void write_nar(const Walkable &tree, ByteOutput &output, Monitor &monitor) {
  BufferedOutput buffered(output);
  MonitoredOutput monitored(buffered, monitor);
  NarVisitor visitor(buffered, &monitored);
  tree.walk(visitor);
  buffered.flush();
}

NarInfo nar_info(const Walkable &tree, Monitor &monitor) {
  Sha256 hash;
  CountingOutput count;
  TeeOutput both(hash, count);
  write_nar(tree, both, monitor);
  return {hash.finish(), count.count()};
}

std::uint64_t nar_size(const Walkable &tree) {
  CountingOutput output;
  NarVisitor visitor(output, nullptr);
  tree.walk(visitor);
  return output.count() + visitor.skipped();
}

} // namespace strata
