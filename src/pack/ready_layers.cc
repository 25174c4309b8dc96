// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/ready_layers.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/layer_scan.hh"

#include <algorithm>
#include <memory>

namespace strata {

namespace {

void copy_file(const std::string &path, ByteOutput &output, Monitor &monitor) {
  FileInput file(path, monitor);
  std::vector<std::byte> buffer(256 << 10);
  while (std::size_t got = file.read(buffer))
    output.write(Bytes(buffer).first(got));
}

// The layers of BASE, which they keep alive.
std::vector<ReadyLayer> base_layers(std::shared_ptr<const BaseImage> base) {
  std::vector<ReadyLayer> result;
  for (std::size_t i = 0; i < base->layers().size(); ++i)
    result.push_back({base->layers()[i], base->scan(i).items,
                      base->scan(i).plain_size,
                      [base, i](ByteOutput &output, Monitor &monitor) {
                        base->write_layer(i, output, monitor);
                      }});
  return result;
}

// Both the base and what lies on it must run.
void inherit_platform(ImageConfig &config) {
  const Platform &base = config.base->platform;
  bool asked = !config.architecture.empty();
  if (!asked)
    config.architecture = base.architecture;
  if (config.architecture == base.architecture)
    config.variant = base.variant;
  // The system armhf needs ARMv7, which is what no variant means.
  if (asked && config.architecture == "arm" &&
      (base.variant == "v5" || base.variant == "v6"))
    config.variant.clear();
}

} // namespace

PackRequest with_base(PackRequest request, Monitor &monitor) {
  ImageConfig &config = request.config;
  if (request.base) {
    monitor.begin_stage(_("reading the image"));
    auto base = std::make_shared<const BaseImage>(
        request.base->path, request.base->name, config.architecture, monitor);
    request.base_layers = base_layers(base);
    config.base = base->config();
    inherit_platform(config);
  }
  if (config.architecture.empty())
    config.architecture = architecture_of_system(system_of_machine());
  if (!request.max_layers)
    request.max_layers = request.base_layers.size() +
                         request.last_layers.size() +
                         std::max<std::size_t>(request.given_groups.size(), 1);
  return request;
}

ReadyLayer file_layer(const std::string &path, const Digest &digest,
                      Monitor &monitor) {
  FileInput file(path, monitor);
  LayerScan scan = scan_layer(file, monitor);
  std::string attempt =
      format(_("cannot use the layer '%s'"), printable(path).c_str());
  if (!scan.problem.empty())
    throw Error(attempt, scan.problem);
  if (scan.compressor != "none")
    throw Error(attempt, _("it is compressed"));
  if (scan.digest != digest)
    throw Error(attempt, _("its checksum is not the one recorded"));
  LayerDescriptor descriptor{"application/vnd.oci.image.layer.v1.tar",
                             scan.digest, scan.size, scan.diff_id,
                             "customisation layer"};
  return {descriptor, scan.items, scan.plain_size,
          [path](ByteOutput &output, Monitor &again) {
            copy_file(path, output, again);
          }};
}

void copy_layers(const std::vector<ReadyLayer> &layers, Sink &sink,
                 Monitor &monitor) {
  std::uint64_t total = 0;
  for (const ReadyLayer &layer : layers)
    total += layer.descriptor.size;
  if (total > 0)
    monitor.begin_stage(_("writing layers"), total);
  for (const ReadyLayer &layer : layers) {
    auto blob =
        sink.begin_blob({layer.descriptor.size, layer.descriptor.digest});
    Sha256 hash;
    CountingOutput count;
    TeeOutput checked(hash, count);
    TeeOutput output(*blob, checked);
    layer.write(output, monitor);
    if (hash.finish() != layer.descriptor.digest ||
        count.count() != layer.descriptor.size)
      throw Error(_("cannot copy a layer"),
                  _("it changed while the image was made"));
    blob->finish(layer.descriptor.digest, layer.descriptor.size);
    monitor.advance(layer.descriptor.size);
  }
}

} // namespace strata
