// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/error.hh"
#include "base/json.hh"
#include "base/text.hh"
#include "plan/saved_plan.hh"
#include "store/location.hh"
#include "store/store_path.hh"

#include <algorithm>
#include <unordered_set>

namespace strata {

namespace {

// 100,000 items with 35 references each have that many, and 1 GB of memory.
constexpr std::size_t most_values = 4'000'000;
constexpr std::size_t longest_strategy = 100; // bytes
constexpr std::size_t longest_store = 1000;   // bytes

// A small document would become large if each item of very many had a long
// store directory.
constexpr std::size_t largest_paths = 256 << 20; // bytes

class PlanParser {
public:
  SavedPlan parse(std::string_view text) {
    Json document = Json::parse(text, _("the plan"), most_values);
    for (const auto &[key, value] : document.members())
      if (key != "version" && key != "store" && key != "strategy" &&
          key != "layers" && key != "mixed")
        refuse(format(_("'%s' is unknown"), printable(cut(key)).c_str()));
    if (std::uint64_t version = document.at("version").number(); version != 1)
      refuse(format(_("version %llu is not known"),
                    static_cast<unsigned long long>(version)));
    plan_.store = document.at("store").string();
    if (plan_.store.size() > longest_store)
      refuse(_("the store directory is too long"));
    check_store_directory(plan_.store);
    plan_.strategy = document.at("strategy").string();
    if (plan_.strategy.size() > longest_strategy)
      refuse(_("the name of the strategy is too long"));
    for (const Json &layer : document.at("layers").elements())
      add_layer(layer);
    for (const auto &[key, value] : document.members())
      if (key == "mixed") // null is no list
        read_mixed(value);
    check_references();
    return std::move(plan_);
  }

private:
  [[noreturn]] static void refuse(const std::string &cause) {
    throw Error(cause);
  }

  // As much of TEXT as an error shows.
  static std::string cut(const std::string &text) {
    return text.substr(0, 300);
  }

  [[noreturn]] static void refuse_item(const std::string &base,
                                       const char *cause) {
    refuse(format(cause, printable(cut(base)).c_str()));
  }

  void add_layer(const Json &json) {
    std::vector<SavedItem> layer;
    for (const Json &element : json.elements()) {
      layer.push_back(read_item(element));
      if (layer.size() > 1 && layer[layer.size() - 2].path >= layer.back().path)
        refuse_item(layer.back().path,
                    _("in its layer '%s' is not where it belongs in the order "
                      "of names"));
    }
    if (layer.empty())
      refuse(_("a layer is empty"));
    plan_.layers.push_back(std::move(layer));
  }

  void read_mixed(const Json &json) {
    std::uint64_t next = 0;
    for (const Json &element : json.elements()) {
      std::uint64_t layer = element.number();
      if (layer < next || layer >= plan_.layers.size())
        refuse(_("'mixed' does not have the numbers of layers, ascending"));
      plan_.mixed.push_back(layer);
      next = layer + 1;
    }
  }

  SavedItem read_item(const Json &json) {
    std::vector<Json> fields = json.elements();
    if (fields.size() != 3)
      refuse(_("an item does not have three fields"));
    std::string base = fields[0].string();
    if (!is_item_base_name(base))
      refuse_item(base, _("'%s' is not the name of an item"));
    SavedItem item{plan_.store + "/" + base, fields[1].number(), {}};
    path_bytes_ += item.path.size();
    if (path_bytes_ > largest_paths)
      refuse(_("it is too large"));
    if (item.size > INT64_MAX)
      refuse_item(base, _("the size of '%s' is too large"));
    if (!seen_.insert(base).second)
      refuse_item(base, _("'%s' is there twice"));
    std::uint64_t next = 0;
    for (const Json &field : fields[2].elements()) {
      std::uint64_t reference = field.number();
      if (reference < next)
        refuse_item(base, _("the references of '%s' do not ascend"));
      if (reference > most_values)
        refuse_item(base, _("'%s' refers to an item that is not there"));
      item.references.push_back(reference);
      next = reference + 1;
    }
    return item;
  }

  // Each leads to another item, and no way over them leads back.
  void check_references() const {
    std::vector<const SavedItem *> items;
    for (const auto &layer : plan_.layers)
      for (const SavedItem &item : layer)
        items.push_back(&item);
    std::vector<std::vector<std::size_t>> referrers(items.size());
    std::vector<std::size_t> missing(items.size()), ready;
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::size_t reference : items[i]->references) {
        if (reference >= items.size())
          refuse_item(items[i]->path,
                      _("'%s' refers to an item that is not there"));
        if (reference == i)
          refuse_item(items[i]->path, _("'%s' refers to itself"));
        referrers[reference].push_back(i);
      }
      missing[i] = items[i]->references.size();
      if (missing[i] == 0)
        ready.push_back(i);
    }
    for (std::size_t done = 0; done < ready.size(); ++done)
      for (std::size_t referrer : referrers[ready[done]])
        if (--missing[referrer] == 0)
          ready.push_back(referrer);
    for (std::size_t i = 0; i < items.size(); ++i)
      if (missing[i] > 0)
        refuse_item(items[i]->path, _("the references of '%s' lead back to it, "
                                      "or to others that do so"));
  }

  SavedPlan plan_;
  std::unordered_set<std::string> seen_; // names of items
  std::size_t path_bytes_ = 0;
};

} // namespace

SavedPlan parse_saved_plan(std::string_view text, const std::string &name) {
  try {
    return PlanParser().parse(text);
  } catch (const Error &error) {
    throw error.in_context(
        format(_("cannot read the plan '%s'"), printable(name).c_str()));
  }
}

} // namespace strata
