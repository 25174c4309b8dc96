// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what pack is asked for and what it answers.

#ifndef STRATA_PACK_REQUEST_HH
#define STRATA_PACK_REQUEST_HH

#include "base/timings.hh"
#include "image/config.hh"
#include "layer/compressor.hh"
#include "layer/entry_style.hh"
#include "layer/transformation.hh"
#include "plan/plan.hh"
#include "sink/sink.hh"
#include "store/graph.hh"
#include "store/location.hh"
#include "tree/directive.hh"
#include "tree/virtual_item.hh"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// A layer that is there already and goes into the image as it is.
struct ReadyLayer {
  LayerDescriptor descriptor;
  std::vector<std::string> items; // paths that it holds, where known
  std::uint64_t plain_size = 0;   // of its tar, bytes
  std::function<void(ByteOutput &, Monitor &)> write; // its blob
};

/// An image to build on; as BaseImage takes it.
struct BaseRequest {
  std::string path;
  std::string name;
};

/// A fragment cache; no directory: none.
struct CacheRequest {
  std::string directory;
  bool asked_for = false; // its absence is told
};

/// An image that exists as a list of items, whose closure it holds.
struct SiblingImage {
  std::vector<std::string> items; // paths
  std::vector<VirtualItem> profiles;
};

struct PackRequest {
  std::shared_ptr<const ReferenceGraph> graph;
  StoreLocation location;
  std::vector<std::string> items;    // paths; their closure is packed
  std::vector<VirtualItem> profiles; // packed as well, with what they join

  /// Instead of items and profiles: the items of each layer, as they are.  No
  /// graph is needed then, and no strategy.
  std::vector<std::vector<std::string>> given_groups;

  std::vector<Directive> directives; // what stands outside the store
  std::string root_folder;           // what stands there too; may be empty
  bool with_database = false;        // of the image's items, at /var/guix
  std::vector<std::string> required_paths; // must lead somewhere in the store
  std::vector<Transformation> transformations;
  EntryStyle style;

  std::optional<BaseRequest> base;     // pack reads it
  std::vector<ReadyLayer> base_layers; // lowest; those of BASE once it is read
  std::vector<ReadyLayer> last_layers; // highest

  /// Its architecture may be empty: the base image's, else the machine's.
  ImageConfig config;
  std::vector<ImageReference> names;

  const Strategy *strategy = nullptr;
  /// All layers count.  None: as few as there can be.
  std::optional<std::size_t> max_layers = 100;

  // What the plan depends on besides; files are as in plan_input.hh.
  std::string previous;              // may be empty
  std::string plan_file;             // the same where PREVIOUS is empty, and
                                     // where the new plan goes; may be empty
  std::vector<std::string> siblings; // files
  std::vector<SiblingImage> sibling_images;
  std::string rules; // file, for the strategy "manual"; may be empty
  // As in PlanProblem, where they are given.
  std::optional<unsigned> sharing;
  std::optional<std::uint64_t> least_group_size;

  Compression compression;
  SinkRequest sink;
  CacheRequest cache;
  unsigned jobs = 0; // threads; 0: all cores

  bool measured = false;    // the result has the sums
  std::string timings_file; // where a trace is written, too; may be empty
};

struct PackedLayer {
  std::vector<std::string> items; // paths, bytewise sorted; none: root layer
  std::uint64_t plain_size = 0;   // bytes of the plain tar
  LayerDescriptor descriptor;     // its digests and size once written
};

/// What who has the previous image needs for the new one.  Units: bytes of
/// items, uncompressed.
struct UpdateFigures {
  std::size_t layers = 0; // that hold items; neither base layers nor the root's
  std::size_t kept = 0;   // of them
  std::uint64_t sent_bytes = 0;  // of the others
  std::uint64_t least_bytes = 0; // of items that are new: no plan sends less
};

struct PackResult {
  Digest manifest; // once written; the layers of a base image included
  std::vector<PackedLayer> layers;
  std::vector<Timings::Sum> sums;      // where they were asked for
  std::uint64_t found = 0;             // items that the cache had
  std::uint64_t missed = 0;            // and had not
  std::optional<UpdateFigures> update; // where there is a previous image
};

} // namespace strata

#endif
