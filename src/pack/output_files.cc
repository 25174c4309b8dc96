// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "pack/output_files.hh"

#include "base/error.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "pack/plan_input.hh"
#include "sink/stream_target.hh"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace strata {

namespace {

namespace fs = std::filesystem;

// NAME in one spelling, links followed, for what is there of it.
fs::path resolved(const std::string &name) {
  std::error_code error;
  fs::path result =
      fs::weakly_canonical(fs::absolute(end_of_links(name), error), error);
  return error ? fs::path(name) : result;
}

bool takes_several(const OutputFile &file) {
  std::error_code error;
  fs::file_status status = fs::status(file.name, error);
  return fs::exists(status) && !fs::is_regular_file(status) &&
         !fs::is_directory(status);
}

// Whether FILE is FOLDER or lies in it.
bool is_in(const fs::path &file, const fs::path &folder) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end())
             .first == folder.end();
}

// Whether standard output goes to the regular file NAME.
bool is_standard_output(const std::string &name) {
  struct stat output, file;
  return fstat(STDOUT_FILENO, &output) == 0 && S_ISREG(output.st_mode) &&
         stat(name.c_str(), &file) == 0 && file.st_dev == output.st_dev &&
         file.st_ino == output.st_ino;
}

bool collide(const OutputFile &a, const OutputFile &b) {
  if (a.name.empty() || b.name.empty() || takes_several(a) || takes_several(b))
    return false;
  if (a.name == b.name)
    return true;
  if (a.name == "-" || b.name == "-")
    return is_standard_output(a.name == "-" ? b.name : a.name);
  fs::path one = resolved(a.name), other = resolved(b.name);
  return one == other || (a.folder && is_in(other, one)) ||
         (b.folder && is_in(one, other));
}

[[noreturn]] void refuse(const OutputFile &a, const OutputFile &b) {
  // TRANSLATORS: such as "'a.tar' cannot be both image and plan".
  throw Error(format(_("'%s' cannot be both %s and %s"),
                     printable(b.name).c_str(), a.role.c_str(),
                     b.role.c_str()));
}

bool is_in_database(const OutputFile &file, const StoreLocation &location) {
  for (const char *suffix : {"", "-wal", "-shm", "-journal"})
    if (collide({location.database + suffix, ""}, file))
      return true;
  return false;
}

bool is_in_item(const OutputFile &file, const ReferenceGraph &graph,
                const StoreLocation &location) {
  fs::path name = resolved(file.name);
  fs::path store = resolved(location.on_disk(location.directory));
  if (name == store || !is_in(name, store))
    return false;
  std::string item = name.lexically_relative(store).begin()->string();
  return graph.find(location.directory + "/" + item).has_value();
}

[[noreturn]] void refuse(const OutputFile &file, const char *cause) {
  throw Error(format(_("cannot write to '%s'"), printable(file.name).c_str()),
              cause);
}

} // namespace

void check_different(const std::vector<OutputFile> &files) {
  for (auto file = files.begin(); file != files.end(); ++file)
    for (auto earlier = files.begin(); earlier != file; ++earlier)
      if (collide(*earlier, *file))
        refuse(*earlier, *file);
}

void check_kept(const std::vector<OutputFile> &files,
                const std::vector<std::string> &inputs) {
  for (const std::string &name : inputs) {
    std::string input = plan_input_file(name);
    std::error_code error;
    OutputFile read{input, _("input"), fs::is_directory(input, error)};
    for (const OutputFile &file : files)
      if (collide(read, file))
        refuse(read, file);
  }
}

void check_store_kept(const std::vector<OutputFile> &files,
                      const ReferenceGraph &graph,
                      const StoreLocation &location) {
  for (const OutputFile &file : files) {
    if (file.name.empty() || file.name == "-")
      continue;
    if (is_in_database(file, location))
      refuse(file, _("it belongs to the database of the store"));
    if (is_in_item(file, graph, location))
      refuse(file, _("it belongs to an item of the store"));
  }
}

void check_writable(const OutputFile &file, const Monitor &monitor) {
  if (file.name.empty() || file.name == "-" || takes_several(file))
    return;
  std::error_code error;
  if (fs::is_directory(file.name, error))
    throw Error(format(_("cannot write to '%s'"), printable(file.name).c_str()),
                _("it is a folder"));
  make_stream_target(file.name, {}, 1, monitor); // and drops it again
}

void check_output_files(const PackRequest &request) {
  OutputFile image{request.sink.output, _("image"),
                   request.sink.format == SinkRequest::Format::oci};
  OutputFile plan{request.plan_file, _("plan")};
  OutputFile timings{request.timings_file, _("timings")};
  check_different({image, plan, timings});
  if (request.graph)
    check_store_kept({image, plan, timings}, *request.graph, request.location);
  std::vector<std::string> inputs = request.siblings;
  inputs.push_back(request.previous);
  inputs.push_back(request.rules);
  inputs.push_back(request.base ? request.base->path : "");
  check_kept({timings}, inputs);
}

} // namespace strata
