// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "guile/convert.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <cstdlib>
#include <memory>

namespace strata {

namespace {

[[noreturn]] void wrong_type(const char *wanted) {
  throw Error(_("a Scheme value has the wrong type"), wanted);
}

} // namespace

std::string text_from_scm(SCM value) {
  if (!scm_is_string(value))
    wrong_type(_("a string is wanted"));
  std::size_t size = 0;
  std::unique_ptr<char, decltype(&free)> text(scm_to_utf8_stringn(value, &size),
                                              &free);
  std::string result(text.get(), size);
  if (result.find('\0') != std::string::npos)
    wrong_type(_("a string without NUL is wanted"));
  return result;
}

std::string optional_text_from_scm(SCM value) {
  return scm_is_false(value) ? std::string() : text_from_scm(value);
}

std::uint64_t number_from_scm(SCM value, const char *name, std::uint64_t most) {
  if (!scm_is_unsigned_integer(value, 0, most))
    throw Error(format(_("invalid value for '%s'"), name),
                format(_("a whole number from 0 to %llu is wanted"),
                       static_cast<unsigned long long>(most)));
  return scm_to_uint64(value);
}

std::vector<SCM> list_from_scm(SCM value) {
  // A list that ends in itself has no length.
  if (scm_ilength(value) < 0)
    wrong_type(_("a list is wanted"));
  std::vector<SCM> result;
  for (; scm_is_pair(value); value = SCM_CDR(value))
    result.push_back(SCM_CAR(value));
  return result;
}

std::vector<std::string> texts_from_scm(SCM value) {
  if (scm_is_false(value))
    return {};
  std::vector<std::string> result;
  for (SCM element : list_from_scm(value))
    result.push_back(text_from_scm(element));
  return result;
}

std::vector<std::pair<std::string, std::string>> pairs_from_scm(SCM value) {
  if (scm_is_false(value))
    return {};
  std::vector<std::pair<std::string, std::string>> result;
  for (SCM element : list_from_scm(value)) {
    if (!scm_is_pair(element))
      wrong_type(_("a pair of strings is wanted"));
    result.emplace_back(text_from_scm(SCM_CAR(element)),
                        text_from_scm(SCM_CDR(element)));
  }
  return result;
}

SCM value_of(SCM alist, const char *key) {
  SCM symbol = scm_from_utf8_symbol(key);
  for (SCM element : list_from_scm(alist))
    if (scm_is_pair(element) && scm_is_eq(SCM_CAR(element), symbol))
      return SCM_CDR(element);
  return SCM_BOOL_F;
}

SCM scm_from_text(std::string_view text) {
  if (is_utf8(text))
    return scm_from_utf8_stringn(text.data(), text.size());
  std::string clean = printable(text);
  return scm_from_utf8_stringn(clean.data(), clean.size());
}

SCM scm_from_texts(const std::vector<std::string> &texts) {
  SCM result = SCM_EOL;
  for (auto text = texts.rbegin(); text != texts.rend(); ++text)
    result = scm_cons(scm_from_text(*text), result);
  return result;
}

AlistBuilder &AlistBuilder::add(const char *key, SCM value) {
  reversed_ = scm_cons(scm_cons(scm_from_utf8_symbol(key), value), reversed_);
  return *this;
}

} // namespace strata
