// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of reading images that are damaged or hostile.

#include "support/image-files.hh"

#include <random>

using namespace strata;

namespace {

// What counts in images, as text.
std::string shown(const std::vector<FoundImage> &images) {
  std::string result;
  for (const FoundImage &image : images) {
    // No digest covers the names.
    result += image.manifest.hex() + " " + *image.config;
    for (const FoundLayer &layer : image.layers)
      result +=
          "\n" + layer.scan->digest.hex() + " " + layer.scan->diff_id.hex();
    result += "\n";
  }
  return result;
}

} // namespace

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
                           "[{\"Config\":\"x\",\"Layers\":[7]}]"}) {
    Files files = good_files();
    files.files["manifest.json"] = text;
    refuse_both(files, "manifest.json");
  }
}
END_TEST

START_TEST(documents_that_disagree) {
  std::string one = small_tar("one"), two = small_tar("two");
  Files files;
  Json image = files.image({two}, {digest_of(two)});
  files.set_index({annotated(image, name_key, "docker.io/library/a:b")});
  image = files.image({one}, {digest_of(one)});
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  refuse_both(files, "manifest.json and index.json disagree about 'a:b'");
  files.set_index(
      {annotated(image, name_key, "b:b"),
       annotated(files.image({two}, {digest_of(two)}), name_key, "a:b")});
  refuse_both(files, "disagree about 'a:b'");
  // A copy of the config is the same one.
  files = {};
  image = files.image({one}, {digest_of(one)});
  files.set_index({annotated(image, name_key, "a:b")});
  files.files["c.json"] = files.files[files.docker_entry.at("Config").string()];
  files.docker_entry.set("Config", "c.json");
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  ck_assert_uint_eq(read_files(files).size(), 1);
  // A config whose name no descriptor verifies.
  files.files["blobs/sha256/" + std::string(64, '0')] = "{}";
  refuse_both(files, "has another digest");

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

int main() {
  Suite *suite = suite_create("bad images");
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
  tcase_add_test(bad, documents_of_another_shape);
  tcase_add_test(bad, documents_that_disagree);
  tcase_set_timeout(bad, 60);
  suite_add_tcase(suite, bad);
  return run_tests({suite});
}
