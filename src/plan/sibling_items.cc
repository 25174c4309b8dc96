// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/sibling_items.hh"

#include "store/store_path.hh"

#include <algorithm>
#include <tuple>

namespace strata {

namespace {

// What an item is in every image: its name, and how many items of the same name
// come before it.
using Key = std::pair<std::string_view, std::uint32_t>;

std::vector<Key> keys_of(const SortedItems &items) {
  std::vector<Key> keys;
  for (Rank rank = 0; rank < items.count(); ++rank) {
    std::string_view name = item_name(items.path(rank));
    bool again = rank > 0 && keys.back().first == name;
    keys.push_back({name, again ? keys.back().second + 1 : 0});
  }
  return keys;
}

struct Image {
  SortedItems items;
  std::vector<Key> keys; // by rank
  std::size_t given;     // its place in the list of own and siblings
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
  std::vector<Image> images;
  images.push_back({own, keys_of(own), 0});
  for (const ImageItems &sibling : siblings) {
    SortedItems items(sibling);
    std::vector<Key> keys = keys_of(items);
    images.push_back({std::move(items), std::move(keys), images.size()});
  }
  std::stable_sort(
      images.begin(), images.end(),
      [](const Image &a, const Image &b) { return a.keys < b.keys; });
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
    if (i == 0 || image.keys != images[i - 1].keys)
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
