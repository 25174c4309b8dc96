// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/error.hh"
#include "base/file.hh"
#include "base/text.hh"
#include "layer/compressor.hh"

#include <algorithm>
#include <charconv>

namespace strata {

namespace {

struct ToolLevels {
  std::string_view name;
  Compression::Tool tool;
  int least, usual, most;
};

const ToolLevels tools[] = {
    {"none", Compression::Tool::none, 0, 0, 0},
    {"gzip", Compression::Tool::gzip, 1, 6, 12},
    {"zstd", Compression::Tool::zstd, 1, 3, 22},
    {"xz", Compression::Tool::xz, 0, 6, 9},
    {"bzip2", Compression::Tool::bzip2, 1, 9, 9},
    {"lzip", Compression::Tool::lzip, 0, 6, 9},
};

// Programs that give the same format as a tool under another name.
constexpr std::pair<std::string_view, std::string_view> same_format[] = {
    {"pigz", "gzip"},    {"pzstd", "zstd"}, {"zstdmt", "zstd"},
    {"pxz", "xz"},       {"pixz", "xz"},    {"pbzip2", "bzip2"},
    {"lbzip2", "bzip2"}, {"plzip", "lzip"},
};

const ToolLevels *find_tool(std::string_view name) {
  auto found =
      std::find_if(std::begin(tools), std::end(tools),
                   [&](const ToolLevels &known) { return known.name == name; });
  return found == std::end(tools) ? nullptr : found;
}

std::optional<int> number(std::string_view digits) {
  int result = -1;
  auto end = digits.data() + digits.size();
  auto [rest, problem] = std::from_chars(digits.data(), end, result);
  if (problem != std::errc() || rest != end || digits.empty())
    return {};
  return result;
}

// Applies FLAG of a compressor's command line to LEVEL; false if it is not one
// that is known to be about the level or the number of threads only.
bool apply_flag(std::string_view flag, int &level) {
  static constexpr std::string_view ignored[] = {
      "--no-name", "--stdout", "--to-stdout", "--keep", "--quiet", "-", "--"};
  if (std::find(std::begin(ignored), std::end(ignored), flag) !=
      std::end(ignored))
    return true;
  if (flag.starts_with("--threads=") || flag.starts_with("-T"))
    return true;
  if (flag == "--best")
    return (level = 9), true;
  if (flag == "--fast")
    return (level = 1), true;
  if (!flag.starts_with('-') || flag.starts_with("--") || flag.size() < 2)
    return false;
  // Single letters and digits in one word, as in -9n or -19.
  std::string digits;
  for (char c : flag.substr(1)) {
    if (c >= '0' && c <= '9')
      digits += c;
    else if (std::string_view("ncqk").find(c) == std::string_view::npos)
      return false;
  }
  if (!digits.empty())
    level = number(digits).value_or(-1);
  return true;
}

} // namespace

Compression Compression::parse(std::string_view text) {
  std::string_view name = text.substr(0, text.find(':'));
  const ToolLevels *known = find_tool(name);
  if (known == nullptr) {
    std::string names;
    for (const ToolLevels &one : tools)
      names += (names.empty() ? "" : ", ") + std::string(one.name);
    throw Error(format(_("unknown compressor '%s'"), printable(name).c_str()),
                {}, format(_("known ones: %s"), names.c_str()));
  }
  if (name == text)
    return {known->tool, known->usual};
  std::string_view digits = text.substr(name.size() + 1);
  auto level = number(digits);
  if (!level || *level < known->least || *level > known->most)
    throw Error(
        format(_("compressor %s has no level '%s'"), std::string(name).c_str(),
               printable(digits).c_str()),
        {},
        known->least == known->most
            ? ""
            : format(_("its levels are %d to %d"), known->least, known->most));
  return {known->tool, *level};
}

std::optional<Compression>
Compression::of_command(const std::vector<std::string> &command) {
  if (command.empty())
    return Compression{Tool::none, 0};
  std::string_view name = base_name(command.front());
  for (const auto &[other, same] : same_format)
    if (name == other)
      name = same;
  const ToolLevels *known = find_tool(name);
  if (known == nullptr || known->tool == Tool::none)
    return {};
  int level = known->usual;
  for (std::size_t i = 1; i < command.size(); ++i)
    if (!apply_flag(command[i], level))
      return {};
  if (level < known->least || level > known->most)
    return {};
  return Compression{known->tool, level};
}

} // namespace strata
