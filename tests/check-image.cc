// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of an image's documents, and of reading images.

#include "support/image-files.hh"

using namespace strata;

namespace {

LayerDescriptor described(const std::string &text) {
  Digest digest = sha256(as_bytes(text));
  return {layer_type, digest, text.size(), sha256(as_bytes("plain " + text)),
          "holds " + text};
}

// All reading tests use images that pack made.
std::vector<FoundImage> packed_and_read(const PackRequest &request,
                                        const PackResult &result) {
  auto images = read(request.sink.output);
  ck_assert_uint_eq(images.size(), 1);
  const FoundImage &image = images[0];
  ck_assert(image.manifest == result.manifest);
  ck_assert_uint_eq(image.layers.size(), result.layers.size());
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const PackedLayer &packed = result.layers[i];
    const FoundLayer &found = image.layers[i];
    ck_assert(found.scan->digest == packed.descriptor.digest);
    ck_assert(found.scan->diff_id == packed.descriptor.diff_id);
    ck_assert_uint_eq(found.scan->size, packed.descriptor.size);
    ck_assert_uint_eq(found.scan->plain_size, packed.plain_size);
    ck_assert(found.scan->items == packed.items);
    assert_same(found.comment, packed.descriptor.comment);
    assert_same(found.media_type, packed.descriptor.media_type);
    assert_same(found.scan->problem, "");
  }
  return images;
}

} // namespace

START_TEST(documents_are_frozen) {
  ImageConfig full;
  full.architecture = "arm64";
  full.created = 1234567890;
  full.environment = {{"PATH", "/bin"}, {"TEXT", "\"grün\" = \\ \n"}};
  full.entry_point = {"/bin/sh", "-c"};
  full.command = {"echo hi"};
  full.user = "1000:100";
  full.working_directory = "/srv";
  full.labels = {{"z", "1"}, {"a", "2"}};
  full.exposed_ports = {"80/tcp"};
  full.volumes = {"/data"};
  full.stop_signal = "SIGINT";
  ImageDocuments documents =
      make_documents(full, {described("one"), described("two")},
                     {ImageReference::parse("hello:1.0"),
                      ImageReference::parse("localhost:5000/a/b")});
  ImageDocuments least = make_documents({}, {}, {});
  assert_golden("image.golden",
                documents.config.text + "\n" + documents.manifest.text + "\n" +
                    make_index(documents.descriptors).dump() + "\n" +
                    oci_layout_text() + "\n" + least.config.text + "\n" +
                    least.manifest.text + "\n" +
                    make_index(least.descriptors).dump() + "\n");
  ck_assert(documents.config.digest == sha256(as_bytes(documents.config.text)));
  assert_same(descriptor_name(documents.descriptors[1]),
              "localhost:5000/a/b:latest");
  assert_same(descriptor_name(least.descriptors[0]), "");
}
END_TEST

START_TEST(documents_are_always_json) {
  for (const char *bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80"}) {
    ImageConfig config;
    config.environment = {{"X", bad}};
    assert_error("UTF-8", [&] { make_documents(config, {}, {}); });
    config.environment.clear();
    config.labels = {{bad, "x"}};
    assert_error("UTF-8", [&] { make_documents(config, {}, {}); });
  }
}
END_TEST

START_TEST(times_as_text) {
  assert_same(rfc3339(1), "1970-01-01T00:00:01Z");
  assert_same(rfc3339(0), "1970-01-01T00:00:00Z");
  assert_same(rfc3339(951782400), "2000-02-29T00:00:00Z");
  assert_same(rfc3339(253402300799), "9999-12-31T23:59:59Z");
  assert_same(rfc3339(-1), "1969-12-31T23:59:59Z");
  assert_same(rfc3339(-62135596800), "0001-01-01T00:00:00Z");
  for (std::int64_t bad : {std::int64_t(253402300800),
                           std::int64_t(-62135596801), INT64_MAX, INT64_MIN})
    assert_error("out of range", [&] { rfc3339(bad); });
}
END_TEST

START_TEST(architectures_of_systems) {
  const std::pair<const char *, const char *> table[] = {
      {"x86_64-linux", "amd64"},      {"i686-linux", "386"},
      {"aarch64-linux", "arm64"},     {"armhf-linux", "arm"},
      {"mips64el-linux", "mips64le"}, {"powerpc64le-linux", "ppc64le"},
      {"riscv64-linux", "riscv64"},   {"s390x-linux", "s390x"}};
  for (const auto &[system, architecture] : table)
    assert_same(architecture_of_system(system), architecture);
  for (const char *bad : {"", "-", "x86_64", "X86_64-linux", "pdp11-linux"})
    assert_error("unknown system", [&] { architecture_of_system(bad); });
  architecture_of_system(system_of_machine());
}
END_TEST

START_TEST(archives_that_pack_made) {
  PackFixture store;
  store.add_three();
  for (const char *tool : {"none", "gzip", "zstd"}) {
    PackRequest request = store.request();
    request.compression = Compression::parse(tool);
    PackResult result = pack(request);
    FoundImage image = packed_and_read(request, result)[0];
    assert_same(image.created, "1970-01-01T00:00:01Z");
    assert_same(image.platform.architecture, "amd64");
    ck_assert(image.names ==
              std::vector<std::string>{"docker.io/library/hello:1.0"});
    for (const FoundLayer &layer : image.layers)
      assert_same(layer.scan->compressor, tool);
  }
}
END_TEST

START_TEST(folders_that_pack_made) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  request.sink.format = SinkRequest::Format::oci;
  request.sink.output = store.out("layout");
  request.compression = Compression::parse("gzip");
  packed_and_read(request, pack(request));
}
END_TEST

START_TEST(an_archive_that_is_compressed_as_a_whole) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  for (const char *tool : {"gzip", "xz", "bzip2", "lzip"}) {
    request.sink.compression.tool = Compression::parse(tool);
    packed_and_read(request, pack(request));
  }
}
END_TEST

START_TEST(a_good_image) {
  auto images = read_files(good_files());
  ck_assert_uint_eq(images.size(), 1);
  ck_assert_uint_eq(images[0].layers.size(), 2);
  assert_same(images[0].platform.architecture, "arm64");
  ck_assert_uint_eq(images[0].layers[0].scan->entries, 1);
}
END_TEST

START_TEST(docker_archives_without_a_layout) {
  Files files = good_files();
  files.files.erase("oci-layout");
  files.files.erase("index.json");
  files.files["VERSION"] = "1.0";
  auto images = read_files(files);
  ck_assert_uint_eq(images.size(), 1);
  ck_assert(images[0].names == std::vector<std::string>{"a:b"});

  // Layers by links, as our own archives name them.
  std::string one = small_tar("one");
  Json ids = Json::array({digest_of(one)});
  files = {};
  files.files["data/layer"] = one;
  files.links["first/layer.tar"] = "../second/layer.tar";
  files.links["second/layer.tar"] = "./../data/layer";
  files.files["c.json"] =
      Json::object({{"rootfs", Json::object({{"diff_ids", ids}})}}).dump();
  files.files["manifest.json"] =
      Json::array(
          {Json::object({{"Config", "c.json"},
                         {"Layers", Json::array({"first/layer.tar"})}})})
          .dump();
  ck_assert_uint_eq(read_files(files).size(), 1);
}
END_TEST

START_TEST(images_without_layers) {
  Files files;
  files.set_index({files.image({}, {})});
  auto images = read_files(files);
  ck_assert_uint_eq(images.size(), 1);
  ck_assert(images[0].layers.empty());
  files.set_index({});
  ck_assert(read_files(files).empty());
  // Go writes null for an empty list, or leaves it out.
  files = {};
  files.files["c.json"] = "{\"rootfs\":{\"type\":\"layers\"}}";
  files.files["manifest.json"] = "[{\"Config\":\"c.json\",\"Layers\":null}]";
  ck_assert_uint_eq(read_files(files).size(), 1);
  files.files["oci-layout"] = oci_layout_text();
  files.files["index.json"] = "{\"manifests\":null}";
  ck_assert_uint_eq(read_files(files).size(), 1);
}
END_TEST

// Docker leaves out of index.json what was saved by its digest.  This was
// called damaged.
START_TEST(images_that_only_one_list_has) {
  std::string one = small_tar("one"), two = small_tar("two");
  Files files;
  files.image({one}, {digest_of(one)});
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  Json named = files.image({two}, {digest_of(two)});
  files.set_index({annotated(named, name_key, "docker.io/library/b:a")});
  auto images = read_files(files);
  ck_assert_uint_eq(images.size(), 2);
  ck_assert(images[1].names == std::vector<std::string>{"a:b"});

  // A name that only manifest.json has, for an image that both have.
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  images = read_files(files);
  ck_assert_uint_eq(images.size(), 1);
  ck_assert(images[0].names ==
            (std::vector<std::string>{"docker.io/library/b:a", "a:b"}));
}
END_TEST

// The index may say what a config does not; where they differ, the config is
// right.
START_TEST(platforms_by_config_and_index) {
  std::string one = small_tar("one");
  auto found = [&](const char *architecture, const char *variant,
                   std::initializer_list<std::pair<const char *, Json>> index) {
    Files files;
    files.architecture = architecture;
    files.variant = variant;
    Json image = files.image({one}, {digest_of(one)});
    image.set("platform", Json::object(index));
    files.set_index({image});
    return read_files(files)[0].platform.text();
  };
  assert_same(found("amd64", "", {{"os", "linux"}}), "linux/amd64");
  assert_same(found("amd64", "", {{"architecture", "arm"}, {"variant", "v7"}}),
              "?/amd64");
  assert_same(found("arm", "", {{"architecture", "arm"}, {"variant", "v7"}}),
              "?/arm/v7");
  assert_same(found("arm", "v6", {{"architecture", "arm"}, {"variant", "v7"}}),
              "?/arm/v6");
  assert_same(found("", "v7", {{"architecture", "arm64"}}), "?/arm64");
  assert_same(found("", "v7", {}), "?/?");
}
END_TEST

// The first descriptor of a manifest hid it under its other ones.
START_TEST(one_manifest_in_two_places) {
  std::string one = small_tar("one");
  Files files;
  Json image = files.image({one}, {digest_of(one)});
  Json hidden =
      annotated(image, "vnd.docker.reference.type", "attestation-manifest");
  Json named = annotated(image, name_key, "a:1");
  for (const std::vector<Json> &index :
       {std::vector<Json>{hidden, named}, {named, hidden}}) {
    files.set_index(index);
    auto images = read_files(files);
    ck_assert_uint_eq(images.size(), 1);
    ck_assert(images[0].names == std::vector<std::string>{"a:1"});
  }
}
END_TEST

// An attestation that lists all files of a large image.
START_TEST(a_large_document_beside_an_image) {
  Files files = good_files();
  std::string large = "{\"x\":\"" + std::string(21 << 20, 'x') + "\"}";
  Json manifest = Json::object(
      {{"config", files.blob("application/vnd.oci.empty.v1+json", "{}")},
       {"layers", Json::array({files.blob("x/y", large)})}});
  files.set_index({files.blob(manifest_type, manifest.dump())});
  ck_assert_uint_eq(read_files(files).size(), 1);
  files.files[blob_path(sha256(as_bytes(large)))].back() = ' ';
  refuse_both(files, "has another digest");
}
END_TEST

START_TEST(history_that_does_not_match) {
  std::string one = small_tar("one");
  Files files;
  Json ids = Json::array({digest_of(one)});
  Json empty = Json::object({{"comment", "none"}});
  empty.set("empty_layer", Json::parse("true", "x"));
  Json history = Json::array({empty, Json::object({{"comment", "of one"}}),
                              Json::object({{"comment", "of nothing"}})});
  std::string config =
      Json::object(
          {{"rootfs", Json::object({{"diff_ids", ids}})}, {"history", history}})
          .dump();
  Json manifest =
      Json::object({{"config", files.blob("x", config)},
                    {"layers", Json::array({files.blob(layer_type, one)})}});
  files.set_index({files.blob(manifest_type, manifest.dump())});
  assert_same(read_files(files)[0].layers[0].comment, "of one");
}
END_TEST

START_TEST(indexes_in_indexes) {
  Files files;
  std::string one = small_tar("one");
  Json image = files.image({one}, {digest_of(one)});
  Json inner = files.blob(index_type, make_index({image}).dump());
  files.set_index({inner, image});
  ck_assert_uint_eq(read_files(files).size(), 1);
  for (int level = 0; level < 6; ++level)
    inner = files.blob(index_type, make_index({inner}).dump());
  files.set_index({inner});
  refuse_both(files, "nested too deeply");
}
END_TEST

// Docker saves the whole index of an image that it pulled for one platform.
START_TEST(platforms_that_were_not_saved) {
  Files files;
  std::string one = small_tar("one"), two = small_tar("two");
  Json here = files.image({one}, {digest_of(one)});
  Json away = files.image({two}, {digest_of(two)});
  std::string manifest = "blobs/sha256/" + away.at("digest").string().substr(7);
  files.set_index({files.blob(index_type, make_index({here, away}).dump())});
  ck_assert_uint_eq(read_files(files).size(), 2);
  // Docker keeps the manifests of other platforms, if it has them.
  std::string layer = blob_path(sha256(as_bytes(two)));
  files.files.erase(layer);
  ck_assert_uint_eq(read_files(files).size(), 1);
  files.set_index({files.blob(index_type, make_index({away}).dump())});
  refuse_both(files, "'" + layer + "' is missing");
  files.set_index({files.blob(index_type, make_index({here, away}).dump())});
  files.files.erase(manifest);
  ck_assert_uint_eq(read_files(files).size(), 1);
  files.set_index({files.blob(index_type, make_index({away}).dump())});
  refuse_both(files, "'" + manifest + "' is missing");
}
END_TEST

START_TEST(artifacts_lie_beside_images) {
  std::string one = small_tar("one");
  Files files;
  Json image = files.image({one}, {digest_of(one)});
  auto artifact = [&](const char *config_type, const char *artifact_type) {
    Json manifest =
        Json::object({{"config", files.blob(config_type, "{}")},
                      {"layers", Json::array({files.blob(layer_type, one)})}});
    if (artifact_type != nullptr)
      manifest.set("artifactType", artifact_type);
    return files.blob(manifest_type, manifest.dump());
  };
  files.set_index({artifact("application/vnd.oci.empty.v1+json", nullptr),
                   artifact("x/config", "x/chart"), image});
  ck_assert_uint_eq(read_files(files).size(), 1);
}
END_TEST

START_TEST(a_layout_named_by_a_symlink) {
  TemporaryDirectory scratch;
  good_files().write_folder(scratch.path() + "/image");
  put_link(scratch.path() + "/link", "image");
  ck_assert_uint_eq(read(scratch.path() + "/link").size(), 1);
}
END_TEST

START_TEST(a_layout_whose_files_are_symlinks) {
  TemporaryDirectory scratch;
  Files files = good_files();
  files.write_folder(scratch.path() + "/kept");
  for (const auto &[name, text] : files.files) {
    std::string path = scratch.path() + "/image/" + name;
    make_directories(parent_directory(path));
    put_link(path, scratch.path() + "/kept/" + name);
  }
  put_link(scratch.path() + "/image/gone", "nothing");
  put_link(scratch.path() + "/image/zero", "/dev/zero");
  put_link(scratch.path() + "/image/blobs/endless", "/proc/self/pagemap");
  put_link(scratch.path() + "/image/blobs/again",
           scratch.path() + "/kept/index.json");
  ck_assert_uint_eq(read(scratch.path() + "/image").size(), 1);
  Monitor monitor;
  BaseImage base(scratch.path() + "/image", "", "", monitor);
  MemoryOutput output;
  base.write_layer(1, output, monitor);
  assert_same(output.text(), small_tar("two"));
}
END_TEST

// These were called damaged, as an attestation is no layer.
START_TEST(attestations_lie_beside_images) {
  Files files = two_architectures();
  auto images = read_files(files);
  ck_assert_uint_eq(images.size(), 2);
  for (const FoundImage &image : images)
    ck_assert(image.names == std::vector<std::string>{"1"});
  // They are verified all the same.
  files.files[blob_path(sha256(as_bytes("{\"_type\":\"x\"}")))] = "{}";
  refuse_both(files, "has another digest");

  // Also if it looks like an image.
  files = {};
  files.set_index({annotated(files.image({}, {}), "vnd.docker.reference.type",
                             "attestation-manifest")});
  ck_assert(read_files(files).empty());

  // Without annotations, the types of their layers tell.
  std::string one = small_tar("one");
  files = {};
  Json chart = files.image({one}, {digest_of(one)}, "application/x-chart+gzip");
  files.set_index({chart, files.image({one}, {digest_of(one)})});
  ck_assert_uint_eq(read_files(files).size(), 1);
}
END_TEST

START_TEST(names_of_an_index_hold_for_its_images) {
  Files files;
  std::string one = small_tar("one");
  Json image = files.image({one}, {digest_of(one)});
  Json inner =
      files.blob(index_type,
                 make_index({annotated(image, name_key, "own"), image}).dump());
  files.set_index({annotated(inner, name_key, "a"),
                   annotated(inner, name_key, "b"), inner});
  auto images = read_files(files);
  ck_assert_uint_eq(images.size(), 1);
  ck_assert(images[0].names ==
            (std::vector<std::string>{"own", "a", "own", "b", "own"}));
}
END_TEST

int main() {
  Suite *suite = suite_create("image");
  TCase *documents = tcase_create("documents");
  tcase_add_test(documents, documents_are_frozen);
  tcase_add_test(documents, documents_are_always_json);
  tcase_add_test(documents, times_as_text);
  tcase_add_test(documents, architectures_of_systems);
  suite_add_tcase(suite, documents);
  TCase *good = tcase_create("reading");
  tcase_add_test(good, archives_that_pack_made);
  tcase_add_test(good, folders_that_pack_made);
  tcase_add_test(good, an_archive_that_is_compressed_as_a_whole);
  tcase_add_test(good, a_good_image);
  tcase_add_test(good, docker_archives_without_a_layout);
  tcase_add_test(good, images_without_layers);
  tcase_add_test(good, images_that_only_one_list_has);
  tcase_add_test(good, platforms_by_config_and_index);
  tcase_add_test(good, one_manifest_in_two_places);
  tcase_add_test(good, a_large_document_beside_an_image);
  tcase_add_test(good, history_that_does_not_match);
  tcase_add_test(good, indexes_in_indexes);
  tcase_add_test(good, platforms_that_were_not_saved);
  tcase_add_test(good, artifacts_lie_beside_images);
  tcase_add_test(good, a_layout_named_by_a_symlink);
  tcase_add_test(good, a_layout_whose_files_are_symlinks);
  tcase_add_test(good, attestations_lie_beside_images);
  tcase_add_test(good, names_of_an_index_hold_for_its_images);
  suite_add_tcase(suite, good);
  return run_tests({suite});
}
