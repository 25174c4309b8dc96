// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/base_image.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "image/found_plan.hh"
#include "image/image_choice.hh"
#include "layer/compressor.hh"
#include "layer/tar_reader.hh"

namespace strata {

namespace {

std::string media_type(Compression::Tool tool) {
  return "application/vnd.oci.image.layer.v1.tar" +
         std::string(media_type_suffix(tool));
}

// Leaves out of RUN the label that tells the plan of the base image: it is not
// that of the new one.
void forget_plan(std::vector<std::pair<std::string, Json>> &run) {
  std::erase_if(run, [](auto &member) {
    auto &[key, value] = member;
    if (key != "Labels" || !value.is_object() || !value.has(plan_label))
      return false;
    Json others = Json::object();
    for (const auto &[name, text] : value.members())
      if (name != plan_label)
        others.set(name, text);
    value = others;
    return others.members().empty();
  });
}

InheritedConfig inherited(const FoundImage &image) {
  Json config = Json::parse(*image.config, _("the base image's config"));
  InheritedConfig result;
  result.platform = image.platform;
  if (auto run = config.get("config"))
    result.run = run->members();
  forget_plan(result.run);
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
  FoundImage image = choose_image(read_images(members_, monitor), path, name,
                                  architecture, ImageUse::base);
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
  OffsetOutput copy(spool, 0);
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
