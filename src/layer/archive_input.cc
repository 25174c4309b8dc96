// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/archive_input.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <algorithm>

namespace strata {

namespace {

constexpr std::size_t block_size = 256 << 10;

} // namespace

ArchiveInput::ArchiveInput(ByteInput &input)
    : input_(input),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(block_size)),
      handle_(archive_read_new()) {
  if (!handle_)
    throw std::bad_alloc();
}

// libarchive's callback: no exception may pass through C.
la_ssize_t ArchiveInput::give(archive *handle, void *self,
                              const void **data) noexcept {
  auto *input = static_cast<ArchiveInput *>(self);
  try {
    if (input->failure_)
      std::rethrow_exception(input->failure_);
    std::size_t got = input->input_.read({input->buffer_.get(), block_size});
    input->taken_ += got;
    *data = input->buffer_.get();
    return static_cast<la_ssize_t>(got);
  } catch (...) {
    input->failure_ = std::current_exception();
    archive_set_error(handle, -1, "%s", "input failed");
    return -1;
  }
}

// The same, for what libarchive has no use for.  Where it cannot be skipped,
// libarchive reads it.
la_int64_t ArchiveInput::skip(archive *, void *self,
                              la_int64_t count) noexcept {
  auto *input = static_cast<ArchiveInput *>(self);
  try {
    std::uint64_t skipped =
        count > 0 ? input->input_.skip(static_cast<std::uint64_t>(count)) : 0;
    input->taken_ += skipped;
    return static_cast<la_int64_t>(skipped);
  } catch (...) {
    input->failure_ = std::current_exception();
    return 0;
  }
}

void ArchiveInput::check(la_ssize_t result) {
  if (failure_)
    std::rethrow_exception(failure_);
  if (result >= ARCHIVE_OK || result == ARCHIVE_WARN)
    return;
  const char *cause = archive_error_string(handle_.get());
  throw Error(_("cannot read the archive"),
              printable(cause != nullptr ? cause : _("it is damaged")));
}

void ArchiveInput::open() {
  check(archive_read_open2(handle_.get(), this, nullptr, &ArchiveInput::give,
                           &ArchiveInput::skip, nullptr));
}

archive_entry *ArchiveInput::next_header() {
  archive_entry *entry = nullptr;
  int result = archive_read_next_header(handle_.get(), &entry);
  if (result == ARCHIVE_EOF && !failure_)
    return nullptr;
  check(result);
  return entry;
}

std::size_t ArchiveInput::read(std::span<std::byte> buffer) {
  la_ssize_t got =
      archive_read_data(handle_.get(), buffer.data(), buffer.size());
  check(got);
  return static_cast<std::size_t>(std::max<la_ssize_t>(got, 0));
}

} // namespace strata
