// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of an image's documents, and of reading images, also damaged
// and hostile ones.

#include "image/base_image.hh"
#include "layer/compressor.hh"
#include "layer/tar_writer.hh"
#include "support/pack-fixture.hh"

#include <sys/resource.h>

#include <map>
#include <random>

using namespace strata;

namespace {

constexpr const char *layer_type = "application/vnd.oci.image.layer.v1.tar";
constexpr const char *manifest_type =
    "application/vnd.oci.image.manifest.v1+json";
constexpr const char *index_type = "application/vnd.oci.image.index.v1+json";

// The plain bytes of a tar of one empty file.
std::string small_tar(const std::string &name) {
  MemoryOutput output;
  TarWriter writer(output);
  writer.begin({name, Kind::file, {0444, 0, 0}, 0, {}, {}});
  writer.end_entry();
  writer.finish();
  return output.text();
}

std::string gzipped(const std::string &text) {
  auto compressor = make_compressor(Compression::parse("gzip"));
  return std::string(as_text(compressor->compress(as_bytes(text))));
}

std::string digest_of(const std::string &text) {
  return sha256(as_bytes(text)).oci();
}

// The files of an image, to be changed before they are written.
class Files {
public:
  // Adds a blob; the result is its descriptor.
  Json blob(const char *type, const std::string &text) {
    Digest digest = sha256(as_bytes(text));
    files[blob_path(digest)] = text;
    return Json::object({{"mediaType", type},
                         {"digest", digest.oci()},
                         {"size", std::uint64_t(text.size())}});
  }

  // Adds an image of LAYERS of TYPE whose config lists DIFF_IDS.
  Json image(const std::vector<std::string> &layers,
             const std::vector<std::string> &diff_ids,
             const char *type = layer_type) {
    Json list = Json::array(), ids = Json::array(), docker = Json::array();
    for (const std::string &layer : layers) {
      list.append(blob(type, layer));
      docker.append(blob_path(sha256(as_bytes(layer))));
    }
    for (const std::string &id : diff_ids)
      ids.append(id);
    std::string config =
        Json::object(
            {{"architecture", architecture},
             {"created", "2020-02-02T02:02:02Z"},
             {"rootfs", Json::object({{"type", "layers"}, {"diff_ids", ids}})}})
            .dump();
    Json manifest = Json::object({{"schemaVersion", std::uint64_t(2)},
                                  {"config", blob("x/config", config)},
                                  {"layers", list}});
    docker_entry =
        Json::object({{"Config", blob_path(sha256(as_bytes(config)))},
                      {"RepoTags", Json::array({"a:b"})},
                      {"Layers", docker}});
    return blob(manifest_type, manifest.dump());
  }

  void set_index(const std::vector<Json> &descriptors) {
    files["oci-layout"] = oci_layout_text();
    files["index.json"] = make_index(descriptors).dump();
  }

  void write_folder(const std::string &path) const {
    for (const auto &[name, text] : files)
      write_file(path + "/" + name, text);
  }

  void write_archive(const std::string &path) const {
    MemoryOutput output;
    TarWriter writer(output);
    for (const auto &[name, text] : files) {
      writer.begin({name, Kind::file, {0444, 0, 0}, text.size(), {}, {}});
      writer.write(as_bytes(text));
      writer.end_entry();
    }
    for (const auto &[name, target] : links) {
      writer.begin({name, Kind::symlink, {0777, 0, 0}, 0, target, {}});
      writer.end_entry();
    }
    writer.finish();
    put_file(path, output.text());
  }

  std::map<std::string, std::string> files, links;
  std::string architecture = "arm64";
  Json docker_entry = Json::object();
};

// An image of two layers with all documents.
Files good_files() {
  Files result;
  std::string one = small_tar("one"), two = small_tar("two");
  Json image = result.image({one, two}, {digest_of(one), digest_of(two)});
  result.set_index({image});
  result.files["manifest.json"] = Json::array({result.docker_entry}).dump();
  return result;
}

std::vector<FoundImage> read(const std::string &path) {
  Monitor monitor;
  return read_images(path, monitor);
}

// Reads FILES as a folder and as an archive.
void refuse(const Files &files, const std::string &part) {
  TemporaryDirectory scratch;
  files.write_archive(scratch.path() + "/image");
  assert_error(part, [&] { read(scratch.path() + "/image"); });
}

void refuse_both(const Files &files, const std::string &part) {
  refuse(files, part);
  TemporaryDirectory scratch;
  files.write_folder(scratch.path() + "/image");
  assert_error(part, [&] { read(scratch.path() + "/image"); });
}

std::vector<FoundImage> read_files(const Files &files) {
  TemporaryDirectory scratch;
  files.write_archive(scratch.path() + "/image");
  return read(scratch.path() + "/image");
}

// How much more memory the process had at most because of BODY, in KiB.
long growth(const std::function<void()> &body) {
  auto peak = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  long before = peak();
  body();
  return peak() - before;
}

// What counts in images, as text.
std::string shown(const std::vector<FoundImage> &images) {
  std::string result;
  for (const FoundImage &image : images) {
    // No digest covers the names.
    result += image.manifest.hex() + " " + image.config;
    for (const FoundLayer &layer : image.layers)
      result += "\n" + layer.scan.digest.hex() + " " + layer.scan.diff_id.hex();
    result += "\n";
  }
  return result;
}

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
    ck_assert(found.scan.digest == packed.descriptor.digest);
    ck_assert(found.scan.diff_id == packed.descriptor.diff_id);
    ck_assert_uint_eq(found.scan.size, packed.descriptor.size);
    ck_assert_uint_eq(found.scan.plain_size, packed.plain_size);
    ck_assert(found.scan.items == packed.items);
    assert_same(found.comment, packed.descriptor.comment);
    assert_same(found.media_type, packed.descriptor.media_type);
    assert_same(found.scan.problem, "");
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
    assert_same(image.architecture, "amd64");
    ck_assert(image.names ==
              std::vector<std::string>{"docker.io/library/hello:1.0"});
    for (const FoundLayer &layer : image.layers)
      assert_same(layer.scan.compressor, tool);
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
  assert_same(images[0].architecture, "arm64");
  ck_assert_uint_eq(images[0].layers[0].scan.entries, 1);
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
}
END_TEST

START_TEST(what_is_no_image) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/x";
  assert_error("/x'", [&] { read(path); });
  for (const std::string &text :
       {std::string(), std::string("hello"), noise(100000),
        std::string(10240, '\0'), small_tar("file"), std::string("\x1F\x8B")}) {
    put_file(path, text);
    assert_error("/x'", [&] { read(path); });
  }
  unlink(path.c_str());
  make_directories(path);
  assert_error("is no image", [&] { read(path); });
  assert_error("/dev/null", [] { read("/dev/null"); });
}
END_TEST

START_TEST(every_flipped_byte_in_a_blob_is_noticed) {
  Files good = good_files();
  std::mt19937 random(1);
  for (const auto &[name, text] : good.files) {
    if (!name.starts_with("blobs/"))
      continue;
    for (int round = 0; round < 30; ++round) {
      Files files = good;
      files.files[name][random() % text.size()] ^= 1 << random() % 8;
      TemporaryDirectory scratch;
      files.write_folder(scratch.path() + "/image");
      error_of([&] { read(scratch.path() + "/image"); });
    }
  }
}
END_TEST

START_TEST(a_flipped_byte_in_an_archive_changes_nothing_unseen) {
  PackFixture store;
  store.add("library", 3000);
  store.top = store.add("hello", 100);
  std::mt19937 random(2);
  for (const char *tool : {"none", "gzip"}) {
    PackRequest request = store.request();
    request.compression = Compression::parse(tool);
    pack(request);
    std::string text = content_of(request.sink.output);
    std::string wanted = shown(read(request.sink.output));
    int errors = 0;
    for (int round = 0; round < 150; ++round) {
      std::string damaged = text;
      damaged[random() % text.size()] ^= 1 << random() % 8;
      put_file(request.sink.output, damaged);
      try {
        assert_same(shown(read(request.sink.output)), wanted);
      } catch (const Error &) {
        ++errors;
      }
    }
    ck_assert_int_gt(errors, 20);
  }
}
END_TEST

START_TEST(a_truncated_archive) {
  Files files = good_files();
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  files.write_archive(path);
  std::string text = content_of(path);
  // All but the end of the tar is needed.
  for (std::size_t size = 0; size < text.size() - 1024; size += 211) {
    put_file(path, text.substr(0, size));
    error_of([&] { read(path); });
  }
}
END_TEST

START_TEST(a_missing_blob) {
  Files good = good_files();
  for (const auto &[name, text] : good.files) {
    Files files = good;
    files.files.erase(name);
    if (name == "oci-layout" || name == "manifest.json")
      continue; // the other one is enough
    refuse_both(files, "'" + name + "' is missing");
  }
}
END_TEST

START_TEST(wrong_sizes_and_digests) {
  std::string one = small_tar("one"), two = small_tar("two");
  Files files;
  Json image = files.image({one}, {digest_of(one)});
  image.set("size", std::uint64_t(7));
  files.set_index({image});
  refuse_both(files, "is not the one recorded");

  for (const char *digest : {"", "sha256:", "sha256:00", "sha512:00", "md5:x",
                             "sha256:../../../etc/passwd"}) {
    image.set("digest", digest);
    files.set_index({image});
    refuse_both(files, "digest");
  }
  image = files.image({one}, {digest_of(one)});
  image.set("size", "7");
  files.set_index({image});
  refuse_both(files, "index.json");

  files = {};
  files.set_index({files.image({one}, {digest_of(two)})});
  refuse_both(files, "layer 1 does not have the diff_id");
  files = {};
  files.set_index({files.image({one, two}, {digest_of(one)})});
  refuse_both(files, "lists 1 layers");
  files = {};
  files.set_index({files.image({one}, {digest_of(one), digest_of(two)})});
  refuse_both(files, "lists 2 layers");
}
END_TEST

START_TEST(layers_that_are_no_tar) {
  std::string bad = noise(5000);
  Files files;
  files.set_index({files.image({bad}, {digest_of(bad)})});
  refuse_both(files, "layer 1: ");
  files = {};
  std::string text = "{\"a\":1}";
  files.set_index({files.image({text}, {digest_of(text)})});
  refuse_both(files, "is no layer");
  // As long as the beginning of a gzip member, and no more.
  for (std::size_t size : {2, 3, 10}) {
    bad = std::string("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10).substr(0, size);
    files = {};
    files.set_index({files.image({bad}, {digest_of(bad)})});
    refuse_both(files, "");
  }
}
END_TEST

START_TEST(names_that_climb) {
  for (const char *name : {"../x", "a/../../x", "/../x"}) {
    Files files = good_files();
    files.files[name] = "x";
    refuse(files, "leads out of the archive");
  }
  Files files = good_files();
  files.files["a/../b"] = "x";
  files.links["out"] = "../../etc/passwd"; // of no use, so of no harm
  read_files(files);
}
END_TEST

START_TEST(links_that_go_nowhere) {
  Files files = good_files();
  Json entry = files.docker_entry;
  for (const auto &[link, target] :
       std::map<std::string, std::string>{{"self", "self"},
                                          {"a", "b"},
                                          {"b", "a"},
                                          {"out", "../../../etc/passwd"},
                                          {"gone", "nothing"},
                                          {"abs", "/etc/passwd"}})
    files.links[link] = target;
  for (const char *name : {"self", "a", "out", "gone", "abs"}) {
    entry.set("Layers", Json::array({name, name}));
    files.files["manifest.json"] = Json::array({entry}).dump();
    refuse(files, std::string("'") + name + "' is missing");
  }
}
END_TEST

START_TEST(documents_of_another_shape) {
  for (const char *text :
       {"[]", "{}", "{\"manifests\":{}}", "{\"manifests\":[1]}",
        "{\"manifests\":[{}]}", "{\"manifests\":[[]]}",
        "{\"manifests\":[null]}",
        "{\"manifests\":", "{\"manifests\":[{\"digest\":7}]}", "x", ""}) {
    Files files = good_files();
    files.files["index.json"] = text;
    refuse_both(files, "index.json");
  }
  for (const char *text : {"{}", "[{}]", "[1]", "[null]", "[[]]", "x",
                           "[{\"Config\":\"x\",\"Layers\":[7]}]",
                           "[{\"Config\":\"x\",\"Layers\":null}]"}) {
    Files files = good_files();
    files.files["manifest.json"] = text;
    refuse_both(files, "manifest.json");
  }
}
END_TEST

START_TEST(documents_that_are_bombs) {
  Files files = good_files();
  files.files["index.json"] =
      "{\"manifests\":" + std::string(1000000, '[') + "}";
  refuse_both(files, "index.json");
  files.files["index.json"] =
      "{\"manifests\":[" + std::string(21 << 20, ' ') + "]}";
  refuse_both(files, "'index.json' is too large");

  files = {};
  std::string one = small_tar("one");
  files.set_index(
      {files.image(std::vector<std::string>(1001, one),
                   std::vector<std::string>(1001, digest_of(one)))});
  refuse_both(files, "more than 1000 layers");

  // Each level names the next one often.
  files = good_files();
  Json next = files.image({}, {});
  for (int level = 0; level < 4; ++level) {
    Json list = Json::array();
    for (int i = 0; i < 300; ++i)
      list.append(next);
    next = files.blob(index_type, Json::object({{"manifests", list}}).dump());
  }
  files.set_index({next});
  files.files.erase("manifest.json");
  ck_assert_uint_eq(read_files(files).size(), 1);
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

namespace {

// DESCRIPTOR with KEY of its annotations set.
Json annotated(Json descriptor, const char *key, const char *value) {
  descriptor.set("annotations", Json::object({{key, value}}));
  return descriptor;
}

constexpr const char *name_key = "org.opencontainers.image.ref.name";

// An index of images for two architectures, called "1", as Docker's builder
// writes it, with the attestations of one.
Files two_architectures() {
  Files files;
  std::string one = small_tar("one"), two = small_tar("two");
  Json arm = files.image({one}, {digest_of(one)});
  files.architecture = "amd64";
  Json amd = files.image({two}, {digest_of(two)});
  Json statement =
      files.blob("application/vnd.in-toto+json", "{\"_type\":\"x\"}");
  std::string config = "{\"architecture\":\"unknown\",\"os\":\"unknown\"}";
  Json attestations = files.blob(
      manifest_type, Json::object({{"config", files.blob("x/config", config)},
                                   {"layers", Json::array({statement})}})
                         .dump());
  Json inner = files.blob(
      index_type,
      make_index({arm, amd,
                  annotated(attestations, "vnd.docker.reference.type",
                            "attestation-manifest")})
          .dump());
  files.set_index({annotated(inner, name_key, "1")});
  return files;
}

} // namespace

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

// Many names for an index of many entries.
START_TEST(names_that_multiply) {
  Files files;
  std::string one = small_tar("one");
  Json image = files.image({one}, {digest_of(one)});
  Json inner =
      files.blob(index_type, make_index(std::vector<Json>(1000, image)).dump());
  std::vector<Json> outer;
  for (int i = 0; i < 1000; ++i)
    outer.push_back(annotated(Json::parse(inner.dump(), "x"), name_key,
                              std::to_string(i).c_str()));
  files.set_index(outer);
  refuse(files, "list more than 100000 images");
}
END_TEST

START_TEST(a_base_for_the_architecture_that_is_wanted) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  two_architectures().write_archive(path);
  Monitor monitor;
  for (const char *architecture : {"arm64", "amd64"})
    for (const char *name : {"", "1"})
      assert_same(
          BaseImage(path, name, architecture, monitor).config().architecture,
          architecture);
  assert_error("it is not for linux/s390x but for: 1 (",
               [&] { BaseImage(path, "1", "s390x", monitor); });
  assert_error("it holds no image '2'",
               [&] { BaseImage(path, "2", "arm64", monitor); });
}
END_TEST

// Engines decompress a layer once.  A layer that is compressed twice was
// accepted if its diff_id was that of the innermost bytes.
START_TEST(layers_are_compressed_once) {
  std::string plain = small_tar("one"), once = gzipped(plain);
  std::string type = std::string(layer_type) + "+gzip";
  Files files;
  files.set_index({files.image({once}, {digest_of(plain)}, type.c_str())});
  ck_assert_uint_eq(read_files(files).size(), 1);
  for (const std::string &diff_id : {plain, once}) {
    files = {};
    files.set_index(
        {files.image({gzipped(once)}, {digest_of(diff_id)}, type.c_str())});
    refuse_both(files, "compressed more than once");
  }
}
END_TEST

START_TEST(media_types_that_do_not_fit) {
  std::string plain = small_tar("one"), zipped = gzipped(plain);
  std::string diff_id = digest_of(plain);
  auto refused = [&](const std::string &layer, const std::string &type) {
    Files files;
    files.set_index({files.image({layer}, {diff_id}, type.c_str())});
    refuse_both(files, "is not that of what it holds");
  };
  std::string oci = layer_type;
  refused(zipped, oci);
  refused(zipped, oci + "+zstd");
  refused(plain, oci + "+gzip");
  refused(plain, "application/vnd.docker.image.rootfs.diff.tar.gzip");
  // Docker's archives have no media types.
  Files files;
  files.image({zipped}, {diff_id});
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  ck_assert_uint_eq(read_files(files).size(), 1);
  files.set_index(
      {files.image({zipped}, {diff_id},
                   "application/vnd.docker.image.rootfs.diff.tar.gzip")});
  ck_assert_uint_eq(read_files(files).size(), 1);
}
END_TEST

// What is known of a value must not grow with the name of its document: before,
// this took 400 MB.
START_TEST(many_values_in_a_document_with_a_long_name) {
  std::string name(20000, 'n'), values = "0";
  for (int i = 1; i < 20000; ++i)
    values += ",0";
  Files files;
  files.files[name] = "{\"rootfs\":{\"diff_ids\":[" + values + "]}}";
  files.files["manifest.json"] =
      Json::array({Json::object({{"Config", name}, {"Layers", Json::array()}})})
          .dump();
  ck_assert_int_lt(growth([&] { refuse(files, "lists 20000 layers"); }),
                   200 << 10);
}
END_TEST

// Each was read into a cleared place for the largest document, 20 MiB.
START_TEST(a_small_document_takes_little_memory) {
  Files files = good_files();
  ck_assert_int_lt(growth([&] { read_files(files); }), 15 << 10);
}
END_TEST

// Reading a hole of 1 TB took hours, and a cancel did not stop it.
START_TEST(a_sparse_file_in_an_archive) {
  TemporaryDirectory scratch;
  output_of("cd '" + scratch.path() +
            "' && truncate -s 1T oci-layout && tar -S -cf image oci-layout");
  assert_error("'oci-layout' is a sparse file",
               [&] { read(scratch.path() + "/image"); });
}
END_TEST

START_TEST(cancelling_stops_a_layer_that_never_ends) {
  class Endless : public ByteInput {
  public:
    explicit Endless(Monitor &monitor) : monitor_(monitor) {}
    std::size_t read(std::span<std::byte> buffer) override {
      if (++reads_ == 100)
        monitor_.cancel();
      ck_assert_int_lt(reads_, 10000);
      std::fill(buffer.begin(), buffer.end(), std::byte(0));
      return buffer.size();
    }

  private:
    Monitor &monitor_;
    int reads_ = 0;
  };
  Monitor monitor;
  Endless endless(monitor);
  bool cancelled = false;
  try {
    scan_layer(endless, monitor);
  } catch (const Cancelled &) {
    cancelled = true;
  }
  ck_assert(cancelled);
}
END_TEST

START_TEST(documents_that_disagree) {
  std::string one = small_tar("one"), two = small_tar("two");
  Files files = good_files();
  Json image = files.image({one}, {digest_of(one)});
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  refuse_both(files, "manifest.json and index.json disagree");

  files = {};
  image = files.image({one, two}, {digest_of(one), digest_of(two)});
  files.set_index({image});
  Json entry = files.docker_entry;
  entry.set("Layers", Json::array({blob_path(sha256(as_bytes(two))),
                                   blob_path(sha256(as_bytes(one)))}));
  files.files["manifest.json"] = Json::array({entry}).dump();
  refuse_both(files, "layer 1 does not have the diff_id");
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
  tcase_add_test(good, history_that_does_not_match);
  tcase_add_test(good, indexes_in_indexes);
  tcase_add_test(good, attestations_lie_beside_images);
  tcase_add_test(good, names_of_an_index_hold_for_its_images);
  tcase_add_test(good, a_base_for_the_architecture_that_is_wanted);
  suite_add_tcase(suite, good);
  TCase *bad = tcase_create("bad images");
  tcase_add_test(bad, what_is_no_image);
  tcase_add_test(bad, every_flipped_byte_in_a_blob_is_noticed);
  tcase_add_test(bad, a_flipped_byte_in_an_archive_changes_nothing_unseen);
  tcase_add_test(bad, a_truncated_archive);
  tcase_add_test(bad, a_missing_blob);
  tcase_add_test(bad, wrong_sizes_and_digests);
  tcase_add_test(bad, layers_that_are_no_tar);
  tcase_add_test(bad, names_that_climb);
  tcase_add_test(bad, links_that_go_nowhere);
  tcase_add_test(bad, layers_are_compressed_once);
  tcase_add_test(bad, media_types_that_do_not_fit);
  tcase_add_test(bad, names_that_multiply);
  tcase_add_test(bad, documents_of_another_shape);
  tcase_add_test(bad, documents_that_are_bombs);
  tcase_add_test(bad, many_values_in_a_document_with_a_long_name);
  tcase_add_test(bad, a_sparse_file_in_an_archive);
  tcase_add_test(bad, cancelling_stops_a_layer_that_never_ends);
  tcase_add_test(bad, a_small_document_takes_little_memory);
  tcase_add_test(bad, documents_that_disagree);
  tcase_set_timeout(bad, 60);
  suite_add_tcase(suite, bad);
  return run_tests({suite});
}
