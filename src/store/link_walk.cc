// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/link_walk.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "store/store_path.hh"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace strata {

namespace {

bool is_below(std::string_view path, const std::string &folder) {
  return path.size() > folder.size() && path.starts_with(folder) &&
         path[folder.size()] == '/';
}

class LinkWalk {
public:
  LinkWalk(const StoreLocation &location, const std::string &path)
      : directory_(location.directory),
        root_(location.root.empty() ? "" : real_path(location.root)),
        argument_(path) {}

  LinkEnd walk() {
    start();
    while (!rest_.empty()) {
      std::string name = next_name();
      if (name == "..")
        done_ = parent(done_);
      else if (!name.empty() && name != ".")
        step(done_ + "/" + name);
    }
    bool in_store = is_below(done_, root_ + directory_);
    return {in_store ? done_.substr(root_.size()) : done_, in_store};
  }

private:
  [[noreturn]] void fail(int number) const {
    throw Error::system(
        format(_("cannot find '%s'"), printable(argument_).c_str()), number);
  }

  void start() {
    if (!argument_.starts_with('/')) {
      done_ = real_path(".");
      rest_ = argument_;
    } else if (!root_.empty() && !file_exists(argument_)) {
      lead_to(argument_, true);
    } else {
      lead_to(argument_, false);
    }
  }

  // Goes on at the absolute PATH, which is below the root if it is a store
  // path or IN_ROOT holds.
  void lead_to(const std::string &path, bool in_root) {
    if (is_below(path, root_ + directory_)) {
      done_ = root_ + directory_;
      rest_ = path.substr(done_.size());
    } else if (is_below(path, directory_)) {
      done_ = root_ + directory_;
      rest_ = path.substr(directory_.size());
    } else {
      done_ = in_root && !is_below(path, root_) ? root_ : "";
      rest_ = path;
    }
  }

  std::string next_name() {
    std::size_t slash = std::min(rest_.find('/'), rest_.size());
    std::string name = rest_.substr(0, slash);
    rest_.erase(0, slash + 1);
    return name;
  }

  static std::string parent(const std::string &path) {
    return path.substr(0, std::min(path.rfind('/'), path.size()));
  }

  void step(const std::string &path) {
    bool is_item =
        is_below(path, root_) &&
        is_item_path(std::string_view(path).substr(root_.size()), directory_);
    if (is_item && rest_.find_first_not_of('/') == std::string::npos) {
      done_ = path;
      rest_.clear();
      return;
    }
    std::array<char, PATH_MAX> target;
    ssize_t size = readlink(path.c_str(), target.data(), target.size());
    if (size < 0 && errno != EINVAL)
      fail(errno);
    if (size < 0) {
      done_ = path;
      return;
    }
    if (++links_ > most_links)
      fail(ELOOP);
    std::string link(target.data(), static_cast<std::size_t>(size));
    std::string rest = "/" + rest_;
    if (link.starts_with('/'))
      lead_to(link, !root_.empty() && is_below(path, root_));
    else
      rest_ = link;
    rest_ += rest;
  }

  const std::string directory_;
  const std::string root_;
  const std::string argument_;
  std::string done_; // on disk, without symlinks and without "/" at its end
  std::string rest_; // what is below it, not walked yet
  int links_ = 0;
};

} // namespace

LinkEnd follow_links(const StoreLocation &location, const std::string &path) {
  return LinkWalk(location, path).walk();
}

} // namespace strata
