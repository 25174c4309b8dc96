// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: an OCI image layout (image-layout.md) in a folder.
//
// A new layout is made in a folder with a hidden name and renamed at the end;
// in a folder that is there, empty, the same is done below it.  In a layout
// that is there already, blobs are written under hidden names in it, renamed
// at the end, and index.json is replaced last; its entries with other names
// are kept.  So are the images of a layout that another process made in this
// place meanwhile: the new one is then copied into it.
//
// In a folder that is there, names change under its lock only, but for hidden
// ones.

#ifndef STRATA_SINK_OCI_DIRECTORY_HH
#define STRATA_SINK_OCI_DIRECTORY_HH

#include "base/monitor.hh"
#include "base/new_file.hh"
#include "sink/sink.hh"

#include <mutex>
#include <vector>

namespace strata {

class OciDirectory : public Sink {
public:
  /// PATH: a folder to be made, an empty one, or a layout.
  OciDirectory(const std::string &path, Monitor &monitor);
  ~OciDirectory() override;

  bool needs_expectation() const override { return false; }
  std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) override;
  bool has_blob(const Digest &digest, std::uint64_t size) override;
  std::uint64_t largest_unexpected() const override { return UINT64_MAX; }
  void finish(const ImageDocuments &documents) override;

private:
  class Blob;
  struct Written {
    NewFile file;
    Digest digest;
    std::uint64_t size;
  };

  void remove_made() noexcept;

  /// Makes what was written a layout with this image, in folder_.
  void complete(const ImageDocuments &documents);

  /// Gives folder_ the name path_; false where that is there.
  bool take_name();

  /// Moves what is in folder_ into the empty folder path_; false where another
  /// process made a layout of that.
  bool move_in();

  /// Adds the image to the layout path_.
  void join_others(const ImageDocuments &documents);

  void add(NewFile file, const Digest &digest, std::uint64_t size);
  void add_document(const Document &document);
  bool is_there(const Written &blob);
  bool is_blob(const std::string &path, const Digest &digest,
               std::uint64_t size);
  std::vector<Json> other_descriptors(const ImageDocuments &documents) const;
  void replace_file(const std::string &name, const std::string &text);

  std::string path_;
  std::string folder_; // path_, or a hidden one while the layout is new
  Monitor &monitor_;
  std::mutex mutex_;
  std::vector<Written> written_;
  std::vector<std::string> made_; // folders, those above first
};

} // namespace strata

#endif
