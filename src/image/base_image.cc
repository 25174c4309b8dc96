// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/base_image.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/compressor.hh"
#include "layer/tar_reader.hh"

#include <algorithm>
#include <functional>

namespace strata {

namespace {

// Whether a name of IMAGE is NAME, which may lack its tag, or, unless it must
// be EXACT, ends with it.
bool is_named(const FoundImage &image, const std::string &name, bool exact) {
  std::string tagged = name + ":latest";
  return std::any_of(image.names.begin(), image.names.end(),
                     [&](const std::string &one) {
                       if (one == name || one == tagged)
                         return true;
                       return !exact && (one.ends_with("/" + name) ||
                                         one.ends_with("/" + tagged) ||
                                         one.ends_with(":" + name));
                     });
}

// Leaves those of IMAGES that are called NAME; those whose whole name it is go
// before those that only end with it.
void keep_named(std::vector<FoundImage> &images, const std::string &name) {
  bool exact =
      std::any_of(images.begin(), images.end(), [&](const FoundImage &image) {
        return is_named(image, name, true);
      });
  std::erase_if(images, [&](const FoundImage &image) {
    return !is_named(image, name, exact);
  });
}

// What an image does not say fits.
bool fits(const FoundImage &image, const std::string &architecture) {
  const Platform &own = image.platform;
  return (own.os.empty() || own.os == "linux") &&
         (architecture.empty() || own.architecture.empty() ||
          own.architecture == architecture);
}

// The best first: armhf is ARMv7; of all else, what runs on every machine.
std::size_t rank(const Platform &platform) {
  static const std::vector<std::string> arm = {"v7", "", "v6", "v5"};
  static const std::vector<std::string> others = {"", "v8", "v1"};
  const auto &order = platform.architecture == "arm" ? arm : others;
  return std::find(order.begin(), order.end(), platform.variant) -
         order.begin();
}

// Where IMAGES are one for several variants, leaves the best.
void keep_best_variant(std::vector<FoundImage> &images) {
  const FoundImage &first = images.front();
  for (const FoundImage &image : images)
    if (image.names != first.names ||
        image.platform.architecture != first.platform.architecture)
      return;
  std::size_t best =
      rank(std::min_element(images.begin(), images.end(),
                            [](const FoundImage &one, const FoundImage &other) {
                              return rank(one.platform) < rank(other.platform);
                            })
               ->platform);
  std::erase_if(images, [&](const FoundImage &image) {
    return rank(image.platform) != best;
  });
}

// "linux/arm/v7".
std::string text_of(const Platform &platform) {
  return platform.os + "/" + platform.architecture +
         (platform.variant.empty() ? "" : "/" + platform.variant);
}

// "a:1 (linux/amd64), a:1 (linux/arm64)".
std::string listed(const std::vector<FoundImage> &images) {
  std::string result;
  auto add = [&](const std::string &text) {
    result += (result.empty() ? "" : ", ") + printable(text);
  };
  for (const FoundImage &image : images) {
    std::string platform = text_of(image.platform);
    for (const std::string &name : image.names)
      add(name + " (" + platform + ")");
    if (image.names.empty())
      add(platform);
  }
  return result;
}

// The image for ARCHITECTURE; where that is empty and there are several, the
// one for this machine.
FoundImage choose(std::vector<FoundImage> images, const std::string &path,
                  const std::string &name, const std::string &architecture) {
  std::string attempt =
      format(_("cannot build on '%s'"), printable(path).c_str());
  std::string all = listed(images);
  if (!name.empty())
    keep_named(images, name);
  if (images.empty())
    throw Error(attempt,
                name.empty() ? _("it holds no image")
                             : format(_("it holds no image '%s'"),
                                      printable(name).c_str()),
                all.empty() ? "" : format(_("it holds: %s"), all.c_str()));

  std::string named = listed(images);
  std::erase_if(images, [&](const FoundImage &image) {
    return !fits(image, architecture);
  });
  if (images.empty())
    throw Error(
        attempt,
        format(
            _("it is not for %s but for: %s"),
            (architecture.empty() ? "linux" : "linux/" + architecture).c_str(),
            named.c_str()),
        _("without '--system' the image is for what the base image "
          "is for"));

  if (images.size() > 1 && architecture.empty()) {
    std::string own = architecture_of_system(system_of_machine());
    auto is_own = [&](const FoundImage &image) { return fits(image, own); };
    if (std::any_of(images.begin(), images.end(), is_own))
      std::erase_if(images, std::not_fn(is_own));
  }
  keep_best_variant(images);
  if (images.size() > 1)
    throw Error(
        attempt, _("it holds several images"),
        format(_("choose with '--base-name' or '--system'; it holds: %s"),
               all.c_str()));
  return std::move(images.front());
}

std::string media_type(Compression::Tool tool) {
  return "application/vnd.oci.image.layer.v1.tar" +
         std::string(media_type_suffix(tool));
}

InheritedConfig inherited(const FoundImage &image) {
  Json config = Json::parse(*image.config, _("the base image's config"));
  InheritedConfig result;
  result.architecture = image.platform.architecture;
  result.variant = image.platform.variant;
  if (auto run = config.get("config"))
    result.run = run->members();
  auto history = config.get("history");
  std::size_t described = 0;
  for (const Json &entry :
       history ? history->elements() : std::vector<Json>()) {
    auto empty = entry.get("empty_layer");
    described += empty && empty->is_true() ? 0 : 1;
    result.history.push_back(entry);
  }
  // A history that does not fit the layers says nothing about them.
  if (described != image.layers.size())
    result.history.clear();
  return result;
}

// Gives bytes to a reader that asks for them.
class WrittenInput : public ByteInput {
public:
  explicit WrittenInput(FileDescriptor file) : file_(std::move(file)) {}
  std::size_t read(std::span<std::byte> buffer) override {
    std::size_t got = read_at(file_, _("a temporary file"), buffer.data(),
                              buffer.size(), offset_);
    offset_ += got;
    return got;
  }

private:
  FileDescriptor file_;
  std::uint64_t offset_ = 0;
};

} // namespace

BaseImage::BaseImage(const std::string &path, const std::string &name,
                     const std::string &architecture, Monitor &monitor)
    : members_(path, Members::Blobs::keep, monitor) {
  FoundImage image =
      choose(read_images(members_, monitor), path, name, architecture);
  for (const FoundLayer &layer : image.layers)
    add_layer(layer);
  config_ = inherited(image);
}

void BaseImage::add_layer(const FoundLayer &layer) {
  const LayerScan &scan = *layer.scan;
  LayerDescriptor result;
  result.digest = scan.digest;
  result.size = scan.size;
  result.diff_id = scan.diff_id;
  result.comment = layer.comment;
  if (scan.compressor == "gzip") {
    result.media_type = media_type(Compression::Tool::gzip);
  } else if (scan.compressor == "zstd") {
    result.media_type = media_type(Compression::Tool::zstd);
  } else {
    result.media_type = media_type(Compression::Tool::none);
    result.digest = scan.diff_id;
    result.size = scan.plain_size;
  }
  found_.push_back(layer);
  layers_.push_back(std::move(result));
}

void BaseImage::write_layer(std::size_t index, ByteOutput &output,
                            Monitor &monitor) const {
  const FoundLayer &layer = found_[index];
  if (layers_[index].digest == layer.scan->digest)
    return members_.write(layer.name, output, monitor);
  FileDescriptor spool = unnamed_file();
  OffsetOutput copy(spool, _("a temporary file"), 0);
  members_.write(layer.name, copy, monitor);
  WrittenInput compressed(std::move(spool));
  PlainInput plain(compressed);
  std::vector<std::byte> buffer(256 << 10);
  while (std::size_t got = plain.read(buffer)) {
    output.write(Bytes(buffer).first(got));
    monitor.check();
  }
}

} // namespace strata
