// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/sink.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "sink/archive_file.hh"
#include "sink/archive_stream.hh"
#include "sink/oci_directory.hh"
#include "sink/tarball.hh"

#include <sys/stat.h>

namespace strata {

void check_sink(const SinkRequest &request) {
  const std::string &output = request.output;
  struct stat status;
  if (request.format == SinkRequest::Format::oci) {
    if (output == "-")
      throw Error(_("cannot write an OCI directory to standard output"));
    if (!request.compression.none())
      throw Error(_("cannot compress an OCI directory as a whole"), {},
                  _("layers can be compressed by gzip or zstd"));
  } else if (output != "-" && stat(output.c_str(), &status) == 0 &&
             S_ISDIR(status.st_mode)) {
    throw Error(format(_("cannot write to '%s'"), printable(output).c_str()),
                _("it is a folder"));
  }
}

std::unique_ptr<Sink> make_sink(const SinkRequest &request, Monitor &monitor) {
  const std::string &output = request.output;
  check_sink(request);
  if (request.format == SinkRequest::Format::oci)
    return std::make_unique<OciDirectory>(output, monitor);
  auto stream = [&] {
    return make_stream_target(output, request.compression, request.jobs,
                              monitor);
  };
  if (request.format == SinkRequest::Format::tarball)
    return std::make_unique<Tarball>(stream());
  if (is_stream(output) || !request.compression.none())
    return std::make_unique<ArchiveStream>(stream());
  return std::make_unique<ArchiveFile>(output, monitor);
}

} // namespace strata
