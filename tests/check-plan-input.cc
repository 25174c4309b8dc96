// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of what a plan leaves behind and looks at: labels and files,
// previous images, siblings.

#include "image/found_plan.hh"
#include "pack/plan_input.hh"
#include "pack/plan_output.hh"
#include "support/image-files.hh"
#include "support/plan-fixture.hh"

using namespace strata;

namespace {

// A store of some items that the strategy "expected" has to think about.
class Store : public PackFixture {
public:
  Store() {
    std::vector<std::string> all;
    for (int i = 0; i < 8; ++i) {
      std::vector<std::string> references;
      for (int j = i % 3; j < i; j += 3)
        references.push_back(all[static_cast<std::size_t>(j)]);
      all.push_back(add(format("package%d-1.0", i),
                        static_cast<std::size_t>(1000 * (i + 1)), references));
    }
    top = add("top", 100, all);
  }

  PackRequest planned(const std::string &output) const {
    PackRequest result = request();
    result.directives.resize(1); // without links
    result.config.environment.clear();
    result.config.entry_point.clear();
    result.strategy = &find_strategy("expected");
    result.max_layers = 5;
    result.sink.output = out(output);
    return result;
  }
};

SavedPlan found(const std::string &file, const std::string &name = {}) {
  Monitor monitor;
  return find_plan(file, name, "", monitor);
}

std::string labels_of(const std::string &file) {
  Json config = Json::parse(*read(file).at(0).config, "config");
  auto labels = config.at("config").get("Labels");
  return labels ? labels->dump() : "";
}

// The items of each layer but the root's, as paths.
std::vector<PathGroup> groups_of(const PackResult &result) {
  std::vector<PathGroup> groups;
  for (const PackedLayer &layer : result.layers)
    if (!layer.items.empty())
      groups.push_back(layer.items);
  return groups;
}

// The same image without a plan.
PackRequest given(PackRequest request, const PackResult &result) {
  request.given_groups = groups_of(result);
  return request;
}

void assert_refused(const PackRequest &request, const std::string &part) {
  assert_error(part, [&] { pack(request); });
  ck_assert_msg(!file_exists(request.sink.output), "there is an image");
}

} // namespace

START_TEST(an_image_has_its_plan) {
  Store store;
  PackResult result = pack(store.planned("image"));
  SavedPlan plan = found(store.out("image"));
  assert_same(plan.store, "/gnu/store");
  assert_same(plan.strategy, "expected");
  ck_assert(groups_of(plan) == groups_of(result));
  std::size_t edges = 0;
  for (const PlanItem &item : items_of(plan))
    edges += item.references.size();
  ck_assert_uint_gt(edges, 8);
  assert_has(labels_of(store.out("image")), "org.gnu.strata.plan");
}
END_TEST

START_TEST(the_plan_is_found_in_every_format) {
  Store store;
  pack(store.planned("image"));
  std::string expected = to_json(found(store.out("image")), true);
  for (const char *tool : {"gzip", "zstd", "xz", "bzip2", "lzip"}) {
    PackRequest request = store.planned(tool);
    request.sink.compression = {Compression::parse(tool), {}};
    pack(request);
    assert_same(to_json(found(store.out(tool)), true), expected);
  }
  PackRequest request = store.planned("layout");
  request.compression = Compression::parse("gzip");
  request.sink.format = SinkRequest::Format::oci;
  pack(request);
  assert_same(to_json(found(store.out("layout")), true), expected);
}
END_TEST

START_TEST(only_documents_are_read) {
  Store store;
  PackRequest request = store.planned("layout");
  request.sink.format = SinkRequest::Format::oci;
  PackResult result = pack(request);
  std::string expected = to_json(found(store.out("layout")), true);
  std::string blob =
      store.out("layout") + "/" + blob_path(result.layers[0].descriptor.digest);
  std::string noise(result.layers[0].descriptor.size, 'x');
  ck_assert_int_eq(chmod(blob.c_str(), 0644), 0);
  put_file(blob, noise);
  assert_same(to_json(found(store.out("layout")), true), expected);
  assert_error("digest", [&] { read(store.out("layout")); });
  // But a size that is wrong is seen.
  put_file(blob, noise + "x");
  assert_error("size", [&] { found(store.out("layout")); });
}
END_TEST

START_TEST(an_image_without_plan_has_items) {
  Store store;
  PackResult result = pack(store.planned("image"));
  SavedPlan expected = found(store.out("image"));
  for (const char *tool : {"none", "gzip"}) {
    PackRequest request = given(store.planned(tool), result);
    request.compression = Compression::parse(tool);
    pack(request);
    assert_same(labels_of(store.out(tool)), "");
    SavedPlan plan = found(store.out(tool));
    assert_same(plan.store, "/gnu/store");
    assert_same(plan.strategy, "");
    ck_assert(groups_of(plan) == groups_of(expected));
    for (const PlanItem &item : items_of(plan)) {
      ck_assert(item.references.empty());
      ck_assert_uint_ge(item.size, 100);
    }
  }
}
END_TEST

START_TEST(a_base_image_has_a_plan_of_its_own) {
  Store store;
  PackRequest base = store.planned("base");
  base.config.labels = {{"kept", "1"}};
  pack(base);
  assert_has(labels_of(store.out("base")), "org.gnu.strata.plan");

  PackFixture other;
  other.add_three();
  auto on_base = [&](const std::string &output) {
    PackRequest request = other.request();
    request.base = BaseRequest{store.out("base"), ""};
    request.sink.output = other.out(output);
    return request;
  };
  pack(on_base("above"));
  ck_assert_uint_eq(items_of(found(other.out("above"))).size(), 3);
  assert_has(labels_of(other.out("above")), "\"kept\":\"1\"");

  PackRequest request = on_base("given");
  request.given_groups = {{other.top}};
  request.max_layers = 100;
  request.directives.clear();
  pack(request);
  assert_same(labels_of(other.out("given")), "{\"kept\":\"1\"}");
}
END_TEST

START_TEST(a_users_label_does_not_pass_for_a_plan) {
  Store store;
  PackRequest request = store.planned("image");
  request.config.labels = {{plan_label, "x"}, {"y", "z"}};
  pack(request);
  ck_assert_uint_eq(items_of(found(store.out("image"))).size(), 9);
  assert_has(labels_of(store.out("image")), "\"y\":\"z\"");
}
END_TEST

START_TEST(a_large_plan_is_left_out) {
  SavedPlan plan{"/gnu/store", "size", {{}}};
  for (unsigned i = 0; i < 5000; ++i)
    plan.layers[0].push_back({made_up_item(i, std::string(200, 'x')), 1, {}});
  Monitor monitor;
  ImageConfig config;
  config.labels = {{plan_label, "x"}};
  add_plan_label(config, plan, monitor);
  ck_assert(config.labels.empty());
  auto warnings = monitor.take_warnings();
  ck_assert_uint_eq(warnings.size(), 1);
  assert_has(warnings[0], "--plan-file");
  plan.layers[0].resize(1000);
  add_plan_label(config, plan, monitor);
  ck_assert_uint_eq(config.labels.size(), 1);
  ck_assert(monitor.take_warnings().empty());
}
END_TEST

START_TEST(the_same_again_changes_nothing) {
  Store store;
  pack(store.planned("one"));
  std::string image = content_of(store.out("one"));
  for (const char *name : {"one", "layout"}) {
    PackRequest request = store.planned("two");
    request.previous = store.out(name);
    if (name == std::string("layout")) {
      PackRequest layout = store.planned("layout");
      layout.sink.format = SinkRequest::Format::oci;
      pack(layout);
    }
    PackResult result = pack(request);
    ck_assert(content_of(store.out("two")) == image);
    ck_assert(result.update.has_value());
    ck_assert_uint_eq(result.update->kept, result.update->layers);
    ck_assert_uint_eq(result.update->layers, groups_of(result).size());
    ck_assert_uint_eq(result.update->sent_bytes, 0);
    ck_assert_uint_eq(result.update->least_bytes, 0);
  }
  ck_assert(!pack(store.planned("two")).update.has_value());
}
END_TEST

START_TEST(layers_that_are_whole_stay) {
  Store store;
  PackResult before = pack(store.planned("one"));
  std::string old_top = store.top;
  store.top = store.add("top", 200, {old_top});
  PackRequest request = store.planned("two");
  request.previous = store.out("one");
  PackResult after = pack(request);
  std::set<std::string> digests;
  for (const PackedLayer &layer : before.layers)
    digests.insert(layer.descriptor.digest.hex());
  std::size_t kept = 0;
  for (const PackedLayer &layer : after.layers)
    kept +=
        !layer.items.empty() && digests.contains(layer.descriptor.digest.hex());
  ck_assert_uint_gt(kept, 1);
  ck_assert_uint_eq(after.update->kept, kept);
  ck_assert_uint_ge(after.update->sent_bytes, after.update->least_bytes);
  ck_assert_uint_gt(after.update->least_bytes, 200);

  // A plan is foretold without writing.
  Monitor monitor;
  PackResult foretold = plan_image(request, monitor);
  ck_assert_uint_eq(foretold.update->kept, kept);
  ck_assert_uint_eq(foretold.update->sent_bytes, after.update->sent_bytes);
}
END_TEST

START_TEST(a_plan_file_is_a_lock) {
  Store store;
  PackRequest request = store.planned("one");
  request.plan_file = store.out("plan");
  Monitor monitor;
  ck_assert(!plan_image(request, monitor).update.has_value());
  ck_assert(!file_exists(store.out("plan")));
  PackResult first = pack(request);
  ck_assert(!first.update.has_value());
  std::string plan = content_of(store.out("plan"));
  assert_same(plan, to_json(found(store.out("one")), true));
  std::string image = content_of(store.out("one"));

  PackResult second = pack(request);
  ck_assert_uint_eq(second.update->kept, second.update->layers);
  ck_assert(content_of(store.out("plan")) == plan);
  ck_assert(content_of(store.out("one")) == image);

  // What fails leaves it as it was.
  store.top = store.add("other", 10, {store.top});
  request = store.planned("none/two");
  request.plan_file = store.out("plan");
  error_of([&] { pack(request); });
  ck_assert(content_of(store.out("plan")) == plan);
  ck_assert_uint_eq(list_directory(store.outputs.path()).size(), 2);

  request = store.planned("two");
  request.plan_file = store.out("plan");
  ck_assert_uint_gt(pack(request).update->kept, 0);
  ck_assert(content_of(store.out("plan")) != plan);

  // Another previous image goes before it; other strategies write it too.
  request.previous = store.out("one");
  ck_assert_uint_gt(pack(request).update->sent_bytes, 0);
  request.previous.clear();
  request.strategy = &find_strategy("size");
  ck_assert(pack(request).update.has_value());
  assert_has(content_of(store.out("plan")), "\"strategy\":\"size\"");
}
END_TEST

// Once an interrupt between them left an image without its plan.
START_TEST(an_interrupt_leaves_image_and_plan_or_neither) {
  Store store;
  PackRequest request = store.planned("image");
  request.plan_file = store.out("plan");
  int last = 0;
  for (bool cancelled = true; cancelled; ++last) {
    Monitor monitor;
    int looks = 0;
    monitor.set_checkpoint([&] {
      if (looks++ == last)
        monitor.cancel();
    });
    cancelled = false;
    try {
      pack_image(request, monitor);
    } catch (const Cancelled &) {
      cancelled = true;
      ck_assert(list_directory(store.outputs.path()).empty());
    }
  }
  ck_assert_int_gt(last, 1);
  ck_assert_uint_eq(list_directory(store.outputs.path()).size(), 2);
}
END_TEST

START_TEST(one_of_several_images) {
  Store store;
  PackRequest request = store.planned("layout");
  request.sink.format = SinkRequest::Format::oci;
  request.names = {ImageReference::parse("app:1")};
  pack(request);
  std::string first = to_json(found(store.out("layout")), true);
  store.top = store.add("other", 10, {store.top});
  request.items = {store.top};
  request.graph = store.request().graph;
  request.names = {ImageReference::parse("app:2")};
  pack(request);
  assert_error("several images", [&] { found(store.out("layout")); });
  assert_error("FILE:NAME", [&] { found(store.out("layout")); });
  assert_error("app:3", [&] { found(store.out("layout"), "app:3"); });
  Monitor monitor;
  for (const char *name : {":1", ":app:1", ":docker.io/library/app:1"})
    assert_same(
        to_json(read_plan_input(store.out("layout") + name, "", monitor), true),
        first);
  ck_assert(is_plan_input(store.out("layout")));
  ck_assert(is_plan_input(store.out("layout") + ":1"));
  ck_assert(!is_plan_input(store.outputs.path()));
  ck_assert(!is_plan_input("hello"));
}
END_TEST

START_TEST(siblings_of_every_kind_say_the_same) {
  Store store;
  PackRequest sibling = store.planned("sibling");
  sibling.plan_file = store.out("plan");
  pack(sibling);
  store.top = store.add("other", 70'000, {store.top});
  auto planned = [&](auto change) {
    PackRequest request = store.planned("image");
    change(request);
    pack(request);
    std::string image = content_of(store.out("image"));
    unlink(store.out("image").c_str());
    return sha256(as_bytes(image)).hex();
  };
  std::string expected = planned([&](PackRequest &request) {
    request.sibling_images = {{sibling.items, {}}};
  });
  for (const char *name : {"sibling", "plan"})
    assert_same(planned([&](PackRequest &request) {
                  request.siblings = {store.out(name)};
                }),
                expected);
  // Neither their order nor their number matters.
  assert_same(planned([&](PackRequest &request) {
                request.siblings = {store.out("plan"), store.out("sibling")};
                request.sibling_images = {{sibling.items, {}}};
              }),
              expected);
}
END_TEST

START_TEST(what_cannot_be_looked_at_is_named) {
  Store store;
  auto refused = [&](const std::string &text, const std::string &part) {
    put_file(store.scratch.path() + "/input", text);
    for (bool sibling : {false, true}) {
      PackRequest request = store.planned("image");
      std::string name = store.scratch.path() + "/input";
      if (sibling)
        request.siblings = {name};
      else
        request.previous = name;
      assert_refused(request, part);
      assert_refused(request, "/input");
    }
    PackRequest request = store.planned("image");
    request.plan_file = store.scratch.path() + "/input";
    if (text.empty())
      return; // there is no plan yet
    assert_refused(request, "/input");
    assert_same(content_of(request.plan_file), text);
  };
  refused("", "cannot read the plan");
  refused("{", "cannot read the plan");
  refused("{\"version\":2}", "cannot read the plan");
  refused("nonsense", "");
  refused(to_json({"/nix/store", "size", {}}, true), "'/nix/store'");
  refused(small_tar("one"), "is no image");

  for (const char *name : {"missing", "missing:1", ""}) {
    PackRequest request = store.planned("image");
    request.siblings = {store.scratch.path() + "/" + name};
    assert_refused(request, *name == 0 ? "is no image" : "cannot open");
  }
  PackRequest request = store.planned("image");
  put_file(store.scratch.path() + "/graph",
           store.top + "\n\n0\n"); // a graph is no previous image
  request.previous = store.scratch.path() + "/graph";
  assert_refused(request, "neither a plan nor an image");
  request.previous.clear();
  request.siblings = {store.scratch.path() + "/graph"};
  pack(request);
}
END_TEST

START_TEST(images_without_items_and_with_a_wrong_config) {
  Store store;
  good_files().write_archive(store.scratch.path() + "/plain");
  PackRequest request = store.planned("image");
  request.previous = store.scratch.path() + "/plain";
  assert_refused(request, "no items of a store");

  Files files = good_files();
  std::string config = files.docker_entry.at("Config").string();
  std::string name = std::string(64, '0') + ".json";
  files.files[name] = files.files[config];
  files.docker_entry.set("Config", name);
  files.files["manifest.json"] = Json::array({files.docker_entry}).dump();
  files.files.erase("oci-layout");
  files.files.erase("index.json");
  files.write_archive(store.scratch.path() + "/wrong");
  assert_error("another digest",
               [&] { found(store.scratch.path() + "/wrong"); });
  assert_error("another digest",
               [&] { read(store.scratch.path() + "/wrong"); });
}
END_TEST

START_TEST(strategies_that_do_not_look) {
  Store store;
  for (const char *name : {"size", "popularity", "single"}) {
    PackRequest request = store.planned("image");
    request.strategy = &find_strategy(name);
    request.previous = store.out("x");
    assert_refused(request, name);
    assert_refused(request, "those that do: expected, manual");
    request.previous.clear();
    request.sibling_images = {{request.items, {}}};
    assert_refused(request, name);
    request.sibling_images.clear();
    request.plan_file = request.sink.output;
    assert_refused(request, "both image and plan");
  }
}
END_TEST

int main() {
  Suite *suite = suite_create("plan input");
  TCase *all = tcase_create("all");
  tcase_add_test(all, an_image_has_its_plan);
  tcase_add_test(all, the_plan_is_found_in_every_format);
  tcase_add_test(all, only_documents_are_read);
  tcase_add_test(all, an_image_without_plan_has_items);
  tcase_add_test(all, a_base_image_has_a_plan_of_its_own);
  tcase_add_test(all, a_users_label_does_not_pass_for_a_plan);
  tcase_add_test(all, a_large_plan_is_left_out);
  tcase_add_test(all, the_same_again_changes_nothing);
  tcase_add_test(all, layers_that_are_whole_stay);
  tcase_add_test(all, a_plan_file_is_a_lock);
  tcase_add_test(all, an_interrupt_leaves_image_and_plan_or_neither);
  tcase_add_test(all, one_of_several_images);
  tcase_add_test(all, siblings_of_every_kind_say_the_same);
  tcase_add_test(all, what_cannot_be_looked_at_is_named);
  tcase_add_test(all, images_without_items_and_with_a_wrong_config);
  tcase_add_test(all, strategies_that_do_not_look);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
