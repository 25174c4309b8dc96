// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/tar_writer.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <archive.h>
#include <archive_entry.h>

#include <exception>

namespace strata {

namespace {

constexpr std::uint64_t ustar_name_size = 100;
constexpr std::uint64_t ustar_size_limit = std::uint64_t(1) << 33;
constexpr unsigned ustar_owner_limit = 1 << 18;

mode_t file_type(Kind kind) {
  switch (kind) {
  case Kind::directory:
    return AE_IFDIR;
  case Kind::symlink:
    return AE_IFLNK;
  case Kind::file:
    break;
  }
  return AE_IFREG;
}

bool needs_binary(const TarEntry &entry) {
  return !is_ascii(entry.path) || !is_ascii(entry.target);
}

} // namespace

// One libarchive writer.
class TarWriter::Archive {
public:
  Archive(ByteOutput &output, bool binary)
      : output_(output), handle_(archive_write_new()),
        entry_(archive_entry_new()) {
    if (!handle_ || !entry_)
      throw std::bad_alloc();
    check(archive_write_set_format_pax_restricted(handle_.get()));
    check(archive_write_set_bytes_per_block(handle_.get(), 0));
    if (binary)
      check(archive_write_set_options(handle_.get(), "hdrcharset=BINARY"));
    check(archive_write_open(handle_.get(), this, nullptr, &Archive::take,
                             nullptr));
  }

  // Freeing the handle closes the archive: what is missing, up to the rest of
  // a large file, must not be written then.
  ~Archive() { abandoned_ = true; }

  void begin(const TarEntry &entry) {
    archive_entry *e = archive_entry_clear(entry_.get());
    archive_entry_copy_pathname(e, entry.path.c_str());
    archive_entry_set_filetype(e, file_type(entry.kind));
    Attributes attributes = entry.style.owned(entry.attributes);
    archive_entry_set_perm(e, attributes.mode);
    archive_entry_set_uid(e, attributes.uid);
    archive_entry_set_gid(e, attributes.gid);
    archive_entry_set_mtime(e, entry.style.mtime, 0);
    if (!entry.style.user_name.empty())
      archive_entry_copy_uname(e, entry.style.user_name.c_str());
    if (!entry.style.group_name.empty())
      archive_entry_copy_gname(e, entry.style.group_name.c_str());
    archive_entry_set_size(e, static_cast<std::int64_t>(entry.size));
    if (entry.kind == Kind::symlink)
      archive_entry_copy_symlink(e, entry.target.c_str());
    check(archive_write_header(handle_.get(), e));
  }

  void write(Bytes bytes) {
    if (bytes.empty())
      return;
    la_ssize_t done =
        archive_write_data(handle_.get(), bytes.data(), bytes.size());
    if (failure_ || done != static_cast<la_ssize_t>(bytes.size()))
      fail();
  }

  void end_entry() { check(archive_write_finish_entry(handle_.get())); }
  void close() { check(archive_write_close(handle_.get())); }

private:
  struct FreeArchive {
    void operator()(archive *handle) const { archive_write_free(handle); }
  };
  struct FreeEntry {
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
  };

  // libarchive's callback: no exception may pass through C.  It does not hear
  // of a failure, since a writer in libarchive's fatal state leaks memory.
  static la_ssize_t take(archive *, void *self, const void *data,
                         std::size_t size) noexcept {
    auto *writer = static_cast<Archive *>(self);
    if (writer->abandoned_)
      return -1;
    try {
      if (!writer->failure_)
        writer->output_.write({static_cast<const std::byte *>(data), size});
    } catch (...) {
      writer->failure_ = std::current_exception();
    }
    return static_cast<la_ssize_t>(size);
  }

  // Warnings are failures too: they mean that something was left out.
  void check(int result) {
    if (failure_ || result != ARCHIVE_OK)
      fail();
  }

  [[noreturn]] void fail() {
    if (failure_)
      std::rethrow_exception(failure_);
    const char *cause = archive_error_string(handle_.get());
    throw Error(_("cannot write a tar entry"), cause ? cause : "");
  }

  ByteOutput &output_;
  std::exception_ptr failure_;
  bool abandoned_ = false;
  std::unique_ptr<archive, FreeArchive> handle_;
  std::unique_ptr<archive_entry, FreeEntry> entry_;
};

TarWriter::TarWriter(ByteOutput &output)
    : ascii_(std::make_unique<Archive>(output, false)), output_(output) {}

TarWriter::~TarWriter() = default;

void TarWriter::begin(const TarEntry &entry) {
  bool binary = needs_binary(entry);
  if (binary && !binary_)
    binary_ = std::make_unique<Archive>(output_, true);
  current_ = binary ? binary_.get() : ascii_.get();
  try {
    current_->begin(entry);
  } catch (const Error &error) {
    throw error.in_context(
        format(_("cannot archive '%s'"), printable(entry.path).c_str()));
  }
}

void TarWriter::write(Bytes bytes) { current_->write(bytes); }

void TarWriter::end_entry() { current_->end_entry(); }

void TarWriter::finish() { ascii_->close(); }

namespace {

// Whether a plain ustar header surely holds all but the size of ENTRY.
bool fits_ustar(const TarEntry &entry) {
  Attributes attributes = entry.style.owned(entry.attributes);
  return entry.path.size() <= ustar_name_size &&
         entry.target.size() <= ustar_name_size &&
         attributes.uid < ustar_owner_limit &&
         attributes.gid < ustar_owner_limit && entry.style.mtime >= 0 &&
         entry.style.mtime < std::int64_t(ustar_size_limit) &&
         entry.style.user_name.empty() && entry.style.group_name.empty() &&
         !needs_binary(entry);
}

} // namespace

TarHeaderSizes::TarHeaderSizes() : writer_(count_) {}

std::uint64_t TarHeaderSizes::of(const TarEntry &entry) {
  bool large = entry.size >= ustar_size_limit;
  if (!large && fits_ustar(entry))
    return 512;
  if (large) {
    // A writer of its own, which never gets to filling the body.
    CountingOutput count;
    TarWriter(count).begin(entry);
    return count.count();
  }
  TarEntry without_body = entry;
  without_body.size = 0;
  std::uint64_t before = count_.count();
  writer_.begin(without_body);
  return count_.count() - before;
}

} // namespace strata
