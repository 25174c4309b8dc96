// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/image_files.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>

namespace strata {

namespace {

// Puts the components of PATH before those that REST has already.
void prepend_components(std::string_view path, std::deque<std::string> &rest) {
  while (!path.empty()) {
    std::size_t slash = path.rfind('/');
    std::string_view name =
        slash == std::string_view::npos ? path : path.substr(slash + 1);
    path = slash == std::string_view::npos ? "" : path.substr(0, slash);
    if (!name.empty() && name != ".")
      rest.emplace_front(name);
  }
}

} // namespace

ImageFiles::ImageFiles(StoreLocation location,
                       std::vector<VirtualItem> virtual_items)
    : location_(std::move(location)), virtual_items_(std::move(virtual_items)) {
}

ImageFiles::Step ImageFiles::look(const std::string &path) const {
  for (const VirtualItem &item : virtual_items_)
    if (path == item.path || path.starts_with(item.path + "/")) {
      std::string inside = path.substr(item.path.size());
      auto kind = item.tree->kind(inside);
      if (kind == Kind::symlink)
        return {kind, item.tree->target(inside)};
      return {kind, {}};
    }

  std::string on_disk = location_.on_disk(path);
  struct stat status;
  if (lstat(on_disk.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
      return {};
    throw Error::system(
        format(_("cannot look at '%s'"), printable(on_disk).c_str()), errno);
  }
  if (S_ISDIR(status.st_mode))
    return {Kind::directory, {}};
  if (!S_ISLNK(status.st_mode))
    return {Kind::file, {}};
  std::string target(4096, '\0');
  ssize_t size = readlink(on_disk.c_str(), target.data(), target.size());
  if (size < 0)
    return {};
  target.resize(size);
  return {Kind::symlink, target};
}

std::optional<ImageFiles::Found> ImageFiles::find(std::string_view path) const {
  const std::string prefix = location_.directory + "/";
  std::deque<std::string> rest;
  std::string done = location_.directory;
  // A logical path starts again from the store directory.
  auto enter = [&](std::string_view target) {
    if (!target.starts_with(prefix))
      return false;
    done = location_.directory;
    prepend_components(target.substr(prefix.size()), rest);
    return true;
  };
  if (!enter(path))
    return {};

  Kind kind = Kind::directory;
  for (int links = 0; !rest.empty();) {
    std::string name = rest.front();
    rest.pop_front();
    if (kind != Kind::directory)
      return {};
    if (name == "..") {
      if (done.size() <= prefix.size())
        return {};
      done = parent_directory(done);
      continue;
    }
    Step step = look(done + "/" + name);
    if (!step.kind)
      return {};
    if (*step.kind == Kind::symlink) {
      if (++links > most_links)
        return {};
      if (step.target.starts_with("/")) {
        if (!enter(step.target))
          return {};
      } else {
        prepend_components(step.target, rest);
      }
      kind = Kind::directory;
      continue;
    }
    done += "/" + name;
    kind = *step.kind;
  }
  return Found{done, kind};
}

} // namespace strata
