// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of texts, digests, outputs and errors.

#include "base/iso_time.hh"
#include "base/output.hh"
#include "base/sha256.hh"
#include "support/fixtures.hh"

using namespace strata;

START_TEST(printable_keeps_text_and_escapes_the_rest) {
  const std::pair<std::string_view, const char *> cases[] = {
      {"", ""},
      {"hello-2.10", "hello-2.10"},
      {"a b", "a b"},
      {"grün", "grün"},
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
      {"\x1B[31m", "\\033[31m"},
      {"a\nb\x7F", "a\\012b\\177"},
      {std::string_view("a\0b", 3), "a\\000b"},
      {"\xC2\x9B"
       "31m",
       "\\302\\23331m"},
      {"\xFF\xFEz", "\\377\\376z"},
      {"\xE2\x82", "\\342\\202"},
      {"\xED\xA0\x80", "\\355\\240\\200"},
  };
  for (const auto &[name, wanted] : cases)
    assert_same(printable(name), wanted);
}
END_TEST

START_TEST(iso_times) {
  const std::pair<const char *, std::int64_t> good[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:01+00:00", 1},
      {"2000-02-29 12:00:00.75Z", 951825600},
      {"2026-01-31T13:00:00+01:00", 1769860800},
      {"2026-01-31T10:30:00-01:30", 1769860800},
      {"9999-12-31T23:59:59Z", 253402300799},
  };
  for (const auto &[text, seconds] : good)
    ck_assert_msg(parse_iso_time(text) == seconds, "%s", text);
  for (const char *bad :
       {"", "now", "1970-01-01", "1970-01-01T00:00:00", "1970-1-1T00:00:00Z",
        "1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01",
        "2001-02-29T00:00:00Z", "2001-00-01T00:00:00Z", "2001-13-01T00:00:00Z",
        "2001-01-00T00:00:00Z", "2001-01-01T24:00:00Z", "2001-01-01T00:60:00Z",
        "2001-01-01T00:00:00.Z", "2001-01-01T00:00:00Zx",
        "-001-01-01T00:00:00Z", "2001-01-01T00:00:00+0100"})
    ck_assert_msg(!parse_iso_time(bad), "%s", bad);
}
END_TEST

START_TEST(utf8_edges) {
  for (std::string_view good :
       {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    ck_assert_msg(is_utf8(good), "%s", printable(good).c_str());
  for (std::string_view bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41",
        "\xE0\x9F\xBF", "\xE0\xA0", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFE", "\xFF", "a\xFF"})
    ck_assert_msg(!is_utf8(bad), "%s", printable(bad).c_str());
  ck_assert(is_ascii("az\x7F"));
  ck_assert(!is_ascii("gr\xC3\xBCn"));
}
END_TEST

START_TEST(order_keys_agree_with_the_order_of_texts) {
  const std::vector<std::string> texts{
      "", "a", "a\x01", "aa", "abcdefgh", "abcdefghi", "b", "\x80", "\xFF\xFF"};
  for (const std::string &a : texts)
    for (const std::string &b : texts)
      if (order_key(a) != order_key(b))
        ck_assert((order_key(a) < order_key(b)) == (a < b));
  ck_assert(order_key("abcdefgh") == order_key("abcdefghi"));
  ck_assert(order_key("a") < order_key("\x80"));
}
END_TEST

START_TEST(format_takes_long_texts) {
  std::string longer(10000, 'x');
  assert_same(format("<%s %d>", longer.c_str(), 7), "<" + longer + " 7>");
  assert_same(format("%s", ""), "");
}
END_TEST

START_TEST(error_joins_its_parts) {
  Error error("cannot open 'x'", "it is gone", "look for it");
  assert_same(error.what(), "cannot open 'x': it is gone");
  assert_same(error.hint(), "look for it");
  Error outer = error.in_context("cannot pack");
  assert_same(outer.what(), "cannot pack: cannot open 'x': it is gone");
  assert_same(outer.hint(), "look for it");
  assert_same(Error("only this").what(), "only this");
  assert_same(Error::system("cannot open", ENOENT).what(),
              "cannot open: No such file or directory");
}
END_TEST

// FIPS 180-4, examples of NIST.
START_TEST(sha256_known_vectors) {
  const std::pair<std::string, const char *> vectors[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc",
       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {std::string(1000000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
  for (const auto &[text, wanted] : vectors) {
    assert_same(sha256(as_bytes(text)).hex(), wanted);
    Sha256 in_pieces;
    for (std::size_t i = 0; i < text.size(); i += 977)
      in_pieces.write(as_bytes(std::string_view(text).substr(i, 977)));
    assert_same(in_pieces.finish().hex(), wanted);
  }
}
END_TEST

START_TEST(digest_round_trip_and_bad_ones) {
  Digest digest = sha256(as_bytes("abc"));
  ck_assert(Digest::from_hex(digest.hex()) == digest);
  ck_assert(Digest::from_oci(digest.oci()) == digest);
  std::string hex = digest.hex();
  for (const std::string &bad :
       {std::string(), hex + "0", hex.substr(1), "B" + hex.substr(1),
        "g" + hex.substr(1), digest.oci(), std::string(64, '\0')})
    ck_assert_msg(!Digest::from_hex(bad), "%s", printable(bad).c_str());
  for (const std::string &bad : {hex, "sha512:" + hex, "SHA256:" + hex,
                                 std::string("sha256:"), "sha256::" + hex})
    ck_assert_msg(!Digest::from_oci(bad), "%s", bad.c_str());
}
END_TEST

// Remembers how many bytes each write had.
class Pieces : public ByteOutput {
public:
  void write(Bytes bytes) override {
    sizes.push_back(bytes.size());
    text += as_text(bytes);
  }
  std::vector<std::size_t> sizes;
  std::string text;
};

START_TEST(buffered_output_gathers_small_writes) {
  Pieces pieces;
  BufferedOutput output(pieces, 8);
  std::string wanted;
  for (std::size_t size : {3, 4, 2, 8, 1, 20, 0, 7, 1}) {
    std::string text = noise(size, size);
    output.write(as_bytes(text));
    wanted += text;
  }
  output.flush();
  output.flush();
  assert_same(pieces.text, wanted);
  ck_assert(pieces.sizes == std::vector<std::size_t>({7, 2, 8, 1, 20, 8}));
}
END_TEST

START_TEST(outputs_count_and_copy) {
  CountingOutput count;
  MemoryOutput memory;
  TeeOutput tee(count, memory);
  tee.write(as_bytes("one "));
  tee.write(as_bytes("two"));
  ck_assert_uint_eq(count.count(), 7);
  assert_same(memory.text(), "one two");
}
END_TEST

int main() {
  Suite *suite = suite_create("base: text, digests, outputs");
  TCase *all = tcase_create("all");
  tcase_add_test(all, printable_keeps_text_and_escapes_the_rest);
  tcase_add_test(all, iso_times);
  tcase_add_test(all, utf8_edges);
  tcase_add_test(all, order_keys_agree_with_the_order_of_texts);
  tcase_add_test(all, format_takes_long_texts);
  tcase_add_test(all, error_joins_its_parts);
  tcase_add_test(all, sha256_known_vectors);
  tcase_add_test(all, digest_round_trip_and_bad_ones);
  tcase_add_test(all, buffered_output_gathers_small_writes);
  tcase_add_test(all, outputs_count_and_copy);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
