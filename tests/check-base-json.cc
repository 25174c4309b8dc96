// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of JSON documents, also hostile ones.

#include "base/json.hh"
#include "support/fixtures.hh"

#include <climits>

using namespace strata;

namespace {

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

void refuse(const std::string &text) {
  assert_error("cannot read the JSON of some.json",
               [&] { Json::parse(text, "some.json"); });
}

} // namespace

START_TEST(builds_in_the_order_given) {
  Json object = Json::object({{"z", "1"}, {"a", std::uint64_t(2)}});
  object.set("m", Json::array({"x", Json::object()}));
  object.set("a", std::int64_t(-3));
  assert_same(object.dump(), R"({"z":"1","a":-3,"m":["x",{}]})");
}
END_TEST

START_TEST(escapes_what_must_be) {
  Json text(std::string_view("a\"\\/\n\0\x01z", 8));
  assert_same(text.dump(), R"("a\"\\/\n\u0000\u0001z")");
  assert_same(Json::parse(text.dump(), "x").string(), text.string());
  assert_same(Json("grün").dump(), "\"grün\"");
  assert_same(Json(UINT64_MAX).dump(), "18446744073709551615");
}
END_TEST

START_TEST(writes_no_bad_utf8) {
  for (const char *bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80"}) {
    assert_error("UTF-8", [&] { Json{bad}; });
    assert_error("UTF-8", [&] { Json::object({{bad, "x"}}); });
  }
}
END_TEST

START_TEST(keeps_the_order_it_reads) {
  Json json = Json::parse(R"( {"b":1,"a":[true,null,"s"],"c":{}} )", "x");
  std::string keys;
  for (const auto &[key, value] : json.members())
    keys += key;
  assert_same(keys, "bac");
  assert_same(json.dump(), R"({"b":1,"a":[true,null,"s"],"c":{}})");
  auto list = json.at("a").elements();
  ck_assert_uint_eq(list.size(), 3);
  ck_assert(list[0].is_true());
  ck_assert(!list[1].is_true() && !list[1].is_string() && !list[1].is_array());
  ck_assert(!json.get("absent") && !json.has("absent"));
  json = Json::parse("{\"n\":null}", "x");
  ck_assert(!json.get("n") && json.has("n"));
}
END_TEST

START_TEST(takes_white_space_around) {
  ck_assert_uint_eq(Json::parse("\r\n\t 7 \n", "x").number(), 7);
  ck_assert(Json::parse("{}\n", "x").is_object());
}
END_TEST

START_TEST(refuses_what_is_no_json) {
  for (const char *text :
       {"",    " ",   "{",     "[1,]",     "{\"a\":}",   "{\"a\" 1}", "{a:1}",
        "'a'", "nul", "[1 2]", "\"abc",    "{} x",       "{}{}",      "[],",
        "01",  "1e",  "+1",    "// c\n{}", "/* c */ {}", "tRue"})
    refuse(text);
  refuse(std::string("{}\0", 3));
  refuse(std::string("{}\0x", 4));
  refuse(std::string("[\0]", 3));
}
END_TEST

START_TEST(refuses_bad_utf8) {
  for (const char *text :
       {"\"\xFF\"", "\"\xC3\"", "\"\x80\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"",
        "\"\xF4\x90\x80\x80\"", "{\"\xFF\":1}", "\xEF\xBB\xBF{}"})
    refuse(text);
}
END_TEST

START_TEST(refuses_deep_nesting) {
  Json::parse(nested(31), "x");
  refuse(nested(33));
  refuse(nested(1000000));
  refuse(std::string(1000000, '['));
}
END_TEST

START_TEST(refuses_more_values_than_any_document_has) {
  std::string list = "0";
  for (int i = 1; i < 1000000; ++i)
    list += ",0";
  Json most = Json::parse("[" + list + "]", "x");
  ck_assert_uint_eq(most.elements().size(), 1000000);
  assert_error("too many values",
               [&] { Json::parse("[" + list + ",0]", "x"); });
}
END_TEST

START_TEST(tells_the_place_of_a_wrong_type) {
  Json json = Json::parse(R"({"Env":["a",7],"size":-1,"half":1.5})", "config");
  assert_error("config.Env[1]", [&] { json.at("Env").elements()[1].string(); });
  assert_error("config.size", [&] { json.at("size").number(); });
  assert_error("config.half", [&] { json.at("half").number(); });
  assert_error("config.Env", [&] { json.at("Env").get("x"); });
  assert_error("config", [&] { json.elements(); });
  assert_error("'gone' is missing in config", [&] { json.at("gone"); });
}
END_TEST

START_TEST(numbers_at_their_limits) {
  auto number = [](const char *text) {
    return Json::parse(text, "x").number();
  };
  ck_assert_uint_eq(number("0"), 0);
  ck_assert_uint_eq(number("9223372036854775807"), INT64_MAX);
  ck_assert_uint_eq(number("9223372036854775808"), std::uint64_t(1) << 63);
  ck_assert_uint_eq(number("18446744073709551615"), UINT64_MAX);
  assert_error("x", [&] { number("\"1\""); });
}
END_TEST

int main() {
  Suite *suite = suite_create("base: JSON");
  TCase *all = tcase_create("all");
  tcase_add_test(all, builds_in_the_order_given);
  tcase_add_test(all, escapes_what_must_be);
  tcase_add_test(all, writes_no_bad_utf8);
  tcase_add_test(all, keeps_the_order_it_reads);
  tcase_add_test(all, takes_white_space_around);
  tcase_add_test(all, refuses_what_is_no_json);
  tcase_add_test(all, refuses_bad_utf8);
  tcase_add_test(all, refuses_deep_nesting);
  tcase_add_test(all, refuses_more_values_than_any_document_has);
  tcase_add_test(all, tells_the_place_of_a_wrong_type);
  tcase_add_test(all, numbers_at_their_limits);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
