// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of reading images that ask for too much memory or time.

#include "support/image-files.hh"

#include <sys/resource.h>

using namespace strata;

namespace {

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

} // namespace

// Many names for an index of many entries.
START_TEST(names_that_multiply) {
  Files files;
  std::string one = small_tar("one");
  Json image = files.image({one}, {digest_of(one)});
  Json inner =
      files.blob(index_type, make_index(std::vector<Json>(1000, image)).dump());
  std::vector<Json> outer;
  for (int i = 0; i < 1000; ++i)
    outer.push_back(annotated(inner, name_key, std::to_string(i).c_str()));
  files.set_index(outer);
  refuse(files, "list more than 100000 images");
}
END_TEST

// One name of 1 MB, and 60,000 images that have it.
START_TEST(a_name_that_is_too_long) {
  Files files;
  std::string one = small_tar("one");
  Json image = files.image({one}, {digest_of(one)});
  Json inner = files.blob(index_type,
                          make_index(std::vector<Json>(60000, image)).dump());
  std::string name(1000000, 'n');
  files.set_index({annotated(inner, name_key, name.c_str())});
  refuse(files, "is too long");
}
END_TEST

// Each image kept a copy of its config, or of what it says: 2 GB.
START_TEST(many_images_with_one_config) {
  std::string long_text(1000000, 'y');
  for (const std::string &member :
       {"\"x\":\"" + long_text + "\"", "\"created\":\"" + long_text + "\"",
        "\"history\":[{\"comment\":\"" + long_text + "\"}]"}) {
    Files files;
    files.files["c.json"] = "{" + member + ",\"rootfs\":{\"diff_ids\":[]}}";
    Json entry =
        Json::object({{"Config", "c.json"}, {"Layers", Json::array()}});
    auto list = [&](std::size_t count) {
      files.files["manifest.json"] =
          make_index(std::vector<Json>(count, entry)).at("manifests").dump();
    };
    list(60);
    ck_assert_int_lt(
        growth([&] { ck_assert_uint_eq(read_files(files).size(), 60); }),
        200 << 10);
    list(2000);
    ck_assert_int_lt(growth([&] {
                       refuse(files, "the configs of its images are too large");
                     }),
                     200 << 10);
  }
}
END_TEST

// An error listed the platform for each of the names: 64 s.
START_TEST(a_platform_that_is_too_long) {
  for (const char *key : {"os", "architecture", "variant"}) {
    Files files;
    files.files["c.json"] = "{\"rootfs\":{},\"os\":\"linux\",\"architecture\":"
                            "\"arm\",\"" +
                            std::string(key) + "\":\"" +
                            std::string(1000, 'v') + "\"}";
    files.files["manifest.json"] = "[{\"Config\":\"c.json\"}]";
    refuse(files, "is too long");
  }
}
END_TEST

START_TEST(a_name_of_a_docker_archive_that_is_too_long) {
  Files files;
  files.image({}, {});
  files.docker_entry.set("RepoTags", Json::array({std::string(1001, 'n')}));
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  refuse(files, "is too long");
}
END_TEST

// Errors list the first ones.
START_TEST(an_error_about_many_names) {
  Files files;
  files.image({}, {});
  Json names = Json::array();
  for (int i = 0; i < 10000; ++i)
    names.append("a:" + std::to_string(i));
  files.docker_entry.set("RepoTags", names);
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  TemporaryDirectory scratch;
  files.write_archive(scratch.path() + "/image");
  Monitor monitor;
  std::string error =
      error_of([&] { BaseImage(scratch.path() + "/image", "b", "", monitor); });
  assert_has(error, "a:19 (?/arm64), ...");
  ck_assert_uint_lt(error.size(), 1000);
}
END_TEST

START_TEST(documents_that_are_bombs) {
  Files files = good_files();
  files.files["index.json"] =
      "{\"manifests\":" + std::string(1000000, '[') + "}";
  refuse_both(files, "index.json");
  files.files["index.json"] =
      "{\"manifests\":[" + std::string(21 << 20, ' ') + "]}";
  refuse_both(files, "is no JSON document, or larger than 20 MiB");

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

// Reading a hole of 1 TB took hours, and a cancel did not stop it.
START_TEST(a_sparse_file_in_an_archive) {
  TemporaryDirectory scratch;
  output_of("cd '" + scratch.path() +
            "' && truncate -s 1T oci-layout && tar -S -cf image oci-layout");
  assert_error("'oci-layout' is a sparse file",
               [&] { read(scratch.path() + "/image"); });
  // GNU tar always writes a map of the parts that hold data.  Without one,
  // which is 24 bytes at byte 386 of the header, libarchive sees no sparse
  // file.
  std::string tar = content_of(scratch.path() + "/image");
  std::fill_n(tar.begin() + 386, 24, '\0');
  std::fill_n(tar.begin() + 148, 8, ' ');
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i)
    sum += static_cast<unsigned char>(tar[i]);
  std::snprintf(&tar[148], 8, "%06o", sum);
  put_file(scratch.path() + "/image", tar);
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

// Each was read into a cleared place for the largest document, 20 MiB.
START_TEST(a_small_document_takes_little_memory) {
  Files files = good_files();
  ck_assert_int_lt(growth([&] { read_files(files); }), 15 << 10);
}
END_TEST

int main() {
  Suite *suite = suite_create("limits of images");
  TCase *all = tcase_create("limits of images");
  tcase_add_test(all, names_that_multiply);
  tcase_add_test(all, a_name_that_is_too_long);
  tcase_add_test(all, many_images_with_one_config);
  tcase_add_test(all, a_platform_that_is_too_long);
  tcase_add_test(all, a_name_of_a_docker_archive_that_is_too_long);
  tcase_add_test(all, an_error_about_many_names);
  tcase_add_test(all, documents_that_are_bombs);
  tcase_add_test(all, many_values_in_a_document_with_a_long_name);
  tcase_add_test(all, a_sparse_file_in_an_archive);
  tcase_add_test(all, cancelling_stops_a_layer_that_never_ends);
  tcase_add_test(all, a_small_document_takes_little_memory);
  tcase_set_timeout(all, 60);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
