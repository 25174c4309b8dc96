// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/fragment_keys.hh"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace strata {

namespace {

constexpr int format_version = 1; // of DESIGN, section 4

// Bytes that shrink by about half, the same everywhere.
std::vector<std::byte> sample() {
  constexpr std::size_t size = 64 << 10;
  std::vector<std::byte> result;
  std::uint32_t state = 1;
  while (result.size() < size) {
    state = state * 1664525 + 1013904223; // a linear congruential generator
    result.push_back(std::byte((state >> 24) & 0x1f));
    if ((state >> 20) % 4 == 0)
      result.insert(result.end(), 8, result.back());
  }
  return result;
}

// NAMES may have any byte, so that each goes with its length.
void add(std::string &text, const std::string &name) {
  text += std::to_string(name.size()) + ":" + name + "\n";
}

std::string text_of(const EntryStyle &style) {
  auto number = [](const std::optional<unsigned> &id) {
    return id ? std::to_string(*id) : std::string("own");
  };
  std::string result = std::to_string(style.mtime) + " " + number(style.uid) +
                       " " + number(style.gid) + "\n";
  add(result, style.user_name);
  add(result, style.group_name);
  return result;
}

// Compresses all fragments but those of items, which are small.
class RestOutput : public FragmentOutput {
public:
  explicit RestOutput(const Compressor &compressor) : compressor_(compressor) {}
  void write(Bytes bytes) override {
    block_.insert(block_.end(), bytes.begin(), bytes.end());
  }
  void end_fragment() override {
    auto compressed = compressor_.compress(std::exchange(block_, {}));
    result_.insert(result_.end(), compressed.begin(), compressed.end());
  }
  bool begin_item(const LayerItem &) override { return false; }
  const std::vector<std::byte> &result() const { return result_; }

private:
  const Compressor &compressor_;
  std::vector<std::byte> block_, result_;
};

} // namespace

FragmentKeys::FragmentKeys(const Compression &compression,
                           const Compressor &compressor)
    : library_(&compressor) {
  compressor_ = std::to_string(format_version) + "\n";
  add(compressor_, std::string(media_type_suffix(compression.tool)) + ":" +
                       std::to_string(compression.level) + ":" +
                       compressor.version());
  add(compressor_, sha256(compressor.compress(sample())).hex());
}

std::vector<std::byte>
FragmentKeys::compressed_rest(const LayerContents &layer) const {
  RestOutput rest(*library_);
  Monitor unwatched;
  write_layer(layer, rest, unwatched);
  return rest.result();
}

std::optional<Digest> FragmentKeys::of_item(const LayerContents &layer,
                                            const LayerItem &item) const {
  if (!item.nar_hash || !layer.transformations.empty())
    return {};
  std::string text = "fragment\n" + compressor_ + text_of(layer.style);
  add(text, item.path);
  add(text, item.nar_hash->hex());
  return sha256(as_bytes(text));
}

Digest FragmentKeys::of_layer(const LayerContents &layer,
                              const std::vector<Digest> &fragments,
                              const Digest &stamp) const {
  std::string text = "layer\n" + sha256(compressed_rest(layer)).hex() + "\n";
  for (const Digest &fragment : fragments)
    text += fragment.hex() + "\n";
  return sha256(as_bytes(text + stamp.hex()));
}

bool can_be_known(const LayerContents &layer) {
  return !layer.root && layer.transformations.empty() &&
         std::all_of(layer.items.begin(), layer.items.end(),
                     [](const LayerItem &item) { return item.nar_hash; });
}

Digest plain_layer_key(const LayerContents &layer, const Digest &stamp) {
  std::string text =
      "plain\n" + std::to_string(format_version) + "\n" + text_of(layer.style);
  add(text, layer.store_directory);
  for (const LayerItem &item : layer.items) {
    add(text, item.path);
    add(text, item.nar_hash->hex());
  }
  return sha256(as_bytes(text + stamp.hex()));
}

} // namespace strata
