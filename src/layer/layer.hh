// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the bytes of one layer: items and root entries as one tar, in
// fragments.
// Format: DESIGN, section 4.
//
//   layer    = parents items root end
//   parents  = an entry for each ancestor of the store directory and itself
//   items    = for each item, bytewise by path: its walk
//   root     = the walk of the root tree
//   end      = two blocks of zeros
//
// Each item, and each of the other three, is a fragment: bytes that do not
// depend on what else is in the layer.  A directory appears once in a layer;
// where the root tree names a parent, it stands among the parents, with the
// root tree's mode.
//
// Transformations can give two entries one name: of directories the first is
// taken, anything else is an Error.

#ifndef STRATA_LAYER_LAYER_HH
#define STRATA_LAYER_LAYER_HH

#include "base/monitor.hh"
#include "base/sha256.hh"
#include "base/walk.hh"
#include "layer/entry_style.hh"
#include "layer/layer_stamp.hh"
#include "layer/transformation.hh"
#include "tree/tree.hh"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace strata {

struct LayerItem {
  std::string path; // logical, such as "/gnu/store/<hash>-<name>"
  std::shared_ptr<const Walkable> content;
  std::optional<Digest> nar_hash = {}; // where known
};

/// What a layer is made of.  Immutable; may be written by any thread.
struct LayerContents {
  std::string store_directory;
  std::vector<LayerItem> items;     // bytewise by path
  std::shared_ptr<const Tree> root; // null where there are no root entries
  std::vector<Transformation> transformations; // of the names of all entries
  EntryStyle style;
};

/// An output that is told where fragments end.
class FragmentOutput : public ByteOutput {
public:
  virtual void end_fragment() = 0;

  /// The fragment of ITEM comes next.  False: it is not wanted.
  virtual bool begin_item(const LayerItem &) { return true; }

  /// In place of end_fragment() for an item.  False: it is wanted once more,
  /// from its start; not where names are transformed.
  virtual bool end_item() {
    end_fragment();
    return true;
  }
};

/// Writes the plain bytes of a layer; MONITOR can cancel.  Throws Error for
/// what cannot be in a layer: sockets, devices, FIFOs, names that begin with
/// ".wh.".  STAMP, if not null, is that of the files that were read.
void write_layer(const LayerContents &layer, FragmentOutput &output,
                 Monitor &monitor, LayerStamp *stamp = nullptr);

/// Writes the fragment of ITEM alone, as it is in LAYER.  REQUIRES: no names
/// are transformed.
void write_fragment(const LayerContents &layer, const LayerItem &item,
                    FragmentOutput &output, Monitor &monitor);

/// How many bytes write_layer will write, from names and sizes alone: no file
/// is opened.  STAMP, if not null, is that of the files now.
std::uint64_t layer_size(const LayerContents &layer, Monitor &monitor,
                         LayerStamp *stamp = nullptr);

} // namespace strata

#endif
