// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/json.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <json-c/json.h>

#include <algorithm>
#include <climits>

namespace strata {

namespace {

constexpr int deepest = 32;

json_object *made(json_object *value) {
  if (value == nullptr)
    throw std::bad_alloc();
  return value;
}

// json-c would write other bytes as they are.
std::string_view checked(std::string_view text) {
  if (!is_utf8(text))
    throw Error(format(_("cannot write '%s' as JSON"), printable(text).c_str()),
                _("it is not valid UTF-8"));
  return text;
}

} // namespace

void Json::Release::operator()(json_object *value) const {
  json_object_put(value);
}

struct Json::Place {
  std::shared_ptr<const Place> outer; // null for the document
  std::string step;                   // from there: ".key" or "[2]"
};

Json::Json(json_object *value, std::shared_ptr<const Place> place)
    : value_(value, Release()), place_(std::move(place)) {}

Json Json::inner(json_object *value, std::string step) const {
  return Json(json_object_get(value),
              std::make_shared<const Place>(Place{place_, std::move(step)}));
}

std::string Json::place() const {
  std::string text;
  for (const Place *place = place_.get(); place != nullptr;
       place = place->outer.get())
    text.insert(0, place->step);
  return text;
}

Json Json::object(std::initializer_list<std::pair<const char *, Json>> list) {
  Json result(made(json_object_new_object()), {});
  for (const auto &[key, value] : list)
    result.set(key, value);
  return result;
}

Json Json::array(std::initializer_list<Json> list) {
  Json result(made(json_object_new_array()), {});
  for (const Json &value : list)
    result.append(value);
  return result;
}

Json::Json(std::string_view text)
    : Json(made(json_object_new_string_len(checked(text).data(),
                                           static_cast<int>(text.size()))),
           {}) {}

Json::Json(std::int64_t number)
    : Json(made(json_object_new_int64(number)), {}) {}

Json::Json(std::uint64_t number)
    : Json(made(json_object_new_uint64(number)), {}) {}

// A value of two bytes becomes one of 200 in memory.
Json Json::parse(std::string_view text, const std::string &name,
                 std::size_t most_values) {
  std::string attempt =
      format(_("cannot read the JSON of %s"), printable(name).c_str());
  if (text.size() > INT_MAX)
    throw Error(attempt, _("it is too large"));
  auto commas = std::count(text.begin(), text.end(), ',');
  if (static_cast<std::size_t>(commas) >= most_values)
    throw Error(attempt, _("it has too many values"));
  // json-c's own check lets overlong forms and surrogates pass.
  if (!is_utf8(text))
    throw Error(attempt, _("it is not valid UTF-8"));
  std::unique_ptr<json_tokener, decltype(&json_tokener_free)> tokener(
      json_tokener_new_ex(deepest), &json_tokener_free);
  if (!tokener)
    throw std::bad_alloc();
  json_tokener_set_flags(tokener.get(), JSON_TOKENER_STRICT);
  // The final NUL ends a number at the end of the text.
  std::string ended(text);
  Json result(json_tokener_parse_ex(tokener.get(), ended.c_str(),
                                    static_cast<int>(ended.size()) + 1),
              std::make_shared<const Place>(Place{nullptr, name}));
  json_tokener_error problem = json_tokener_get_error(tokener.get());
  if (problem != json_tokener_success)
    throw Error(attempt, json_tokener_error_desc(problem));
  if (json_tokener_get_parse_end(tokener.get()) < ended.size())
    throw Error(attempt, _("something follows its end"));
  return result;
}

void Json::set(const std::string &key, const Json &value) {
  checked(key);
  json_object_object_add(value_.get(), key.c_str(),
                         json_object_get(value.value_.get()));
}

void Json::append(const Json &value) {
  json_object_array_add(value_.get(), json_object_get(value.value_.get()));
}

bool Json::is_object() const {
  return json_object_is_type(value_.get(), json_type_object);
}

bool Json::is_array() const {
  return json_object_is_type(value_.get(), json_type_array);
}

bool Json::is_string() const {
  return json_object_is_type(value_.get(), json_type_string);
}

bool Json::is_true() const {
  return json_object_is_type(value_.get(), json_type_boolean) &&
         json_object_get_boolean(value_.get());
}

void Json::wrong_type(const char *wanted) const {
  throw Error(format(_("wrong type in %s"), printable(place()).c_str()),
              wanted);
}

std::optional<Json> Json::get(const std::string &key) const {
  if (!is_object())
    wrong_type(_("an object is wanted"));
  json_object *value = json_object_object_get(value_.get(), key.c_str());
  if (value == nullptr)
    return {};
  return inner(value, "." + key);
}

bool Json::has(const std::string &key) const {
  if (!is_object())
    wrong_type(_("an object is wanted"));
  return json_object_object_get_ex(value_.get(), key.c_str(), nullptr) != 0;
}

Json Json::at(const std::string &key) const {
  auto value = get(key);
  if (!value)
    throw Error(format(_("'%s' is missing in %s"), printable(key).c_str(),
                       printable(place()).c_str()));
  return *value;
}

std::vector<Json> Json::elements() const {
  if (!is_array())
    wrong_type(_("an array is wanted"));
  std::vector<Json> result;
  std::size_t count = json_object_array_length(value_.get());
  result.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(
        inner(json_object_array_get_idx(value_.get(), i), format("[%zu]", i)));
  return result;
}

std::vector<std::pair<std::string, Json>> Json::members() const {
  if (!is_object())
    wrong_type(_("an object is wanted"));
  std::vector<std::pair<std::string, Json>> result;
  json_object_object_foreach(value_.get(), key, value) {
    result.emplace_back(key, inner(value, std::string(".") + key));
  }
  return result;
}

std::string Json::string() const {
  if (!is_string())
    wrong_type(_("a string is wanted"));
  return {json_object_get_string(value_.get()),
          static_cast<std::size_t>(json_object_get_string_len(value_.get()))};
}

std::uint64_t Json::number() const {
  if (!json_object_is_type(value_.get(), json_type_int) ||
      json_object_get_int64(value_.get()) < 0)
    wrong_type(_("a whole number that is not negative is wanted"));
  return json_object_get_uint64(value_.get());
}

std::string Json::dump() const {
  return json_object_to_json_string_ext(
      value_.get(), JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

} // namespace strata
