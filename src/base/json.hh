// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: JSON (RFC 8259) through json-c: values to build documents from, and
// reading of documents that came from outside.
// Errors: reading something of another type than is there throws Error; its
// text has the place in the document ("config.Env[2]").
// Threads: a document belongs to one thread at a time.

#ifndef STRATA_BASE_JSON_HH
#define STRATA_BASE_JSON_HH

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct json_object;

namespace strata {

class Json {
public:
  static Json object(std::initializer_list<std::pair<const char *, Json>> = {});
  static Json array(std::initializer_list<Json> = {});
  /// Text that is not UTF-8, also as a key, is an Error.
  Json(std::string_view text);
  Json(const std::string &text) : Json(std::string_view(text)) {}
  Json(const char *text) : Json(std::string_view(text)) {}
  Json(std::int64_t number);
  Json(std::uint64_t number);
  Json(bool) = delete;

  /// The document in TEXT.  NAME says in errors what it is.  Nesting deeper
  /// than 32, more than about MOST_VALUES values, trailing bytes and text that
  /// is not UTF-8 are Errors.
  static Json parse(std::string_view text, const std::string &name,
                    std::size_t most_values = 1'000'000);

  /// Sets KEY of an object; keys keep the order in which they came.
  void set(const std::string &key, const Json &value);
  /// Adds to the end of an array.
  void append(const Json &value);

  bool is_object() const;
  bool is_array() const;
  bool is_string() const;
  bool is_true() const;

  /// The value of KEY in an object, or nothing if absent or null.
  std::optional<Json> get(const std::string &key) const;
  /// Whether the object has KEY, if only with null.
  bool has(const std::string &key) const;
  /// As get, but an absent key is an Error.
  Json at(const std::string &key) const;
  /// The elements of an array.
  std::vector<Json> elements() const;
  /// Keys and values of an object, in order.
  std::vector<std::pair<std::string, Json>> members() const;
  std::string string() const;
  /// A whole number that is not negative.
  std::uint64_t number() const;

  /// The document without white space.
  std::string dump() const;

private:
  struct Release {
    void operator()(json_object *value) const;
  };
  // Where a value is; shared, since a place may be long and have many values.
  struct Place;
  Json(json_object *value, std::shared_ptr<const Place> place);
  Json inner(json_object *value, std::string step) const;
  std::string place() const;
  [[noreturn]] void wrong_type(const char *wanted) const;

  std::shared_ptr<json_object> value_;
  std::shared_ptr<const Place> place_; // null for what was not parsed
};

} // namespace strata

#endif
