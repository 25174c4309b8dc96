// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "layer/tar_reader.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "layer/archive_input.hh"

namespace strata {

namespace {

TarMember::Type type_of(archive_entry *entry) {
  if (archive_entry_hardlink(entry) != nullptr)
    return TarMember::Type::hard_link;
  switch (archive_entry_filetype(entry)) {
  case AE_IFREG:
    return TarMember::Type::file;
  case AE_IFDIR:
    return TarMember::Type::directory;
  case AE_IFLNK:
    return TarMember::Type::symlink;
  default:
    return TarMember::Type::other;
  }
}

std::string text_or_empty(const char *text) {
  return text != nullptr ? text : "";
}

} // namespace

class TarReader::Archive : public ArchiveInput {
public:
  explicit Archive(ByteInput &input) : ArchiveInput(input) {
    check(archive_read_support_format_tar(get()));
    check(archive_read_support_format_empty(get()));
    open();
  }
};

TarReader::TarReader(ByteInput &input)
    : archive_(std::make_unique<Archive>(input)) {}

TarReader::~TarReader() = default;

std::optional<TarMember> TarReader::next() {
  archive_entry *entry = archive_->next_header();
  if (entry == nullptr)
    return {};
  TarMember member;
  member.path = text_or_empty(archive_entry_pathname(entry));
  path_ = member.path;
  member.type = type_of(entry);
  if (member.type == TarMember::Type::file)
    member.size = static_cast<std::uint64_t>(archive_entry_size(entry));
  member.target = member.type == TarMember::Type::hard_link
                      ? text_or_empty(archive_entry_hardlink(entry))
                      : text_or_empty(archive_entry_symlink(entry));
  return member;
}

// libarchive does not tell a sparse file whose map is empty from others.
std::size_t TarReader::read(std::span<std::byte> buffer) {
  std::size_t got = archive_->read(buffer);
  given_ += got;
  if (given_ > archive_->taken())
    throw Error(format(_("'%s' is a sparse file"), printable(path_).c_str()),
                _("no image has one"));
  return got;
}

class PlainInput::Archive : public ArchiveInput {
public:
  explicit Archive(ByteInput &input) : ArchiveInput(input) {
    check(archive_read_support_filter_gzip(get()));
    check(archive_read_support_filter_bzip2(get()));
    check(archive_read_support_filter_xz(get()));
    check(archive_read_support_filter_lzip(get()));
    check(archive_read_support_filter_zstd(get()));
    check(archive_read_support_format_raw(get()));
    check(archive_read_support_format_empty(get()));
    open();
    if (filters() > 1)
      throw Error(_("cannot read the archive"),
                  _("it is compressed more than once"));
  }

  // The last one that libarchive counts is the input itself.
  int filters() const { return archive_filter_count(get()) - 1; }
};

PlainInput::PlainInput(ByteInput &input)
    : archive_(std::make_unique<Archive>(input)),
      empty_(archive_->next_header() == nullptr) {}

PlainInput::~PlainInput() = default;

std::size_t PlainInput::read(std::span<std::byte> buffer) {
  return empty_ ? 0 : archive_->read(buffer);
}

std::string PlainInput::compressor() const {
  if (archive_->filters() == 0)
    return "none";
  return archive_filter_name(archive_->get(), 0);
}

} // namespace strata
