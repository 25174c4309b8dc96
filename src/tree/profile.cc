// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tree/profile.hh"

#include "base/file.hh"
#include "base/text.hh"
#include "store/store_path.hh"
#include "tree/image_files.hh"

#include <algorithm>
#include <map>

namespace strata {

namespace {

// The target of a link in the folder DIRECTORY of the tree that leads to its
// folder TARGET.
std::string relative_link(std::string directory, const std::string &target) {
  std::string result;
  while (!directory.empty() && target != directory &&
         !target.starts_with(directory + "/")) {
    result += "../";
    std::size_t slash = directory.rfind('/');
    directory.resize(slash == std::string::npos ? 0 : slash);
  }
  std::size_t begin = directory.empty() ? 0 : directory.size() + 1;
  result += target.substr(std::min(begin, target.size()));
  if (result.ends_with('/'))
    result.pop_back();
  return result.empty() ? "." : result;
}

class Union {
public:
  Union(const StoreLocation &location, Tree &tree, Monitor &monitor)
      : files_(location), tree_(tree), monitor_(monitor) {}

  // Joins the directories SOURCES (logical paths) at PLACE of the tree.
  void join(const std::vector<std::string> &sources, const std::string &place) {
    monitor_.check();
    joined_.emplace(sources, place);
    std::map<std::string, std::vector<std::string>> candidates;
    for (const std::string &source : sources)
      for (const std::string &name :
           list_directory(files_.location().on_disk(source)))
        candidates[name].push_back(source + "/" + name);
    for (const auto &[name, paths] : candidates)
      put(paths, place.empty() ? name : place + "/" + name);
  }

private:
  // What stands at PLACE, where PATHS would like to be.
  void put(const std::vector<std::string> &paths, const std::string &place) {
    auto there = tree_.kind(place); // the profile's own texts
    if (there && there != Kind::directory)
      return;
    if (!there && paths.size() == 1) {
      tree_.add_symlink(place, paths.front());
      return;
    }

    std::vector<ImageFiles::Found> found;
    for (const std::string &path : paths)
      found.push_back(
          files_.find(path).value_or(ImageFiles::Found{path, Kind::symlink}));
    bool directories = there || found.front().kind == Kind::directory;
    if (directories) {
      std::vector<std::string> sources;
      for (const auto &one : found) {
        bool new_one = std::find(sources.begin(), sources.end(), one.path) ==
                       sources.end();
        if (one.kind != Kind::directory)
          warn(place, one.path, there ? "" : found.front().path);
        else if (new_one)
          sources.push_back(one.path);
      }
      if (!there && sources.size() == 1) {
        tree_.add_symlink(place, paths.front());
        return;
      }
      // The same directories again, as by a link that leads up: joining them
      // anew might never end.
      auto before = joined_.find(sources);
      if (!there && before != joined_.end()) {
        std::size_t slash = place.rfind('/');
        tree_.add_symlink(place, relative_link(slash == std::string::npos
                                                   ? ""
                                                   : place.substr(0, slash),
                                               before->second));
        return;
      }
      tree_.add_directory(place, {0555, 0, 0});
      join(sources, place);
    } else {
      tree_.add_symlink(place, paths.front());
      for (const auto &one : found)
        if (one.path != found.front().path)
          warn(place, one.path, found.front().path);
    }
  }

  void warn(const std::string &place, const std::string &left_out,
            const std::string &taken) {
    monitor_.warn(format(
        _("collision in the profile: '%s' is left out, '%s' has its place"),
        printable(left_out).c_str(),
        printable(taken.empty() ? place : taken).c_str()));
  }

  ImageFiles files_;
  Tree &tree_;
  Monitor &monitor_;
  // Where in the tree directories were joined.
  std::map<std::vector<std::string>, std::string> joined_;
};

} // namespace

VirtualItem make_profile(const StoreLocation &location,
                         const std::vector<std::string> &items,
                         const ProfileTexts &texts, Monitor &monitor) {
  auto tree = std::make_shared<Tree>();
  tree->add_directory("", {0555, 0, 0});
  tree->add_directory("etc", {0555, 0, 0});
  tree->add_file("etc/profile", texts.etc_profile, {0444, 0, 0});
  tree->add_file("manifest", texts.manifest, {0444, 0, 0});

  ImageFiles files(location);
  std::vector<std::string> directories;
  for (const std::string &item : items) {
    auto found = files.find(item);
    if (found && found->kind == Kind::directory)
      directories.push_back(found->path);
    else
      monitor.warn(
          format(_("'%s' is no folder: the profile has no links to it"),
                 printable(item).c_str()));
  }
  Union(location, *tree, monitor).join(directories, "");

  VirtualItem result{{}, tree, nar_info(*tree, monitor), items};
  result.path = source_path(location.directory, "profile", result.nar.hash);
  auto &references = result.references;
  std::sort(references.begin(), references.end());
  references.erase(std::unique(references.begin(), references.end()),
                   references.end());
  return result;
}

} // namespace strata
