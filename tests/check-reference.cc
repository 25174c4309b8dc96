// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of names of images.

#include "image/reference.hh"
#include "support/fixtures.hh"

using namespace strata;

namespace {

struct Good {
  std::string text, host, path, tag, full;
};

void refuse(const std::string &text) {
  assert_error("invalid image name '" + printable(text) + "'",
               [&] { ImageReference::parse(text); });
}

} // namespace

START_TEST(good_names) {
  const std::string library = "docker.io/library/";
  const Good table[] = {
      {"hello", "", "hello", "latest", library + "hello:latest"},
      {"hello:2.10", "", "hello", "2.10", library + "hello:2.10"},
      {"me/hello", "", "me/hello", "latest", "docker.io/me/hello:latest"},
      {"a/b/c:_x", "", "a/b/c", "_x", "docker.io/a/b/c:_x"},
      {"a.b_c__d-e--f", "", "a.b_c__d-e--f", "latest",
       library + "a.b_c__d-e--f:latest"},
      {"0", "", "0", "latest", library + "0:latest"},
      {"localhost/x", "localhost", "x", "latest", "localhost/x:latest"},
      {"localhost:5000/x:y", "localhost:5000", "x", "y", "localhost:5000/x:y"},
      {"example.org/a/b", "example.org", "a/b", "latest",
       "example.org/a/b:latest"},
      {"Example/x", "Example", "x", "latest", "Example/x:latest"},
      {"host:65535/x", "host:65535", "x", "latest", "host:65535/x:latest"},
      {"127.0.0.1:80/x", "127.0.0.1:80", "x", "latest",
       "127.0.0.1:80/x:latest"},
      {"[::1]/x", "[::1]", "x", "latest", "[::1]/x:latest"},
      {"[fe80::A]:5000/x:1", "[fe80::A]:5000", "x", "1", "[fe80::A]:5000/x:1"},
      {"a-b.c/x", "a-b.c", "x", "latest", "a-b.c/x:latest"},
      {"x:A.b-C_9", "", "x", "A.b-C_9", library + "x:A.b-C_9"},
      {"docker.io/hello", "docker.io", "hello", "latest",
       library + "hello:latest"},
      {"docker.io/me/hello", "docker.io", "me/hello", "latest",
       "docker.io/me/hello:latest"},
  };
  for (const Good &good : table) {
    ImageReference name = ImageReference::parse(good.text);
    assert_same(name.host, good.host);
    assert_same(name.path, good.path);
    assert_same(name.tag, good.tag);
    assert_same(name.full(), good.full);
    assert_same(name.familiar(),
                good.tag == "latest" ? good.text + ":latest" : good.text);
  }
}
END_TEST

START_TEST(bad_names) {
  for (const char *text : {"",
                           ":",
                           "/",
                           "hello:",
                           ":tag",
                           "/hello",
                           "hello/",
                           "a//b",
                           "Hello",
                           "hello:a:b",
                           "hello world",
                           "a___b",
                           "a..b",
                           "a._b",
                           "-a",
                           "a-",
                           ".a",
                           "a.",
                           "_a",
                           "a_",
                           "hello:.x",
                           "hello:-x",
                           "hello:x/y",
                           "hello:x+y",
                           "gr\xC3\xBCn",
                           "a\nb",
                           "hello@sha256:00",
                           "localhost/x@sha256:00",
                           "hello:1@sha256:00",
                           "host:/x",
                           "host:65536/x",
                           "host:999999/x",
                           "host:-1/x",
                           "host:a/x",
                           "host:1:2/x",
                           "-host.a/x",
                           "host-.a/x",
                           "a..b/x",
                           ".a/x",
                           "a./x",
                           "a_b.c/x",
                           "[::1/x",
                           "[]/x",
                           "[g]/x",
                           "[::1]5000/x",
                           "[::1]:/x",
                           "[::1]",
                           "http://example.org/x",
                           "example.org/",
                           "example.org/X",
                           "localhost:5000/"})
    refuse(text);
  refuse(std::string("a\0b", 3));
}
END_TEST

START_TEST(lengths) {
  std::string longest = "example.org/" + std::string(255 - 12, 'a');
  ImageReference::parse(longest);
  ImageReference::parse(longest + ":" + std::string(128, 't'));
  refuse(longest + "a");
  refuse(longest + ":" + std::string(129, 't'));
  ImageReference::parse(std::string(255, 'a'));
  refuse(std::string(256, 'a'));
  refuse(std::string(1000000, '/'));
}
END_TEST

START_TEST(names_come_back_as_they_are_written) {
  for (const char *text : {"hello:latest", "localhost:5000/a/b:c", "[::1]/x:y"})
    assert_same(ImageReference::parse(text).familiar(), text);
  assert_same(ImageReference::parse("localhost:5000/a/b:c").repository(),
              "localhost:5000/a/b");
}
END_TEST

int main() {
  Suite *suite = suite_create("image: names");
  TCase *all = tcase_create("all");
  tcase_add_test(all, good_names);
  tcase_add_test(all, bad_names);
  tcase_add_test(all, lengths);
  tcase_add_test(all, names_come_back_as_they_are_written);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
