// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/oci_directory.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/folder_lock.hh"
#include "base/text.hh"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace strata {

namespace {

constexpr std::size_t largest_index = 20 << 20; // as containerd reads at most

std::string without_final_slashes(std::string path) {
  while (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  return path;
}

// ERROR is about a file in the directory PATH, or in a temporary one.
Error cannot_write(const std::string &path, const Error &error) {
  return error.in_context(
      format(_("cannot write to '%s'"), printable(path).c_str()));
}

Error cannot_create(const std::string &path, int number) {
  return Error::system(format(_("cannot create '%s'"), printable(path).c_str()),
                       number);
}

// False: the folder PATH has nothing but temporaries, such as those that other
// runs write now or that were killed.
bool is_layout(const std::string &path) {
  auto names = list_directory(path);
  if (std::find(names.begin(), names.end(), "oci-layout") != names.end())
    return true;
  if (std::all_of(names.begin(), names.end(), is_temporary_name))
    return false;
  throw Error(format(_("cannot write to '%s'"), printable(path).c_str()),
              _("the folder is neither empty nor an OCI layout"));
}

} // namespace

// Its file is made with its first byte and closed after its last one, so that
// few files are open however many layers there are.
class OciDirectory::Blob : public BlobOutput {
public:
  explicit Blob(OciDirectory &directory) : directory_(directory) {}

  void write(Bytes bytes) override {
    OffsetOutput output(file(), directory_.path_, size_);
    output.write(bytes);
    size_ = output.offset();
  }

  void copy(const FileRange &range, const Monitor &monitor) override {
    copy_to_file(range, file(), directory_.path_, size_, monitor);
    size_ += range.size;
  }

  void finish(const Digest &digest, std::uint64_t size) override {
    file(); // for a blob without bytes
    file_->close();
    directory_.add(std::move(*file_), digest, size);
  }

private:
  const FileDescriptor &file() {
    if (file_)
      return file_->file();
    try {
      return file_.emplace(directory_.folder_ + "/blobs/sha256/blob").file();
    } catch (const Error &error) {
      throw cannot_write(directory_.path_, error);
    }
  }

  OciDirectory &directory_;
  std::optional<NewFile> file_;
  std::uint64_t size_ = 0;
};

OciDirectory::OciDirectory(const std::string &path, Monitor &monitor)
    : path_(without_final_slashes(path)), folder_(path_), monitor_(monitor) {
  FileDescriptor lock;
  if (!file_exists(path_)) {
    folder_ = temporary_name(path_);
  } else {
    // Another process may be moving its layout in.
    lock = lock_folder(path_, monitor_);
    if (!is_layout(path_))
      folder_ = temporary_name(path_ + "/layout");
  }
  // Folders above are made, too, and removed again where the image fails.
  std::vector<std::string> wanted{folder_ + "/blobs/sha256"};
  while (!file_exists(wanted.back()))
    wanted.push_back(parent_directory(wanted.back()));
  try {
    for (auto folder = wanted.rbegin() + 1; folder != wanted.rend(); ++folder) {
      make_directories(*folder);
      made_.push_back(*folder);
    }
  } catch (const Error &error) {
    remove_made();
    throw cannot_write(path_, error);
  }
}

void OciDirectory::remove_made() noexcept {
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder)
    rmdir(folder->c_str());
}

OciDirectory::~OciDirectory() {
  written_.clear(); // removes what has no name yet
  if (folder_ != path_)
    remove_tree(folder_);
  remove_made();
}

std::unique_ptr<BlobOutput> OciDirectory::begin_blob(const BlobExpectation &) {
  return std::make_unique<Blob>(*this);
}

void OciDirectory::add(NewFile file, const Digest &digest, std::uint64_t size) {
  std::lock_guard lock(mutex_);
  written_.push_back({std::move(file), digest, size});
}

void OciDirectory::add_document(const Document &document) {
  auto blob = begin_blob({});
  blob->write(as_bytes(document.text));
  blob->finish(document.digest, document.text.size());
}

bool OciDirectory::is_blob(const std::string &path, const Digest &digest,
                           std::uint64_t size) {
  // Opening a FIFO would wait for its writer.
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return false;
  FileDescriptor file = open_file(path);
  std::vector<std::byte> buffer(256 << 10);
  Sha256 hash;
  std::uint64_t offset = 0;
  for (;;) {
    monitor_.check();
    std::size_t got = read_at(file, path, buffer.data(), buffer.size(), offset);
    hash.write(Bytes(buffer).first(got));
    offset += got;
    if (got < buffer.size())
      break;
  }
  return offset == size && hash.finish() == digest;
}

bool OciDirectory::has_blob(const Digest &digest, std::uint64_t size) {
  return is_blob(folder_ + "/" + blob_path(digest), digest, size);
}

// A blob that is there already is kept if its digest is right.
bool OciDirectory::is_there(const Written &blob) {
  std::string path = folder_ + "/" + blob_path(blob.digest);
  if (!file_exists(path))
    return false;
  if (is_blob(path, blob.digest, blob.size))
    return true;
  monitor_.warn(
      format(_("'%s' was damaged and is replaced"), printable(path).c_str()));
  return false;
}

std::vector<Json>
OciDirectory::other_descriptors(const ImageDocuments &documents) const {
  std::string path = folder_ + "/index.json";
  std::vector<Json> result;
  if (!file_exists(path))
    return result;
  std::vector<std::string> own;
  for (const Json &descriptor : documents.descriptors)
    own.push_back(descriptor_name(descriptor));
  Json index = Json::parse(read_file(path, largest_index, monitor_), path);
  for (const Json &descriptor : index.at("manifests").elements())
    if (std::find(own.begin(), own.end(), descriptor_name(descriptor)) ==
        own.end())
      result.push_back(descriptor);
  return result;
}

void OciDirectory::replace_file(const std::string &name,
                                const std::string &text) {
  try {
    NewFile file(folder_ + "/" + name);
    OffsetOutput(file.file(), file.path(), 0).write(as_bytes(text));
    file.commit();
  } catch (const Error &error) {
    throw cannot_write(path_, error);
  }
}

void OciDirectory::finish(const ImageDocuments &documents) {
  add_document(documents.config);
  add_document(documents.manifest);
  complete(documents);
  if (folder_ != path_ && !take_name() && !move_in())
    join_others(documents);
  made_.clear();
}

void OciDirectory::complete(const ImageDocuments &documents) {
  // Another image for this folder, added at the same time, must not get lost.
  FileDescriptor lock = lock_folder(folder_, monitor_);
  // An index that cannot be read is found before anything gets its name.
  std::vector<Json> descriptors = documents.descriptors;
  for (Json &other : other_descriptors(documents))
    descriptors.push_back(other);
  // What takes time, and may be interrupted, also comes before.
  std::vector<Written *> missing;
  for (Written &blob : written_)
    if (!is_there(blob))
      missing.push_back(&blob);
  monitor_.checkpoint();
  for (Written *blob : missing)
    blob->file.commit(folder_ + "/" + blob_path(blob->digest));
  replace_file("oci-layout", oci_layout_text());
  replace_file("index.json", make_index(descriptors).dump());
}

bool OciDirectory::take_name() {
  if (file_exists(path_))
    return false;
  if (rename(folder_.c_str(), path_.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST)
      return false;
    throw cannot_create(path_, errno);
  }
  sync_directory(parent_directory(path_));
  return true;
}

bool OciDirectory::move_in() {
  FileDescriptor lock = lock_folder(path_, monitor_);
  if (is_layout(path_))
    return false;
  // In this order it can be used again after a kill, but is no image yet.
  for (const char *name : {"/oci-layout", "/blobs", "/index.json"}) {
    std::string place = path_ + name;
    if (rename((folder_ + name).c_str(), place.c_str()) != 0)
      throw cannot_create(place, errno);
    sync_directory(path_);
  }
  return true;
}

void OciDirectory::join_others(const ImageDocuments &documents) {
  OciDirectory layout(path_, monitor_);
  for (const Written &blob : written_) {
    if (layout.has_blob(blob.digest, blob.size))
      continue;
    std::string name = folder_ + "/" + blob_path(blob.digest);
    FileDescriptor file = open_file(name);
    auto copy = layout.begin_blob({blob.size, blob.digest});
    copy->copy({file, name, blob.size}, monitor_);
    copy->finish(blob.digest, blob.size);
  }
  layout.finish(documents);
}

} // namespace strata
