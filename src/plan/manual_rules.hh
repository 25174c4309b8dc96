// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the file of rules of the strategy "manual": which items lie in which
// named layer.
//
// Format: lines of words, parted by spaces or tabs.  Empty lines, and all from
// a "#" on, do not count.
//
//   layer NAME GLOB...   items whose names match a GLOB lie in the layer NAME
//   rest [STRATEGY]      who shares a layer among the others; at most one line
//
// The name of an item is the one without the hash.  In a GLOB, "*" stands for
// any characters and "?" for any one.  The first GLOB of the file that matches
// an item decides; the same NAME may come again.  Layers lie in the order in
// which their names first come, the lowest first.  The rest lies where its line
// stands, and without one above all named layers.
// Threads: values and pure functions.

#ifndef STRATA_PLAN_MANUAL_RULES_HH
#define STRATA_PLAN_MANUAL_RULES_HH

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace strata {

struct LayerRule {
  std::size_t layer; // a place in LayerRules::layers
  std::string glob;
  std::size_t line; // of the file, from 1
};

struct LayerRules {
  std::string name;                      // of the file, for messages
  std::vector<std::string> layers;       // their names, the lowest first
  std::vector<LayerRule> rules;          // in the order of the file
  std::string rest_strategy;             // empty: the default
  std::optional<std::size_t> below_rest; // so many layers; unset: all
};

/// So many globs with "*" or "?" may there be: each is tried on each item.
constexpr std::size_t most_globs = 1000;

/// The rules in TEXT.  What is not as above is an Error that names NAME and the
/// line.
LayerRules parse_layer_rules(std::string_view text, const std::string &name);

/// Whether NAME is one that GLOB stands for.  Linear in the length of NAME, for
/// each "*".
bool matches_glob(std::string_view name, std::string_view glob);

/// Finds the rules of items.  A name without "*" and "?" is looked up; the
/// other globs are tried one after the other.
class RuleMatcher {
public:
  /// RULES must outlive it.
  explicit RuleMatcher(const LayerRules &rules);

  const LayerRules &rules() const { return rules_; }

  /// The first rule that matches the item NAME, or null.
  const LayerRule *find(std::string_view name) const;

private:
  const LayerRules &rules_;
  std::unordered_map<std::string_view, const LayerRule *> names_;
  std::vector<const LayerRule *> globs_;
};

} // namespace strata

#endif
