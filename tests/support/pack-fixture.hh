// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: a made-up store with its graph, and requests to pack it.
// Threads: none.

#ifndef STRATA_TESTS_SUPPORT_PACK_FIXTURE_HH
#define STRATA_TESTS_SUPPORT_PACK_FIXTURE_HH

#include "pack/pack.hh"
#include "store/nar.hh"
#include "support/fixtures.hh"

#include <memory>
#include <string>
#include <vector>

namespace strata {

/// A store below a private folder.
class PackFixture {
public:
  /// A new item with a file of SIZE bytes that do not shrink; its path.
  std::string add(const std::string &name, std::size_t size,
                  std::vector<std::string> references = {}) {
    auto number = static_cast<unsigned>(declarations_.size() + 1);
    std::string path = made_up_item(number, name);
    std::string folder = location.on_disk(path);
    write_file(folder + "/bin/" + name, noise(size, number));
    put_link(folder + "/link", path + "/bin/" + name);
    ReferenceGraph::Declaration declaration;
    declaration.item.path = path;
    declaration.references = std::move(references);
    declarations_.push_back(std::move(declaration));
    return path;
  }

  /// Makes the database know the NAR size of the item that was added last.
  void set_nar_size(std::uint64_t size) {
    declarations_.back().item.nar_size = size;
  }

  /// Makes the database know the NAR hashes of all items, as they are now.
  void know_hashes() {
    Monitor monitor;
    for (ReferenceGraph::Declaration &declaration : declarations_) {
      DiskWalk item(location.on_disk(declaration.item.path));
      declaration.item.nar_hash = nar_info(item, monitor).hash;
    }
  }

  /// Three items; all of them are the closure of the last.
  void add_three() {
    library = add("library", 30000);
    std::string shell = add("shell", 70000, {library});
    top = add("hello", 500, {library, shell});
  }

  /// Asks for all that TOP refers to, with /tmp and a link in the root layer,
  /// in an archive.
  PackRequest request() const {
    PackRequest result;
    result.graph =
        std::make_shared<const ReferenceGraph>(declarations_, "the test");
    result.location = location;
    result.items = {top};
    Directive tmp, bin;
    tmp.path = "/tmp";
    tmp.mode = 01777;
    bin.action = Directive::Action::symlink;
    bin.path = "/bin";
    bin.content = top + "/bin";
    result.directives = {tmp, bin};
    result.config.environment = {{"PATH", top + "/bin"}};
    result.config.entry_point = {top + "/bin/hello"};
    result.names = {ImageReference::parse("hello:1.0")};
    result.strategy = &find_strategy("size");
    result.compression = Compression::parse("none");
    result.sink.output = out("image.tar");
    result.jobs = 2;
    return result;
  }

  /// A file name in the folder for outputs, which has nothing else in it.
  std::string out(const std::string &name) const {
    return outputs.path() + "/" + name;
  }

  TemporaryDirectory scratch, outputs;
  StoreLocation location{"/gnu/store", scratch.path(), ""};
  std::string library, top;

private:
  std::vector<ReferenceGraph::Declaration> declarations_;
};

inline PackResult pack(const PackRequest &request) {
  Monitor monitor;
  return pack_image(request, monitor);
}

} // namespace strata

#endif
