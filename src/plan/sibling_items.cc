// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/sibling_items.hh"

#include "store/store_path.hh"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace strata {

namespace {

// What an item is in every image: its name, and which of those with that name.
using Key = std::pair<std::string_view, std::uint32_t>;

// For each path that several images have, of those that share their name with
// others of an image: its number among them.
using SharedNumbers = std::map<std::string_view, std::uint32_t>;

std::vector<std::string_view> paths_of(const SortedItems &items) {
  std::vector<std::string_view> paths;
  for (Rank rank = 0; rank < items.count(); ++rank)
    paths.push_back(items.path(rank));
  return paths;
}

// Of IMAGES that are equal one counts, so that all of a fleet find the same.
SharedNumbers number_shared(const std::vector<SortedItems> &images) {
  std::set<std::vector<std::string_view>> different;
  for (const SortedItems &image : images)
    different.insert(paths_of(image));
  std::set<std::string_view> ambiguous; // names
  for (const auto &paths : different)
    for (std::size_t i = 1; i < paths.size(); ++i)
      if (item_name(paths[i]) == item_name(paths[i - 1]))
        ambiguous.insert(item_name(paths[i]));

  std::map<std::pair<std::string_view, std::string_view>, std::size_t> counts;
  if (!ambiguous.empty())
    for (const auto &paths : different)
      for (std::string_view path : paths)
        if (ambiguous.contains(item_name(path)))
          ++counts[{item_name(path), path}];
  SharedNumbers numbers;
  std::string_view last;
  std::uint32_t next = 0;
  for (const auto &[path, count] : counts) {
    if (path.first != last)
      next = 0;
    last = path.first;
    if (count > 1)
      numbers[path.second] = next++;
  }
  return numbers;
}

// The keys of the items from FIRST to LAST, which have one name: shared ones as
// they are numbered, the others take the numbers that are left.
void add_keys(std::vector<Key> &keys, const SortedItems &items, Rank first,
              Rank last, const SharedNumbers &shared) {
  std::set<std::uint32_t> taken;
  for (Rank rank = first; rank < last && !shared.empty(); ++rank)
    if (auto found = shared.find(items.path(rank)); found != shared.end())
      taken.insert(found->second);
  std::uint32_t next = 0;
  for (Rank rank = first; rank < last; ++rank) {
    std::string_view name = item_name(items.path(rank));
    auto found = shared.find(items.path(rank));
    if (found != shared.end()) {
      keys.push_back({name, found->second});
      continue;
    }
    while (taken.contains(next))
      ++next;
    keys.push_back({name, next++});
  }
}

std::vector<Key> keys_of(const SortedItems &items,
                         const SharedNumbers &shared) {
  std::vector<Key> keys;
  Rank first = 0;
  for (Rank rank = 1; rank <= items.count(); ++rank)
    if (rank == items.count() ||
        item_name(items.path(rank)) != item_name(items.path(first))) {
      add_keys(keys, items, first, rank, shared);
      first = rank;
    }
  return keys;
}

struct Image {
  SortedItems items;
  std::vector<Key> keys;   // by rank
  std::vector<Key> sorted; // the same
  std::size_t given;       // its place in the list of own and siblings
};

std::size_t place_of(const std::vector<Key> &all, const Key &key) {
  return static_cast<std::size_t>(
      std::lower_bound(all.begin(), all.end(), key) - all.begin());
}

// Adds what IMAGE knows of its items.
void add_image(ImageItems &items, const std::vector<Key> &all,
               const Image &image) {
  for (Rank rank = 0; rank < image.keys.size(); ++rank) {
    PlanItem &item = items[place_of(all, image.keys[rank])];
    const PlanItem &from = image.items.item(rank);
    if (item.path.empty() || from.path < item.path)
      item.path = from.path;
    item.size = std::max(item.size, from.size);
    item.placed = item.placed || from.placed;
    std::string source(source_of(from));
    if (item.source.empty() || source < item.source)
      item.source = std::move(source);
    for (Rank reference : image.items.references(rank))
      item.references.push_back(place_of(all, image.keys[reference]));
  }
}

// Images in an order that their items decide, those with the same items next to
// each other.
std::vector<Image> find_images(const SortedItems &own,
                               const std::vector<ImageItems> &siblings) {
  std::vector<SortedItems> all{own};
  for (const ImageItems &sibling : siblings)
    all.emplace_back(sibling);
  SharedNumbers shared = number_shared(all);
  std::vector<Image> images;
  for (SortedItems &items : all) {
    std::vector<Key> keys = keys_of(items, shared), sorted = keys;
    std::sort(sorted.begin(), sorted.end());
    images.push_back(
        {std::move(items), std::move(keys), std::move(sorted), images.size()});
  }
  std::stable_sort(
      images.begin(), images.end(),
      [](const Image &a, const Image &b) { return a.sorted < b.sorted; });
  return images;
}

} // namespace

SiblingItems find_sibling_items(const SortedItems &own,
                                const std::vector<ImageItems> &siblings) {
  std::vector<Image> images = find_images(own, siblings);
  std::vector<Key> all;
  for (const Image &image : images)
    all.insert(all.end(), image.keys.begin(), image.keys.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());

  SiblingItems result;
  result.items.resize(all.size());
  result.holders = BitRows(all.size(), images.size());
  result.images.resize(images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const Image &image = images[i];
    add_image(result.items, all, image);
    if (i == 0 || image.sorted != images[i - 1].sorted)
      ++result.image_count;
    SiblingItems::Image &known = result.images[image.given];
    known.number = result.image_count - 1;
    known.ranks.assign(all.size(), static_cast<Rank>(image.keys.size()));
    for (Rank rank = 0; rank < image.keys.size(); ++rank) {
      std::size_t place = place_of(all, image.keys[rank]);
      set_bit(result.holders[place], known.number);
      known.ranks[place] = rank;
    }
  }
  return result;
}

} // namespace strata
