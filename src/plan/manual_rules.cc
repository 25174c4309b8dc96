// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "plan/manual_rules.hh"

#include "base/error.hh"
#include "base/text.hh"
#include "plan/plan.hh"
#include "store/store_path.hh"

#include <algorithm>

namespace strata {

namespace {

using Words = std::vector<std::string_view>;

constexpr char blanks[] = " \t\r"; // lines may end in CRLF

Words split_words(std::string_view line) {
  Words words;
  line = line.substr(0, line.find('#'));
  for (;;) {
    std::size_t start = line.find_first_not_of(blanks);
    if (start == std::string_view::npos)
      return words;
    line.remove_prefix(start);
    std::size_t end = std::min(line.find_first_of(blanks), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool is_pattern(std::string_view glob) {
  return glob.find_first_of("*?") != std::string_view::npos;
}

class Parser {
public:
  explicit Parser(const std::string &name) { rules_.name = name; }

  LayerRules run(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      std::size_t end = std::min(text.find('\n'), text.size());
      Words words = split_words(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
      if (words.empty())
        continue;
      if (words.front() == "layer")
        read_layer(words);
      else if (words.front() == "rest")
        read_rest(words);
      else
        fail(format(_("'%s' begins no rule"), shown(words.front()).c_str()),
             _("a rule begins with 'layer' or 'rest'"));
    }
    return std::move(rules_);
  }

private:
  [[noreturn]] void fail(std::string cause, std::string hint = {}) const {
    throw Error(format(_("cannot use the rules '%s', line %zu"),
                       printable(rules_.name).c_str(), line_),
                std::move(cause), std::move(hint));
  }

  static std::string shown(std::string_view word) {
    return printable(word.substr(0, 300));
  }

  void read_layer(const Words &words) {
    if (words.size() < 3)
      fail(_("the name of a layer and what lies in it are missing"),
           _("write: layer NAME GLOB..."));
    if (!is_item_name(words[1]))
      fail(format(_("'%s' is no name of a layer"), shown(words[1]).c_str()));
    auto [layer, is_new] =
        places_.emplace(std::string(words[1]), rules_.layers.size());
    if (is_new)
      rules_.layers.emplace_back(words[1]);
    for (std::string_view glob : Words(words.begin() + 2, words.end())) {
      check_glob(glob);
      if (is_pattern(glob) && ++globs_ > most_globs)
        fail(format(_("there are more than %zu globs with '*' or '?'"),
                    most_globs));
      rules_.rules.push_back({layer->second, std::string(glob), line_});
    }
  }

  // What cannot match is a mistake: a path, a set in brackets.
  void check_glob(std::string_view glob) const {
    std::string name(glob);
    std::replace(name.begin(), name.end(), '*', 'x');
    if (!is_item_name(name))
      fail(format(_("'%s' can match no item's name"), shown(glob).c_str()),
           _("names are matched without the hash; '*' stands for any "
             "characters, '?' for one"));
  }

  void read_rest(const Words &words) {
    if (rules_.below_rest)
      fail(_("there is a second rule for the rest"));
    if (words.size() > 2)
      fail(_("the rest takes one strategy"));
    rules_.below_rest = rules_.layers.size();
    if (words.size() == 1)
      return;
    rules_.rest_strategy = words[1];
    if (rules_.rest_strategy == "manual")
      fail(_("the rest cannot be planned by 'manual' again"));
    try {
      find_strategy(rules_.rest_strategy);
    } catch (const Error &error) {
      fail(error.what(), error.hint());
    }
  }

  LayerRules rules_;
  std::unordered_map<std::string, std::size_t> places_; // of layers, by name
  std::size_t line_ = 0, globs_ = 0;
};

} // namespace

LayerRules parse_layer_rules(std::string_view text, const std::string &name) {
  return Parser(name).run(text);
}

bool matches_glob(std::string_view name, std::string_view glob) {
  // Where the last "*" is, and where in the name what it stands for ends.
  std::size_t star = std::string_view::npos, end = 0;
  std::size_t at = 0, n = 0;
  while (n < name.size()) {
    if (at < glob.size() && glob[at] == '*') {
      star = at++;
      end = n;
    } else if (at < glob.size() && (glob[at] == '?' || glob[at] == name[n])) {
      ++at;
      ++n;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      n = ++end;
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', at) == std::string_view::npos;
}

RuleMatcher::RuleMatcher(const LayerRules &rules) : rules_(rules) {
  for (const LayerRule &rule : rules.rules)
    if (is_pattern(rule.glob))
      globs_.push_back(&rule);
    else
      names_.emplace(rule.glob, &rule); // the first stays
}

const LayerRule *RuleMatcher::find(std::string_view name) const {
  auto named = names_.find(name);
  const LayerRule *best = named == names_.end() ? nullptr : named->second;
  for (const LayerRule *rule : globs_) {
    if (best && rule > best) // later in the file
      break;
    if (matches_glob(name, rule->glob))
      return rule;
  }
  return best;
}

} // namespace strata
