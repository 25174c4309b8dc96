// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: fuzzes the reader of image archives with documents and layers whose
// digests are right, which bytes that were changed at random never are.
// Format: parts that each begin with a line "=NAME", and hold what follows
// until "\n=".  A NAME that is empty is that of a blob; "NAME -> TARGET" is a
// symlink.  In a name and a content $hN, $dN, $sN and $pN are the hexadecimal
// digest, the digest as OCI spells it, the size and the diff_id of part N, a
// digit, one of those before.

#include "image-check.hh"
#include "layer/layer_scan.hh"
#include "layer/tar_writer.hh"

using namespace strata;

namespace {

// Gives the bytes of a text.
class TextInput : public ByteInput {
public:
  explicit TextInput(std::string_view text) : text_(text) {}
  std::size_t read(std::span<std::byte> buffer) override {
    std::size_t size = std::min(buffer.size(), text_.size());
    std::copy_n(as_bytes(text_).begin(), size, buffer.begin());
    text_.remove_prefix(size);
    return size;
  }

private:
  std::string_view text_;
};

std::string diff_id(const std::string &blob) {
  TextInput input(blob);
  Monitor monitor;
  return scan_layer(input, monitor).diff_id.oci();
}

// What KIND, one of "hdsp", says of PART; nothing for another.
std::optional<std::string> property(char kind, const std::string &part) {
  switch (kind) {
  case 'h':
    return sha256(as_bytes(part)).hex();
  case 'd':
    return sha256(as_bytes(part)).oci();
  case 's':
    return std::to_string(part.size());
  case 'p':
    return diff_id(part);
  default:
    return {};
  }
}

std::string expanded(std::string_view text,
                     const std::vector<std::string> &parts) {
  constexpr int most = 100; // so that little input stays little work
  std::string result;
  for (int done = 0; !text.empty();) {
    std::optional<std::string> value;
    if (text.size() > 2 && text[0] == '$' && done < most)
      if (std::size_t part = text[2] - '0'; part < parts.size())
        value = property(text[1], parts[part]);
    result += value ? *value : text.substr(0, 1);
    text.remove_prefix(value ? 3 : 1);
    done += value ? 1 : 0;
  }
  return result;
}

// Cuts TEXT at MARK and returns what is before it.
std::string_view cut(std::string_view &text, std::string_view mark) {
  std::string_view first = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(text.size(), first.size() + mark.size()));
  return first;
}

class Archive {
public:
  Archive() : writer_(output_) {}

  void add(std::string_view part) {
    std::string_view name = cut(part, "\n");
    parts_.push_back(expanded(part, parts_));
    std::string_view link = name;
    if (std::string_view path = cut(link, " -> "); !link.empty())
      return add({expanded(path, parts_),
                  Kind::symlink,
                  {},
                  0,
                  expanded(link, parts_),
                  {}});
    std::string path = name.empty() ? blob_path(sha256(as_bytes(parts_.back())))
                                    : expanded(name, parts_);
    add({path, Kind::file, {}, parts_.back().size(), {}, {}}, parts_.back());
  }

  const std::string &finish() {
    writer_.finish();
    return output_.text();
  }

private:
  void add(const TarEntry &entry, std::string_view content = {}) {
    writer_.begin(entry);
    if (!content.empty())
      writer_.write(as_bytes(content));
    writer_.end_entry();
  }

  MemoryOutput output_;
  TarWriter writer_;
  std::vector<std::string> parts_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data,
                                      std::size_t size) {
  fuzz::run([&] {
    std::string_view rest = fuzz::input(data, size);
    cut(rest, "=");
    Archive archive;
    while (!rest.empty())
      archive.add(cut(rest, "\n="));
    fuzz::check_images(archive.finish());
  });
  return 0;
}
