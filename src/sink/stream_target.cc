// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "sink/stream_target.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/file_output.hh"
#include "base/filter_process.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "layer/compressed_fragments.hh"

#include <sys/stat.h>

#include <optional>
#include <utility>

namespace strata {

namespace {

/// The file behind a target.
class TargetFile {
public:
  TargetFile(const std::string &path, const Monitor &monitor)
      : standard_(path == "-"), name_(standard_ ? _("standard output") : path),
        monitor_(monitor) {
    if (!is_stream(path))
      new_file_.emplace(path);
    else
      stream_ = standard_ ? open_standard_output() : open_stream(path, monitor);
  }

  const FileDescriptor &descriptor() const {
    return new_file_ ? new_file_->file() : stream_;
  }
  StreamOutput output() const {
    return {descriptor(), name_, monitor_, standard_};
  }

  void close() {
    if (!new_file_)
      return;
    new_file_->close();
    monitor_.checkpoint();
  }

  void commit() {
    if (new_file_)
      new_file_->commit();
  }

private:
  bool standard_;
  std::string name_;
  const Monitor &monitor_;
  std::optional<NewFile> new_file_;
  FileDescriptor stream_;
};

class PlainTarget : public StreamTarget {
public:
  PlainTarget(const std::string &path, const Monitor &monitor)
      : file_(path, monitor), output_(file_.output()), buffered_(output_) {}
  void write(Bytes bytes) override { buffered_.write(bytes); }
  void close() override {
    buffered_.flush();
    file_.close();
  }
  void commit() override { file_.commit(); }

private:
  TargetFile file_;
  StreamOutput output_;
  BufferedOutput buffered_;
};

// Compresses block by block on all cores.
class CompressedTarget : public StreamTarget {
public:
  CompressedTarget(const std::string &path, const Compression &compression,
                   unsigned jobs, const Monitor &monitor)
      : file_(path, monitor), output_(file_.output()),
        compressor_(make_compressor(compression)),
        tasks_(jobs, 2 * jobs + 2, monitor.timings()),
        blocks_(*compressor_, tasks_, [this, &monitor](Bytes bytes) {
          Timings::Span span(monitor.timings(), Activity::write, bytes.size());
          output_.write(bytes);
        }) {}

  void write(Bytes bytes) override { blocks_.write(bytes); }

  void close() override {
    blocks_.end_fragment();
    tasks_.wait();
    file_.close();
  }
  void commit() override { file_.commit(); }

private:
  TargetFile file_;
  StreamOutput output_;
  std::unique_ptr<Compressor> compressor_;
  OrderedTasks tasks_; // after what its tasks use: it ends first
  CompressedFragments blocks_;
};

class FilteredTarget : public StreamTarget {
public:
  FilteredTarget(const std::string &path,
                 const std::vector<std::string> &command,
                 const Monitor &monitor)
      : file_(path, monitor), filter_(command, file_.descriptor(), monitor),
        buffered_(filter_) {}
  void write(Bytes bytes) override { buffered_.write(bytes); }
  void close() override {
    buffered_.flush();
    filter_.finish();
    file_.close();
  }
  void commit() override { file_.commit(); }

private:
  TargetFile file_;
  FilterProcess filter_;
  BufferedOutput buffered_;
};

} // namespace

bool is_stream(const std::string &path) {
  struct stat status;
  return path == "-" ||
         (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
}

std::unique_ptr<StreamTarget>
make_stream_target(const std::string &path,
                   const ArchiveCompression &compression, unsigned jobs,
                   const Monitor &monitor) {
  if (!compression.command.empty())
    return std::make_unique<FilteredTarget>(path, compression.command, monitor);
  if (compression.tool.tool != Compression::Tool::none)
    return std::make_unique<CompressedTarget>(path, compression.tool,
                                              thread_count(jobs), monitor);
  return std::make_unique<PlainTarget>(path, monitor);
}

} // namespace strata
