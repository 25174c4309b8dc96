// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/members.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/file_output.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "base/walk.hh"
#include "layer/tar_reader.hh"

#include <sys/stat.h>

#include <algorithm>
#include <vector>

namespace strata {

namespace {

constexpr std::size_t largest_text = 20 << 20; // as containerd reads at most
constexpr std::size_t largest_texts = 64 << 20;
constexpr std::size_t most_members = 100000;

// NAME without "." and empty components, ".." resolved; nothing if it leads
// out of the archive.
std::optional<std::string> normalized(std::string_view name) {
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    std::string_view part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(name.size(), part.size() + 1));
    if (part == "..") {
      if (parts.empty())
        return {};
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string result;
  for (std::string_view part : parts)
    result += (result.empty() ? "" : "/") + std::string(part);
  return result;
}

// Gives the bytes of START, then those of the rest.
class Resumed : public ByteInput {
public:
  Resumed(Bytes start, ByteInput &rest) : start_(start), rest_(rest) {}
  std::size_t read(std::span<std::byte> buffer) override {
    if (start_.empty())
      return rest_.read(buffer);
    std::size_t count = std::min(start_.size(), buffer.size());
    std::copy_n(start_.begin(), count, buffer.begin());
    start_ = start_.subspan(count);
    return count;
  }

private:
  Bytes start_;
  ByteInput &rest_;
};

std::vector<std::byte> read_start(ByteInput &content, std::size_t size) {
  std::vector<std::byte> start(size);
  std::size_t used = 0, got = 0;
  do {
    got = content.read(std::span(start).subspan(used));
    used += got;
  } while (got > 0 && used < size);
  start.resize(used);
  return start;
}

// The bytes of CONTENT; where they are more than LIMIT, only some more.
std::string read_text(ByteInput &content, std::size_t limit) {
  std::vector<std::byte> buffer(16 << 10);
  std::string text;
  while (std::size_t got = content.read(buffer)) {
    text += as_text(Bytes(buffer).first(got));
    if (text.size() > limit)
      break;
  }
  return text;
}

// Writes to a file what passes from another input.
class CopiedInput : public ByteInput {
public:
  CopiedInput(ByteInput &next, OffsetOutput &copy) : next_(next), copy_(copy) {}
  std::size_t read(std::span<std::byte> buffer) override {
    std::size_t got = next_.read(buffer);
    copy_.write(Bytes(buffer).first(got));
    return got;
  }

private:
  ByteInput &next_;
  OffsetOutput &copy_;
};

// A JSON document begins with a bracket and has no zero byte, unlike a tar.
bool looks_like_json(Bytes start) {
  return !start.empty() &&
         (start[0] == std::byte('{') || start[0] == std::byte('[')) &&
         std::find(start.begin(), start.end(), std::byte(0)) == start.end();
}

} // namespace

Members::Members(const std::string &path, Blobs blobs, Monitor &monitor)
    : path_(path), skips_(blobs == Blobs::skip) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    throw Error::system(format(_("cannot open '%s'"), printable(path).c_str()),
                        errno);
  try {
    is_directory_ = S_ISDIR(status.st_mode);
    // Whatever else the folder is, it may be large.
    if (is_directory_ && !file_exists(path + "/oci-layout") &&
        !file_exists(path + "/manifest.json"))
      return;
    if (!is_directory_ && blobs == Blobs::keep)
      kept_ = unnamed_file();
    if (is_directory_)
      read_directory(monitor);
    else
      read_archive(monitor);
  } catch (const Error &error) {
    throw error.in_context(
        format(_("cannot read the image '%s'"), printable(path).c_str()));
  }
}

void Members::read_archive(Monitor &monitor) {
  FileInput file(path_, monitor);
  PlainInput decompressed(file);
  if (!skips_ || decompressed.compressor() != "none")
    return read_tar(decompressed, monitor);
  // Once more, if it is no pipe, without what reads ahead: so that what is in
  // it can be skipped.
  struct stat status;
  if (stat(path_.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return read_tar(decompressed, monitor);
  FileInput plain(path_, monitor);
  read_tar(plain, monitor);
}

void Members::read_tar(ByteInput &input, Monitor &monitor) {
  CheckedInput plain(input, false, monitor);
  TarReader reader(plain);
  while (auto member = reader.next()) {
    auto name = normalized(member->path);
    if (!name)
      throw Error(format(_("the name '%s' leads out of the archive"),
                         printable(member->path).c_str()));
    if (member->type == TarMember::Type::file)
      add(*name, member->size, reader, monitor);
    else if (member->type == TarMember::Type::hard_link)
      links_[*name] = member->target;
    else if (member->type == TarMember::Type::symlink)
      links_[*name] = parent_directory(*name) + "/" + member->target;
  }
}

void Members::read_directory(Monitor &monitor) {
  class Visitor : public WalkVisitor {
  public:
    Visitor(Members &members, const std::string &folder, Monitor &monitor)
        : members_(members), monitor_(monitor), folder_(folder) {}
    void enter(Entry &entry) override {
      std::string path = folder_ + entry.path();
      if (entry.kind() == Kind::file ||
          (entry.kind() == Kind::symlink && is_new_blob(entry, path)))
        read(entry.path(), path);
    }

  private:
    void read(const std::string &name, const std::string &path) {
      struct stat status;
      if (stat(path.c_str(), &status) != 0)
        throw Error::system(
            format(_("cannot open '%s'"), printable(path).c_str()), errno);
      FileInput file(path, monitor_);
      members_.add(name, static_cast<std::uint64_t>(status.st_size), file,
                   monitor_);
    }

    // Stores keep blobs elsewhere, and link to them.  What the kernel makes up
    // has no size, and may have no end.
    bool is_new_blob(const Entry &link, const std::string &path) {
      struct stat status;
      if (!is_wanted(link.path()) || stat(path.c_str(), &status) != 0 ||
          !S_ISREG(status.st_mode) || status.st_size == 0)
        return false;
      auto [known, is_new] = read_.try_emplace(
          std::pair(status.st_dev, status.st_ino), link.path());
      if (!is_new)
        members_.links_[link.path()] = known->second;
      return is_new;
    }

    static bool is_wanted(const std::string &name) {
      return name == "oci-layout" || name == "index.json" ||
             name == "manifest.json" || name.starts_with("blobs/");
    }

    Members &members_;
    Monitor &monitor_;
    const std::string folder_;
    std::map<std::pair<dev_t, ino_t>, std::string> read_; // behind links
  };
  // The slash, as the layout may be named by a symlink.
  std::string folder = path_.ends_with("/") ? path_ : path_ + "/";
  Visitor visitor(*this, folder, monitor);
  DiskWalk(folder).walk(visitor);
}

void Members::add(const std::string &name, std::uint64_t size,
                  ByteInput &content, Monitor &monitor) {
  if (members_.size() >= most_members)
    throw Error(format(_("it has more than %zu files"), most_members));
  Member member;
  std::vector<std::byte> start = read_start(content, 512);
  Resumed started(start, content);
  std::string text;
  if (looks_like_json(start))
    text = read_text(started, largest_text);
  // A larger document is verified, as attestations may be large; it has no
  // text.
  bool is_document = !text.empty() && text.size() <= largest_text &&
                     text_size_ + text.size() <= largest_texts;
  Resumed all(as_bytes(text), started);
  if (is_document) {
    text_size_ += text.size();
    member.digest = sha256(as_bytes(text));
    member.size = text.size();
    member.text = std::make_shared<const std::string>(std::move(text));
  } else if (skips_) {
    member.size = size;
    member.skipped = true;
  } else if (kept_) {
    OffsetOutput copy(kept_, kept_size_);
    CopiedInput copied(all, copy);
    member.layer =
        std::make_shared<const LayerScan>(scan_layer(copied, monitor));
    member.place = kept_size_;
    kept_size_ = copy.offset();
  } else {
    member.layer = std::make_shared<const LayerScan>(scan_layer(all, monitor));
  }
  if (member.layer) {
    member.digest = member.layer->digest;
    member.size = member.layer->size;
  }
  auto stated = Digest::from_hex(base_name(name));
  if (stated && !member.skipped && name == "blobs/sha256/" + stated->hex() &&
      *stated != member.digest)
    throw Error(format(_("the content of '%s' has another digest"),
                       printable(name).c_str()));
  members_[name] = std::move(member);
}

const std::pair<const std::string, Member> *
Members::locate(const std::string &name) const {
  std::optional<std::string> place = normalized(name);
  for (int links = 0; place && links < most_links; ++links) {
    if (auto found = members_.find(*place); found != members_.end())
      return &*found;
    auto link = links_.find(*place);
    if (link == links_.end())
      return nullptr;
    place = normalized(link->second);
  }
  return nullptr;
}

const Member *Members::find(const std::string &name) const {
  auto found = locate(name);
  return found != nullptr ? &found->second : nullptr;
}

void Members::write(const std::string &name, ByteOutput &output,
                    Monitor &monitor) const {
  const Member &member = at(name);
  FileDescriptor opened;
  if (is_directory_)
    opened = open_file(path_ + "/" + locate(name)->first);
  const FileDescriptor &file = is_directory_ ? opened : kept_;
  std::vector<std::byte> buffer(256 << 10);
  for (std::uint64_t done = 0; done < member.size;) {
    std::size_t wanted =
        std::min<std::uint64_t>(buffer.size(), member.size - done);
    std::size_t got =
        read_at(file, path_, buffer.data(), wanted, member.place + done);
    if (got == 0)
      throw Error(format(_("cannot read '%s' in the image '%s'"),
                         printable(name).c_str(), printable(path_).c_str()),
                  _("it became shorter"));
    output.write(Bytes(buffer).first(got));
    done += got;
    monitor.check();
  }
}

const Member &Members::at(const std::string &name) const {
  const Member *member = find(name);
  if (member == nullptr)
    throw Error(format(_("'%s' is missing in the image '%s'"),
                       printable(name).c_str(), printable(path_).c_str()));
  return *member;
}

std::shared_ptr<const std::string>
Members::text(const std::string &name) const {
  const Member &member = at(name);
  if (!member.text)
    throw Error(format(
        _("'%s' in the image '%s' is no JSON document, or larger than "
          "%zu MiB"),
        printable(name).c_str(), printable(path_).c_str(), largest_text >> 20));
  return member.text;
}

} // namespace strata
