// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of choosing the image that another one is built on.

#include "support/image-files.hh"

using namespace strata;

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
      assert_same(
          BaseImage(path, name, architecture, monitor).config().architecture,
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
  for (const char *name : {"hello", "library/hello", "latest"})
    ck_assert_uint_eq(BaseImage(path, name, "", monitor).layers().size(), 2);
  ck_assert_uint_eq(BaseImage(path, "hello:1", "", monitor).layers().size(), 1);
  for (const char *name : {"ello", "hell", "hello:", ":latest"})
    assert_error("it holds no image",
                 [&] { BaseImage(path, name, "", monitor); });
}
END_TEST

// armhf is ARMv7.  Variants looked alike, and were refused as several images.
START_TEST(a_base_for_the_best_variant) {
  std::string one = small_tar("one");
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/image";
  Monitor monitor;
  auto chosen = [&](const std::vector<const char *> &variants, bool in_config) {
    Files files;
    std::vector<Json> images;
    for (const char *variant : variants) {
      files.architecture = "arm";
      files.variant = in_config ? variant : "";
      // So that their configs differ.
      std::string layer = small_tar(variant);
      Json image = files.image({layer}, {digest_of(layer)});
      image.set("platform", Json::object({{"architecture", "arm"},
                                          {"os", "linux"},
                                          {"variant", variant}}));
      images.push_back(image);
    }
    files.set_index(images);
    files.write_archive(path);
    return BaseImage(path, "", "arm", monitor).config().variant;
  };
  for (bool in_config : {false, true}) {
    assert_same(chosen({"v5", "v6", "v7"}, in_config), "v7");
    assert_same(chosen({"v7", "v6"}, in_config), "v7");
    assert_same(chosen({"v6", "v5"}, in_config), "v6");
    assert_same(chosen({"v6"}, in_config), "v6");
  }
  assert_error("it holds several images", [&] { chosen({"v9", "v10"}, true); });
}
END_TEST

int main() {
  Suite *suite = suite_create("base image");
  TCase *all = tcase_create("base image");
  tcase_add_test(all, a_base_by_its_whole_name);
  tcase_add_test(all, a_base_for_the_architecture_that_is_wanted);
  tcase_add_test(all, a_base_by_its_name_without_the_tag);
  tcase_add_test(all, a_base_for_the_best_variant);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
