// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: where an image goes.  A sink only writes: it takes blobs and
// documents and puts them in their places, whole or not at all.
// Threads: begin_blob() and finish() are called by one thread at a time; blobs
// of known size may be written side by side where writes_side_by_side().

#ifndef STRATA_SINK_SINK_HH
#define STRATA_SINK_SINK_HH

#include "base/file_copy.hh"
#include "image/config.hh"
#include "sink/stream_target.hh"

#include <memory>
#include <optional>
#include <string>

namespace strata {

/// What is known of a blob before its first byte.
struct BlobExpectation {
  std::optional<std::uint64_t> size; // bytes
  std::optional<Digest> digest;
};

/// A blob on its way into a sink.
class BlobOutput : public ByteOutput {
public:
  /// Takes RANGE, in the kernel where that is possible.
  virtual void copy(const FileRange &range, const Monitor &monitor) {
    copy_to_output(range, *this, monitor);
  }

  /// All bytes were written; DIGEST and SIZE are theirs.
  virtual void finish(const Digest &digest, std::uint64_t size) = 0;
};

class Sink {
public:
  virtual ~Sink() = default;

  /// Whether a blob's size and digest must be known before its first byte, as
  /// where the output cannot go back to write them.
  virtual bool needs_expectation() const = 0;

  /// The next blob.  It must be finished before another begins, unless the
  /// sizes of both are known and needs_expectation() is false.  A blob of
  /// unknown size must stay below largest_unexpected().
  virtual std::unique_ptr<BlobOutput>
  begin_blob(const BlobExpectation &expectation) = 0;

  /// Whether a blob is there already, verified, and need not be written.
  /// Threads: any.
  virtual bool has_blob(const Digest &, std::uint64_t) { return false; }

  /// The greatest size of a blob whose size is not known when it begins.
  virtual std::uint64_t largest_unexpected() const = 0;

  /// Writes the documents and makes the image appear under its name.  Without
  /// it, nothing is left when the sink is destroyed.
  virtual void finish(const ImageDocuments &documents) = 0;
};

/// Which sink is wanted: the values of -f and -o.
struct SinkRequest {
  enum class Format { docker, oci, tarball };
  Format format = Format::docker;
  std::string output; // file or folder name; "-" for standard output
  ArchiveCompression compression; // of the whole archive; oci has none
  unsigned jobs = 0;              // threads for it; 0: all cores
};

/// Throws Error for a REQUEST that no sink can be made for, without writing.
void check_sink(const SinkRequest &request);

/// A sink for REQUEST.  For Docker's format: an archive file written in place,
/// or, where the output is no regular file or the whole archive is compressed,
/// a stream.  The sink of a tarball takes a single layer.
std::unique_ptr<Sink> make_sink(const SinkRequest &request,
                                class Monitor &monitor);

} // namespace strata

#endif
