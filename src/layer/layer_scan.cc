// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/layer_scan.hh"

#include "base/error.hh"
#include "layer/tar_reader.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <map>
#include <set>

namespace strata {

namespace {

constexpr std::uint64_t most_bytes = INT64_MAX; // of an item

// "/gnu/store/<hash>-<name>" for "gnu/store/<hash>-<name>/bin"; empty where
// PATH is not in an item.
std::string item_of(std::string_view path) {
  while (path.starts_with("./") || path.starts_with("/"))
    path.remove_prefix(path[0] == '/' ? 1 : 2);
  for (std::size_t begin = 0; begin < path.size();) {
    std::size_t end = std::min(path.find('/', begin), path.size());
    if (begin > 0 && is_item_base_name(path.substr(begin, end - begin)))
      return "/" + std::string(path.substr(0, end));
    begin = end + 1;
  }
  return {};
}

// The folders above ITEM: "/gnu", "/gnu/store".
std::set<std::string> folders_above(const std::string &item) {
  std::set<std::string> folders;
  for (std::size_t slash = item.find('/', 1); slash != item.npos;
       slash = item.find('/', slash + 1))
    folders.insert(item.substr(0, slash));
  return folders;
}

// What lies outside of items, as far as it may be folders above them.
class OtherEntries {
public:
  void add(const TarMember &member) {
    std::string path = "/" + member.path;
    while (path.starts_with("/./") || path.starts_with("//"))
      path.erase(0, path[1] == '/' ? 1 : 2);
    while (path.size() > 1 && (path.ends_with('/') || path.ends_with("/.")))
      path.pop_back();
    bool may_be_above = member.type == TarMember::Type::directory &&
                        folders_.size() < most_folders;
    if (may_be_above)
      folders_.insert(std::move(path));
    else
      any_others_ = true;
  }

  bool any_besides(const std::vector<std::string> &items) const {
    std::set<std::string> left = folders_;
    left.erase("/");
    for (const std::string &item : items)
      for (const std::string &folder : folders_above(item))
        left.erase(folder);
    return any_others_ || !left.empty();
  }

private:
  // A store lies no deeper.
  static constexpr std::size_t most_folders = 64;
  std::set<std::string> folders_;
  bool any_others_ = false;
};

void list_entries(ByteInput &plain, LayerScan &scan) {
  TarReader reader(plain);
  std::map<std::string, std::uint64_t> items;
  OtherEntries others;
  while (auto member = reader.next()) {
    ++scan.entries;
    if (std::string item = item_of(member->path); !item.empty()) {
      std::uint64_t &size = items[item];
      size += std::min(member->size, most_bytes - size);
    } else {
      others.add(*member);
    }
  }
  for (const auto &[item, size] : items) {
    scan.items.push_back(item);
    scan.item_sizes.push_back(size);
  }
  scan.mixed = others.any_besides(scan.items);
}

void scan_plain(ByteInput &compressed, LayerScan &scan, Monitor &monitor) {
  PlainInput decompressed(compressed);
  scan.compressor = decompressed.compressor();
  CheckedInput checked(decompressed, true, monitor);
  HashedInput plain(checked);
  list_entries(plain, scan);
  // What follows the end of the tar is part of the digest as well.
  plain.drain(monitor);
  scan.plain_size = plain.size();
  scan.diff_id = plain.finish();
}

} // namespace

LayerScan scan_layer(ByteInput &blob, Monitor &monitor) {
  LayerScan scan;
  HashedInput compressed(blob);
  // Also of what cannot be read the digest is told.
  try {
    scan_plain(compressed, scan, monitor);
  } catch (const Error &error) {
    scan.problem = error.what();
  }
  compressed.drain(monitor);
  scan.size = compressed.size();
  scan.digest = compressed.finish();
  return scan;
}

} // namespace strata
