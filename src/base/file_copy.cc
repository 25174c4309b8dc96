// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/file_copy.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/text.hh"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace strata {

namespace {

constexpr std::size_t buffer_size = 256 << 10;
constexpr std::size_t most_at_once = 16 << 20; // then somebody may cancel

[[noreturn]] void fail_short(const FileRange &range) {
  throw Error(format(_("cannot read '%s'"), printable(range.name).c_str()),
              _("it is shorter than it was"));
}

void copy_rest(const FileRange &range, std::uint64_t done, ByteOutput &output,
               const Monitor &monitor) {
  std::vector<std::byte> buffer(buffer_size);
  while (done < range.size) {
    monitor.check();
    std::size_t wanted =
        std::min<std::uint64_t>(buffer.size(), range.size - done);
    std::size_t got =
        read_at(range.file, range.name, buffer.data(), wanted, done);
    if (got == 0)
      fail_short(range);
    output.write(Bytes(buffer).first(got));
    done += got;
  }
}

} // namespace

void copy_to_file(const FileRange &range, const FileDescriptor &file,
                  const std::string &name, std::uint64_t offset,
                  const Monitor &monitor) {
  std::uint64_t done = 0;
  while (done < range.size) {
    monitor.check();
    auto from = static_cast<off64_t>(done);
    auto to = static_cast<off64_t>(offset + done);
    ssize_t got = copy_file_range(
        range.file.get(), &from, file.get(), &to,
        std::min<std::uint64_t>(most_at_once, range.size - done), 0);
    if (got < 0 && errno == EINTR)
      continue;
    // What is wrong, if anything, is found by copying in the usual way.
    if (got <= 0)
      break;
    done += got;
  }
  OffsetOutput output(file, name, offset + done);
  copy_rest(range, done, output, monitor);
}

void copy_to_output(const FileRange &range, ByteOutput &output,
                    const Monitor &monitor) {
  copy_rest(range, 0, output, monitor);
}

} // namespace strata
