// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of choosing the image that another one is built on.

#include "support/image-files.hh"

using namespace strata;

namespace {

// An index of images that differ in VARIANTS, which configs or the index says.
Files variants_of(const char *architecture,
                  const std::vector<const char *> &variants, bool in_config) {
  Files files;
  std::vector<Json> images;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    files.architecture = architecture;
    files.variant = in_config ? variants[i] : "";
    std::string layer = small_tar(std::to_string(i));
    Json image = files.image({layer}, {digest_of(layer)});
    image.set("platform", Json::object({{"architecture", architecture},
                                        {"os", "linux"},
                                        {"variant", variants[i]}}));
    images.push_back(image);
  }
  files.set_index({files.blob(index_type, make_index(images).dump())});
  return files;
}

} // namespace

// The first one whose name ended with the one that was asked for was taken.
START_TEST(a_base_by_its_whole_name) {
  Files files;
  std::string one = small_tar("one"), two = small_tar("two");
  Json other = files.image({one}, {digest_of(one)});
  Json wanted = files.image({one, two}, {digest_of(one), digest_of(two)});
  files.set_index({annotated(other, name_key, "example.org/hello:1"),
                   annotated(wanted, name_key, "hello:1")});
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  files.write_archive(path);
  Monitor monitor;
  ck_assert_uint_eq(BaseImage(path, "hello:1", "", monitor).layers().size(), 2);
  ck_assert_uint_eq(
      BaseImage(path, "example.org/hello:1", "", monitor).layers().size(), 1);
  assert_error("it holds several images",
               [&] { BaseImage(path, "1", "", monitor); });
}
END_TEST

START_TEST(a_base_for_the_architecture_that_is_wanted) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  two_architectures().write_archive(path);
  Monitor monitor;
  for (const char *architecture : {"arm64", "amd64"})
    for (const char *name : {"", "1"})
      assert_same(BaseImage(path, name, architecture, monitor)
                      .config()
                      .platform.architecture,
                  architecture);
  assert_error("it is not for linux/s390x but for: 1 (",
               [&] { BaseImage(path, "1", "s390x", monitor); });
  assert_error("it holds no image '2'",
               [&] { BaseImage(path, "2", "arm64", monitor); });
}
END_TEST

// Docker completes a name so.
START_TEST(a_base_by_its_name_without_the_tag) {
  Files files;
  std::string one = small_tar("one"), two = small_tar("two");
  Json other = files.image({one}, {digest_of(one)});
  Json wanted = files.image({one, two}, {digest_of(one), digest_of(two)});
  files.set_index(
      {annotated(other, name_key, "docker.io/library/hello:1"),
       annotated(wanted, name_key, "docker.io/library/hello:latest")});
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  files.write_archive(path);
  Monitor monitor;
  for (const char *name : {"hello", "library/hello", "latest",
                           "docker.io/hello", "docker.io/library/hello:latest"})
    ck_assert_uint_eq(BaseImage(path, name, "", monitor).layers().size(), 2);
  ck_assert_uint_eq(BaseImage(path, "hello:1", "", monitor).layers().size(), 1);
  for (const char *name : {"ello", "hell", "hello:", ":latest"})
    assert_error("it holds no image",
                 [&] { BaseImage(path, name, "", monitor); });
}
END_TEST

// armhf is ARMv7.  Variants looked alike, and were refused as several images.
START_TEST(a_base_for_the_best_variant) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  Monitor monitor;
  auto chosen = [&](const char *architecture,
                    const std::vector<const char *> &variants, bool in_config) {
    variants_of(architecture, variants, in_config).write_archive(path);
    return BaseImage(path, "", architecture, monitor).config().platform.variant;
  };
  for (bool in_config : {false, true}) {
    assert_same(chosen("arm", {"v5", "v6", "v7"}, in_config), "v7");
    assert_same(chosen("arm", {"v7", "v6"}, in_config), "v7");
    assert_same(chosen("arm", {"v6", "v5"}, in_config), "v6");
    assert_same(chosen("arm", {"v6"}, in_config), "v6");
    assert_same(chosen("amd64", {"v3", "v2"}, in_config), "v2");
    assert_same(chosen("amd64", {"v3", ""}, in_config), "");
  }
  assert_error("it holds several images", [&] {
    chosen("arm", {"v7", "v7"}, true);
  });
}
END_TEST

// Two images without names were taken for variants of one.
START_TEST(a_base_among_images_that_are_no_variants) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  Monitor monitor;
  Files files = variants_of("arm", {"v6", "v7"}, true);
  Json inner = Json::parse(files.files["index.json"], "index");
  std::string name = blob_path(*Digest::from_oci(
      inner.at("manifests").elements()[0].at("digest").string()));
  std::vector<Json> images =
      Json::parse(files.files[name], "inner").at("manifests").elements();
  files.set_index(images);
  files.write_archive(path);
  assert_error("it holds several images",
               [&] { BaseImage(path, "", "arm", monitor); });
  // One name for both says that they are variants.
  files.set_index({annotated(images[0], name_key, "a:1"),
                   annotated(images[1], name_key, "a:1"),
                   annotated(images[1], name_key, "a:v7")});
  files.write_archive(path);
  assert_same(BaseImage(path, "a:1", "arm", monitor).config().platform.variant,
              "v7");
}
END_TEST

START_TEST(an_image_on_a_variant) {
  PackFixture store;
  store.add_three();
  auto made = [&](const char *architecture, const char *variant,
                  const char *wanted) {
    variants_of(architecture, {variant}, true).write_archive(store.out("base"));
    PackRequest request = store.request();
    request.base = {store.out("base"), ""};
    request.config.architecture = wanted;
    pack(request);
    std::string text = content_of(request.sink.output);
    FoundImage image = read(request.sink.output)[0];
    // The index says it too.
    if (!image.platform.variant.empty())
      assert_has(text, "\"os\":\"linux\",\"variant\":\"" +
                           image.platform.variant + "\"}");
    return image.platform.text();
  };
  assert_same(made("arm", "v7", ""), "linux/arm/v7");
  assert_same(made("arm", "v5", ""), "linux/arm/v5");
  // What lies on it is for ARMv7.
  assert_same(made("arm", "v5", "arm"), "linux/arm");
  assert_same(made("arm", "v8", "arm"), "linux/arm/v8");
  assert_same(made("amd64", "v3", "amd64"), "linux/amd64/v3");
}
END_TEST

int main() {
  Suite *suite = suite_create("base image");
  TCase *all = tcase_create("base image");
  tcase_add_test(all, a_base_by_its_whole_name);
  tcase_add_test(all, a_base_for_the_architecture_that_is_wanted);
  tcase_add_test(all, a_base_by_its_name_without_the_tag);
  tcase_add_test(all, a_base_for_the_best_variant);
  tcase_add_test(all, a_base_among_images_that_are_no_variants);
  tcase_add_test(all, an_image_on_a_variant);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
