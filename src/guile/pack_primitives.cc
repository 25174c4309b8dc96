// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/pack_primitives.hh"

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "base/threads.hh"
#include "guile/boundary.hh"
#include "guile/objects.hh"
#include "guile/pack_request.hh"
#include "image/found_image.hh"
#include "pack/pack.hh"
#include "pack/plan_input.hh"
#include "pack/stream_request.hh"
#include "tree/image_files.hh"
#include "tree/profile.hh"

#include <algorithm>

namespace strata {

SCM scm_from_update(const std::optional<UpdateFigures> &update) {
  if (!update)
    return SCM_BOOL_F;
  return AlistBuilder()
      .add("layers", static_cast<std::uint64_t>(update->layers))
      .add("kept", static_cast<std::uint64_t>(update->kept))
      .add("sent", update->sent_bytes)
      .add("least", update->least_bytes)
      .result();
}

namespace {

constexpr std::size_t largest_text = 16 << 20; // bytes, of a file

SCM scm_from_digest(const Digest &digest) {
  return scm_from_text(digest.oci());
}

// WRITTEN: whether the digests and the size of the blob are known.
SCM scm_from_layer(const PackedLayer &layer, bool written) {
  const LayerDescriptor &descriptor = layer.descriptor;
  auto known = [&](SCM value) { return written ? value : SCM_BOOL_F; };
  return AlistBuilder()
      .add("digest", known(scm_from_digest(descriptor.digest)))
      .add("diff-id", known(scm_from_digest(descriptor.diff_id)))
      .add("size", known(scm_from_uint64(descriptor.size)))
      .add("plain-size", layer.plain_size)
      .add("media-type", descriptor.media_type)
      .add("items", scm_from_texts(layer.items))
      .add("comment", descriptor.comment)
      .result();
}

// A list of (NAME BYTES SECONDS).
SCM scm_from_sums(const std::vector<Timings::Sum> &sums) {
  SCM result = SCM_EOL;
  for (auto sum = sums.rbegin(); sum != sums.rend(); ++sum)
    result = scm_cons(
        scm_list_3(scm_from_text(std::string(activity_name(sum->activity))),
                   scm_from_uint64(sum->bytes), scm_from_double(sum->seconds)),
        result);
  return result;
}

SCM scm_from_result(const PackRequest &request, const PackResult &result,
                    bool written) {
  SCM layers = SCM_EOL;
  for (auto layer = result.layers.rbegin(); layer != result.layers.rend();
       ++layer)
    layers = scm_cons(scm_from_layer(*layer, written), layers);
  return AlistBuilder()
      .add("output", request.sink.output)
      .add("name", request.names.empty()
                       ? SCM_BOOL_F
                       : scm_from_text(request.names[0].familiar()))
      .add("manifest-digest",
           written ? scm_from_digest(result.manifest) : SCM_BOOL_F)
      .add("layers", layers)
      .add("activities", scm_from_sums(result.sums))
      .add("cache-found", result.found)
      .add("cache-missed", result.missed)
      .add("update", scm_from_update(result.update))
      .result();
}

SCM run(SCM alist, SCM progress,
        PackResult (*action)(const PackRequest &, Monitor &), bool written) {
  return guarded([&] {
    PackRequest request = pack_request_from_scm(alist);
    PackResult result;
    run_with_progress(
        progress, [&](Monitor &monitor) { result = action(request, monitor); });
    return scm_from_result(request, result, written);
  });
}

SCM plan(SCM request, SCM progress) {
  return run(request, progress, plan_image, false);
}

SCM pack(SCM request, SCM progress) {
  return run(request, progress, pack_image, true);
}

SCM stream(SCM file, SCM root, SCM jobs, SCM progress) {
  return guarded([&] {
    std::string name = text_from_scm(file);
    std::string store_root = optional_text_from_scm(root);
    auto threads =
        static_cast<unsigned>(number_from_scm(jobs, "jobs", most_jobs));
    PackRequest request;
    PackResult result;
    run_with_progress(progress, [&](Monitor &monitor) {
      request = read_stream_request(name, store_root, monitor);
      request.jobs = request.sink.jobs = threads;
      result = pack_image(request, monitor);
    });
    return scm_from_result(request, result, true);
  });
}

SCM scm_from_found_layer(const FoundLayer &layer) {
  const LayerScan &scan = *layer.scan;
  return AlistBuilder()
      .add("digest", scm_from_digest(scan.digest))
      .add("diff-id", scm_from_digest(scan.diff_id))
      .add("size", scan.size)
      .add("plain-size", scan.plain_size)
      .add("media-type", layer.media_type)
      .add("items", scm_from_texts(scan.items))
      .add("comment", layer.comment)
      .result();
}

SCM scm_from_found_image(const std::string &path, const FoundImage &image) {
  SCM layers = SCM_EOL;
  for (auto layer = image.layers.rbegin(); layer != image.layers.rend();
       ++layer)
    layers = scm_cons(scm_from_found_layer(*layer), layers);
  return AlistBuilder()
      .add("output", path)
      .add("name",
           image.names.empty() ? SCM_BOOL_F : scm_from_text(image.names[0]))
      .add("manifest-digest", scm_from_digest(image.manifest))
      .add("layers", layers)
      .add("tags", scm_from_texts(image.names))
      .add("architecture", image.platform.architecture_text())
      .add("created", image.created)
      .add("config", *image.config)
      .result();
}

// A list: an archive or OCI layout may hold several images.
SCM inspect(SCM path, SCM progress) {
  return guarded([&] {
    std::string name = text_from_scm(path);
    std::vector<FoundImage> images;
    run_with_progress(progress, [&](Monitor &monitor) {
      images = read_images(name, monitor);
    });
    SCM result = SCM_EOL;
    for (auto image = images.rbegin(); image != images.rend(); ++image)
      result = scm_cons(scm_from_found_image(name, *image), result);
    return result;
  });
}

SCM make_profile_item(SCM scm_store, SCM items, SCM manifest, SCM etc_profile,
                      SCM progress) {
  return guarded([&] {
    const OpenStore &store = store_from_scm(scm_store);
    auto paths = texts_from_scm(items);
    ProfileTexts texts{text_from_scm(manifest), text_from_scm(etc_profile)};
    VirtualItem profile;
    run_with_progress(progress, [&](Monitor &monitor) {
      profile = make_profile(store.location, paths, texts, monitor);
    });
    return scm_from_tree(std::move(profile));
  });
}

SCM tree_path(SCM tree) {
  return guarded([&] { return scm_from_text(tree_from_scm(tree).path); });
}

SCM path_kind(SCM scm_store, SCM trees, SCM path) {
  return guarded([&] {
    std::vector<VirtualItem> virtual_items;
    for (SCM tree : list_from_scm(trees))
      virtual_items.push_back(tree_from_scm(tree));
    ImageFiles files(store_from_scm(scm_store).location,
                     std::move(virtual_items));
    auto found = files.find(text_from_scm(path));
    if (!found)
      return SCM_BOOL_F;
    return scm_from_utf8_symbol(found->kind == Kind::directory ? "directory"
                                                               : "regular");
  });
}

// The path without links to which PATH leads in the store, or #f.
SCM resolve_path(SCM scm_store, SCM path) {
  return guarded([&] {
    auto found = ImageFiles(store_from_scm(scm_store).location)
                     .find(text_from_scm(path));
    return found ? scm_from_text(found->path) : SCM_BOOL_F;
  });
}

// The names in the directory of an item to which PATH leads.
SCM path_entries(SCM scm_store, SCM path) {
  return guarded([&] {
    const StoreLocation &location = store_from_scm(scm_store).location;
    auto found = ImageFiles(location).find(text_from_scm(path));
    if (!found || found->kind != Kind::directory)
      return SCM_EOL;
    return scm_from_texts(list_directory(location.on_disk(found->path)));
  });
}

SCM normalize_reference(SCM text) {
  return guarded([&] {
    return scm_from_text(ImageReference::parse(text_from_scm(text)).familiar());
  });
}

// Whether NAME is a file or the folder of an image.
SCM is_plan_input_p(SCM name) {
  return guarded(
      [&] { return scm_from_bool(is_plan_input(text_from_scm(name))); });
}

// Throws Error unless TEXT, of the file NAME, is UTF-8 without NUL.
void check_text(std::string_view text, const std::string &name) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    if (!is_utf8(line) || line.find('\0') != line.npos)
      throw Error(format(_("cannot read '%s', line %zu"),
                         printable(name).c_str(), number),
                  _("it is not text in UTF-8"));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
}

// The text in FILE.
SCM read_text_file(SCM file) {
  return guarded([&] {
    std::string name = text_from_scm(file), text;
    run_with_progress(SCM_BOOL_F, [&](Monitor &monitor) {
      text = read_file(name, largest_text, monitor);
    });
    check_text(text, name);
    return scm_from_text(text);
  });
}

} // namespace

void init_pack_primitives() {
  define("%plan", 2, plan);
  define("%pack", 2, pack);
  define("%stream", 4, stream);
  define("%inspect", 2, inspect);
  define("%make-profile", 5, make_profile_item);
  define("%tree-path", 1, tree_path);
  define("%path-kind", 3, path_kind);
  define("%resolve-path", 2, resolve_path);
  define("%path-entries", 2, path_entries);
  define("%plan-input?", 1, is_plan_input_p);
  define("%read-text-file", 1, read_text_file);
  define("%image-reference-normalize", 1, normalize_reference);
}

} // namespace strata
