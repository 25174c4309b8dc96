// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/image_choice.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "image/config.hh"
#include "image/reference.hh"

#include <algorithm>
#include <functional>

namespace strata {

namespace {

constexpr int most_listed = 20; // in an error

bool has_whole_name(const FoundImage &image, const std::string &name) {
  return std::any_of(image.names.begin(), image.names.end(),
                     [&, full = full_name(name)](const std::string &one) {
                       return one == name || full_name(one) == full;
                     });
}

bool has_name_that_ends(const FoundImage &image, const std::string &name) {
  return std::any_of(image.names.begin(), image.names.end(),
                     [&](const std::string &one) {
                       return one.ends_with("/" + name) ||
                              one.ends_with("/" + name + ":latest") ||
                              one.ends_with(":" + name);
                     });
}

// Leaves those of IMAGES that are called NAME; those whose whole name it is go
// before those that only end with it.  Returns whether there were such.
bool keep_named(std::vector<FoundImage> &images, const std::string &name) {
  auto is_meant = [&](const FoundImage &image) {
    return has_whole_name(image, name);
  };
  bool whole = std::any_of(images.begin(), images.end(), is_meant);
  std::erase_if(images, [&](const FoundImage &image) {
    return whole ? !is_meant(image) : !has_name_that_ends(image, name);
  });
  return whole;
}

// Leaves the best of IMAGES if they are variants of one: because one inner
// index lists them, or because all have the name that was asked for.
void keep_best_variant(std::vector<FoundImage> &images, bool named) {
  const FoundImage &first = images.front();
  for (const FoundImage &image : images)
    if (image.platform.architecture != first.platform.architecture ||
        (!named && (image.index.empty() || image.index != first.index)))
      return;
  auto best =
      std::min_element(images.begin(), images.end(),
                       [](const FoundImage &one, const FoundImage &other) {
                         return one.platform.is_better_than(other.platform);
                       });
  std::erase_if(images,
                [variant = best->platform.variant](const FoundImage &image) {
                  return image.platform.variant != variant;
                });
}

// "a:1 (linux/amd64), a:1 (linux/arm64)".
std::string listed(const std::vector<FoundImage> &images) {
  std::string result;
  int count = 0;
  auto add = [&](const std::string &text) {
    if (++count > most_listed + 1)
      return;
    result += (result.empty() ? "" : ", ") +
              (count <= most_listed ? printable(text) : "...");
  };
  for (const FoundImage &image : images) {
    if (count > most_listed)
      break;
    for (const std::string &name : image.names)
      add(name + " (" + image.platform.text() + ")");
    if (image.names.empty())
      add(image.platform.text());
  }
  return result;
}

} // namespace

FoundImage choose_image(std::vector<FoundImage> images, const std::string &path,
                        const std::string &name,
                        const std::string &architecture, ImageUse use) {
  std::string attempt =
      format(use == ImageUse::base ? _("cannot build on '%s'")
                                   : _("cannot look at the plan of '%s'"),
             printable(path).c_str());
  std::string all = listed(images);
  bool named = !name.empty() && keep_named(images, name);
  if (images.empty())
    throw Error(attempt,
                name.empty() ? _("it holds no image")
                             : format(_("it holds no image '%s'"),
                                      printable(name).c_str()),
                all.empty() ? "" : format(_("it holds: %s"), all.c_str()));

  std::string others = listed(images);
  std::erase_if(images, [&](const FoundImage &image) {
    return !image.platform.fits(architecture);
  });
  if (images.empty())
    throw Error(
        attempt,
        format(
            _("it is not for %s but for: %s"),
            (architecture.empty() ? "linux" : "linux/" + architecture).c_str(),
            others.c_str()),
        _("without '--system' the image is for what the base image "
          "is for"));

  if (images.size() > 1 && architecture.empty()) {
    std::string own = architecture_of_system(system_of_machine());
    auto is_own = [&](const FoundImage &image) {
      return image.platform.fits(own);
    };
    if (std::any_of(images.begin(), images.end(), is_own))
      std::erase_if(images, std::not_fn(is_own));
  }
  keep_best_variant(images, named);
  if (images.size() > 1)
    throw Error(
        attempt, _("it holds several images"),
        format(use == ImageUse::base
                   ? _("choose with '--base-name' or '--system'; it holds: %s")
                   : _("write FILE:NAME to choose one; it holds: %s"),
               all.c_str()));
  return std::move(images.front());
}

} // namespace strata
