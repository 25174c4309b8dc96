// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "image/reference.hh"

#include "base/error.hh"
#include "base/text.hh"

#include <algorithm>

namespace strata {

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t longest_tag = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_path_letter(char c) { return is_lower(c) || is_digit(c); }
bool is_host_letter(char c) { return is_path_letter(c) || is_upper(c); }

bool is_separator(std::string_view text) {
  return text == "." || text == "_" || text == "__" ||
         text.find_first_not_of('-') == std::string_view::npos;
}

bool is_path_component(std::string_view text) {
  if (text.empty() || !is_path_letter(text.front()) ||
      !is_path_letter(text.back()))
    return false;
  while (!text.empty()) {
    auto letters = std::find_if_not(text.begin(), text.end(), is_path_letter);
    text.remove_prefix(letters - text.begin());
    auto separator = std::find_if(text.begin(), text.end(), is_path_letter);
    std::size_t length = separator - text.begin();
    if (length > 0 && !is_separator(text.substr(0, length)))
      return false;
    text.remove_prefix(length);
  }
  return true;
}

// Calls TEST for each part of TEXT between SEPARATORs; all must be true.
template <typename Test>
bool all_parts(std::string_view text, char separator, Test test) {
  for (;;) {
    std::size_t end = text.find(separator);
    if (!test(text.substr(0, end)))
      return false;
    if (end == std::string_view::npos)
      return true;
    text.remove_prefix(end + 1);
  }
}

bool is_host_label(std::string_view text) {
  return !text.empty() && is_host_letter(text.front()) &&
         is_host_letter(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_host_letter(c) || c == '-'; });
}

bool is_address(std::string_view text) { // inside brackets: IPv6
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
           c == ':';
  });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), is_digit) &&
         std::stoul(std::string(text)) <= 65535;
}

bool is_host(std::string_view text) {
  std::string_view name = text, port = "0";
  if (text.starts_with('[')) {
    std::size_t end = text.find(']');
    if (end == std::string_view::npos || !is_address(text.substr(1, end - 1)))
      return false;
    std::string_view rest = text.substr(end + 1);
    return rest.empty() || (rest[0] == ':' && is_port(rest.substr(1)));
  }
  if (std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    name = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  return is_port(port) && all_parts(name, '.', is_host_label);
}

bool is_tag(std::string_view text) {
  auto good = [](char c) { return is_host_letter(c) || c == '_'; };
  return !text.empty() && text.size() <= longest_tag && good(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return good(c) || c == '.' || c == '-'; });
}

// Clients take the part before the first "/" for a host if it can be no part
// of a path of their own: it has a dot or a port, or is "localhost".
bool looks_like_host(std::string_view text) {
  return text.find_first_of(".:[") != std::string_view::npos ||
         text == "localhost" || std::any_of(text.begin(), text.end(), is_upper);
}

} // namespace

ImageReference ImageReference::parse(std::string_view text) {
  auto fail = [&](std::string cause) {
    throw Error(format(_("invalid image name '%s'"), printable(text).c_str()),
                std::move(cause),
                _("a name is [HOST[:PORT]/]PATH[:TAG], such as "
                  "localhost:5000/tools/hello:2.10"));
  };
  ImageReference result;
  std::string_view rest = text;
  std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos &&
      looks_like_host(rest.substr(0, slash))) {
    result.host = rest.substr(0, slash);
    rest.remove_prefix(slash + 1);
    if (!is_host(result.host))
      fail(format(_("'%s' is no host"), printable(result.host).c_str()));
  }
  if (rest.find('@') != std::string_view::npos)
    fail(_("a digest cannot be chosen"));
  std::size_t colon = rest.find(':');
  result.path = rest.substr(0, colon);
  result.tag = "latest";
  if (colon != std::string_view::npos)
    result.tag = rest.substr(colon + 1);
  if (!all_parts(result.path, '/', is_path_component))
    fail(format(_("'%s' is no path of lower-case letters, digits and "
                  "separators"),
                printable(result.path).c_str()));
  if (!is_tag(result.tag))
    fail(format(_("'%s' is no tag"), printable(result.tag).c_str()));
  if (result.repository().size() > longest_name)
    fail(format(_("it has more than %zu characters"), longest_name));
  return result;
}

std::string ImageReference::repository() const {
  return host.empty() ? path : host + "/" + path;
}

std::string ImageReference::full() const {
  constexpr std::string_view hub = "docker.io"; // the default
  if (!host.empty() && host != hub)
    return familiar();
  bool bare = path.find('/') == std::string::npos;
  return std::string(hub) + "/" + (bare ? "library/" : "") + path + ":" + tag;
}

std::string full_name(const std::string &name) {
  try {
    return ImageReference::parse(name).full();
  } catch (const Error &) {
    return name;
  }
}

} // namespace strata
