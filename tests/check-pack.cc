// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of pack: from a store to an image, and what it depends on.

#include "store/nar.hh"
#include "support/pack-fixture.hh"
#include "tree/profile.hh"

using namespace strata;

namespace {

// The items of each layer, as names: "hello | library,shell | root".
std::string shown(const PackResult &result) {
  std::string text;
  for (const PackedLayer &layer : result.layers) {
    std::string items;
    for (const std::string &path : layer.items)
      items += (items.empty() ? "" : ",") + path.substr(path.rfind('-') + 1);
    text += (text.empty() ? "" : " | ") + (items.empty() ? "root" : items);
  }
  return text;
}

std::string layers_of(PackRequest request, std::size_t max_layers) {
  request.max_layers = max_layers;
  Monitor monitor;
  return shown(plan_image(request, monitor));
}

std::string digest_of(const PackRequest &request) {
  pack(request);
  std::string text = content_of(request.sink.output);
  unlink(request.sink.output.c_str());
  return sha256(as_bytes(text)).hex();
}

Directive link_at(const std::string &path) {
  Directive result;
  result.action = Directive::Action::symlink;
  result.path = path;
  result.content = "/target";
  return result;
}

// Packs and finds an error that has PART, and no output.
void refuse(const PackFixture &store, const PackRequest &request,
            const std::string &part) {
  assert_error(part, [&] { pack(request); });
  Monitor monitor;
  assert_error(part, [&] { plan_image(request, monitor); });
  ck_assert(list_directory(store.outputs.path()).empty());
}

} // namespace

START_TEST(layers_for_every_number) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  assert_same(layers_of(request, 1), "library,shell,hello");
  assert_same(layers_of(request, 2), "library,shell,hello | root");
  assert_same(layers_of(request, 3), "shell | library,hello | root");
  for (std::size_t n : {4, 5, 100, 125, 1000})
    assert_same(layers_of(request, n), "shell | library | hello | root");
  request.directives.clear();
  assert_same(layers_of(request, 1), "library,shell,hello");
  assert_same(layers_of(request, 2), "library,shell,hello");
  assert_same(layers_of(request, 100), "shell | library | hello");
}
END_TEST

START_TEST(too_few_and_too_many_layers) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  request.max_layers = 0;
  refuse(store, request, "at least one layer");
  // What counts is how many there are, not how many there may be.
  std::vector<std::string> all;
  for (int i = 0; i < 130; ++i)
    all.push_back(store.add(format("item%d", i), 1000, {}));
  store.top = store.add("top", 1000, all);
  PackRequest many = store.request();
  for (std::size_t n : {125, 126, 1000}) {
    Monitor monitor;
    request.max_layers = many.max_layers = n;
    plan_image(request, monitor);
    ck_assert(monitor.take_warnings().empty());
    plan_image(many, monitor);
    ck_assert_uint_eq(monitor.take_warnings().size(), n > 125 ? 1 : 0);
  }
}
END_TEST

START_TEST(a_plan_tells_what_pack_does) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  for (std::size_t n : {1, 2, 3, 9}) {
    request.max_layers = n;
    Monitor monitor;
    PackResult plan = plan_image(request, monitor);
    ck_assert(list_directory(store.outputs.path()).empty());
    PackResult result = pack(request);
    ck_assert_uint_eq(plan.layers.size(), result.layers.size());
    for (std::size_t i = 0; i < plan.layers.size(); ++i) {
      ck_assert(plan.layers[i].items == result.layers[i].items);
      ck_assert_uint_eq(plan.layers[i].plain_size, result.layers[i].plain_size);
      ck_assert_uint_eq(result.layers[i].descriptor.size,
                        result.layers[i].plain_size);
    }
    unlink(request.sink.output.c_str());
  }
}
END_TEST

START_TEST(bytes_do_not_depend_on_threads) {
  PackFixture store;
  store.add_three();
  store.top = store.add("large", 5 << 20, {store.top});
  for (const char *tool : {"none", "gzip", "zstd"})
    for (std::size_t n : {1, 3, 100}) {
      PackRequest request = store.request();
      request.compression = Compression::parse(tool);
      request.max_layers = n;
      request.jobs = 1;
      std::string wanted = digest_of(request);
      for (unsigned jobs : {2, 7}) {
        request.jobs = jobs;
        assert_same(digest_of(request), wanted);
      }
    }
  // A whole archive through a compressor as well.
  PackRequest request = store.request();
  request.sink.compression.tool = Compression::parse("xz:1");
  request.sink.jobs = 1;
  std::string wanted = digest_of(request);
  request.sink.jobs = 7;
  assert_same(digest_of(request), wanted);
}
END_TEST

START_TEST(bytes_do_not_depend_on_hard_links_times_and_owners) {
  PackFixture store;
  store.add_three();
  std::string folder = store.location.on_disk(store.top) + "/bin";
  write_file(folder + "/copy", content_of(folder + "/hello"));
  std::string wanted = digest_of(store.request());
  unlink((folder + "/copy").c_str());
  ck_assert_int_eq(
      link((folder + "/hello").c_str(), (folder + "/copy").c_str()), 0);
  timespec times[2] = {{1000, 0}, {2000, 5}};
  utimensat(AT_FDCWD, (folder + "/hello").c_str(), times, 0);
  chmod((folder + "/hello").c_str(), 0400);
  chmod(folder.c_str(), 0700);
  if (geteuid() == 0)
    ck_assert_int_eq(chown((folder + "/hello").c_str(), 1234, 4321), 0);
  assert_same(digest_of(store.request()), wanted);
}
END_TEST

START_TEST(sizes_of_the_database_are_those_measured) {
  PackFixture known, unknown;
  for (PackFixture *store : {&known, &unknown}) {
    std::string library;
    for (const char *name : {"a", "b", "c", "d"}) {
      std::vector<std::string> references;
      if (!library.empty())
        references = {library};
      library = store->add(name, 2000 + 100 * name[0] % 7, references);
      if (store == &known)
        store->set_nar_size(
            nar_size(DiskWalk(store->location.on_disk(library))));
    }
    store->top = library;
  }
  for (std::size_t n : {1, 2, 3, 4, 5, 6}) {
    PackRequest one = known.request(), other = unknown.request();
    one.max_layers = other.max_layers = n;
    assert_same(digest_of(one), digest_of(other));
  }
}
END_TEST

START_TEST(sizes_of_the_database_count) {
  PackFixture store;
  std::string small = store.add("small", 10);
  store.set_nar_size(1 << 30);
  store.top = store.add("big", 10000, {small});
  assert_same(layers_of(store.request(), 3), "small | big | root");
}
END_TEST

START_TEST(comments_name_items) {
  PackFixture store;
  std::vector<std::string> items;
  for (const char *name : {"a-1", "b-2", "c-3", "d-4", "e-5"})
    items.push_back(store.add(name, 10));
  store.top = items[0];
  PackRequest request = store.request();
  request.items = items;
  request.max_layers = 3;
  Monitor monitor;
  PackResult plan = plan_image(request, monitor);
  assert_same(plan.layers[0].descriptor.comment, "a-1");
  assert_same(plan.layers[1].descriptor.comment, "b-2, c-3, d-4 and 1 more");
  assert_same(plan.layers[2].descriptor.comment, "root");
  request.max_layers = 1;
  assert_same(plan_image(request, monitor).layers[0].descriptor.comment,
              "a-1, b-2, c-3 and 2 more; root");
}
END_TEST

START_TEST(links_that_would_hide_the_store) {
  PackFixture store;
  store.add_three();
  for (const std::string &path :
       {std::string("/gnu"), std::string("/gnu/store"), store.top,
        store.top + "/bin/x", std::string("/gnu/store/.links")}) {
    PackRequest request = store.request();
    request.directives.push_back(link_at(path));
    refuse(store, request, "it would hide the store");
  }
  PackRequest request = store.request();
  request.directives.push_back(link_at("gnu"));
  refuse(store, request, "must begin with '/'");
  request.directives.back() = link_at("/x/../gnu");
  refuse(store, request, "leads out of the root");
  request.directives.back() = link_at("/.wh.x");
  refuse(store, request, ".wh.");
  for (const char *good : {"/gnu/other", "/gnux", "/store", "/gnu/storex"}) {
    request.directives.back() = link_at(good);
    pack(request);
  }
}
END_TEST

// A path can be spelled in more ways than one.
START_TEST(links_that_would_hide_the_store_spelled_otherwise) {
  PackFixture store;
  store.add_three();
  for (const char *path : {"//gnu", "/./gnu", "/gnu/", "/gnu//store",
                           "//gnu/./store/x", "/gnu/."}) {
    PackRequest request = store.request();
    request.directives.push_back(link_at(path));
    refuse(store, request, "it would hide the store");
  }
}
END_TEST

START_TEST(files_that_would_hide_the_store) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  Directive file;
  file.action = Directive::Action::file;
  for (const std::string &path :
       {std::string("/gnu"), std::string("//gnu/store"), store.top + "/x"}) {
    file.path = path;
    request.directives = {file};
    refuse(store, request, "it would hide the store");
  }
  Directive directory;
  directory.path = store.top + "/x";
  request.directives = {directory};
  refuse(store, request, "it would hide the store");
  // The store directory itself may have another mode.
  directory.path = "/gnu/store";
  directory.mode = 01775;
  request.directives = {directory};
  pack(request);
}
END_TEST

START_TEST(a_root_folder_that_would_hide_the_store) {
  PackFixture store;
  store.add_three();
  TemporaryDirectory folder;
  put_link(folder.path() + "/gnu", "/elsewhere");
  PackRequest request = store.request();
  request.root_folder = folder.path();
  refuse(store, request, "it would hide the store");
}
END_TEST

START_TEST(required_paths) {
  PackFixture store;
  store.add_three();
  std::string outside = store.add("outside", 10);
  PackRequest request = store.request();
  request.required_paths = {store.top + "/bin/hello", store.top + "/link"};
  Monitor monitor;
  plan_image(request, monitor);
  for (const std::string &bad :
       {store.top + "/bin/nothing", std::string("/bin/sh"), std::string(),
        store.top + "/bin/hello/x", outside + "/bin/outside"}) {
    request.required_paths = {bad};
    refuse(store, request, "'" + bad + "' does not exist in the image");
  }
}
END_TEST

START_TEST(items_that_are_not_there) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  request.items = {made_up_item(99, "nothing")};
  refuse(store, request, "is not an item of the store");
  request.items = {""};
  refuse(store, request, "is not an item of the store");
  remove_tree(store.location.on_disk(store.library));
  refuse(store, store.request(),
         "'" + store.library + "' is registered, but not on disk");
}
END_TEST

START_TEST(nothing_to_pack) {
  PackFixture store;
  PackRequest request = store.request();
  request.items.clear();
  request.directives.clear();
  refuse(store, request, "an image has at least one layer");
  request = store.request();
  request.items.clear();
  request.directives = {link_at("/bin")};
  for (std::size_t n : {1, 2, 100})
    assert_same(layers_of(request, n), "root");
}
END_TEST

START_TEST(profiles_are_items) {
  PackFixture store;
  store.add_three();
  Monitor monitor;
  VirtualItem profile = make_profile(store.location, {store.top, store.library},
                                     {"m", "p"}, monitor);
  PackRequest request = store.request();
  request.items.clear();
  request.profiles = {profile};
  request.required_paths = {profile.path + "/bin/hello"};
  assert_same(layers_of(request, 100),
              "shell | library | profile | hello | root");
  pack(request);

  // The same profile is in the store already: it is taken once.
  request.items = {store.top};
  assert_same(layers_of(request, 100),
              "shell | library | profile | hello | root");
}
END_TEST

START_TEST(asked_for_twice) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  request.items = {store.top, store.top, store.library};
  assert_same(layers_of(request, 100), "shell | library | hello | root");
  request.directives = {link_at("/x"), link_at("/x")};
  Monitor monitor;
  plan_image(request, monitor);
  auto warnings = monitor.take_warnings();
  ck_assert_uint_eq(warnings.size(), 1);
  assert_has(warnings[0], "'/x' is asked for twice");
}
END_TEST

START_TEST(progress_reaches_its_end) {
  PackFixture store;
  store.add_three();
  for (const char *tool : {"none", "gzip"}) {
    PackRequest request = store.request();
    request.compression = Compression::parse(tool);
    Monitor monitor;
    pack_image(request, monitor);
    Monitor::Progress progress = monitor.progress();
    ck_assert_uint_gt(progress.total, 100000);
    ck_assert_uint_eq(progress.done, progress.total);
  }
}
END_TEST

int main() {
  Suite *suite = suite_create("pack");
  TCase *all = tcase_create("images");
  tcase_add_test(all, layers_for_every_number);
  tcase_add_test(all, too_few_and_too_many_layers);
  tcase_add_test(all, a_plan_tells_what_pack_does);
  tcase_add_test(all, bytes_do_not_depend_on_threads);
  tcase_add_test(all, bytes_do_not_depend_on_hard_links_times_and_owners);
  tcase_add_test(all, sizes_of_the_database_are_those_measured);
  tcase_add_test(all, sizes_of_the_database_count);
  tcase_add_test(all, comments_name_items);
  tcase_add_test(all, nothing_to_pack);
  tcase_add_test(all, profiles_are_items);
  tcase_add_test(all, asked_for_twice);
  tcase_add_test(all, progress_reaches_its_end);
  tcase_set_timeout(all, 60);
  suite_add_tcase(suite, all);
  TCase *bad = tcase_create("bad requests");
  tcase_add_test(bad, links_that_would_hide_the_store);
  tcase_add_test(bad, links_that_would_hide_the_store_spelled_otherwise);
  tcase_add_test(bad, files_that_would_hide_the_store);
  tcase_add_test(bad, a_root_folder_that_would_hide_the_store);
  tcase_add_test(bad, required_paths);
  tcase_add_test(bad, items_that_are_not_there);
  suite_add_tcase(suite, bad);
  return run_tests({suite});
}
