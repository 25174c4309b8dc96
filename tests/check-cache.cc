// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the fragment cache: images are the same with and without
// it, whatever happened to it, and what it knows is not read again.

#include "layer/fragment_cache.hh"
#include "support/pack-fixture.hh"

#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>

using namespace strata;

namespace {

// Three items with hashes, and a cache.
class CacheFixture : public PackFixture {
public:
  CacheFixture() {
    add_three();
    top = add("large", 5 << 20, {top});
    know_hashes();
  }

  PackRequest cached(const char *compression, std::size_t max_layers) const {
    PackRequest result = request();
    result.compression = Compression::parse(compression);
    result.max_layers = max_layers;
    result.cache = {folder(), true};
    return result;
  }

  std::string folder() const { return caches_.path() + "/cache"; }

  std::vector<std::string> fragments() const {
    std::vector<std::string> result;
    for (const std::string &name : list_directory(folder() + "/fragments"))
      result.push_back(folder() + "/fragments/" + name);
    return result;
  }

private:
  TemporaryDirectory caches_;
};

// The image's bytes as a digest; COUNT warnings are wanted.
std::string digest_of(const PackRequest &request, std::size_t count = 0) {
  Monitor monitor;
  pack_image(request, monitor);
  auto warnings = monitor.take_warnings();
  ck_assert_msg(warnings.size() == count, "%zu warnings: %s", warnings.size(),
                warnings.empty() ? "" : warnings[0].c_str());
  std::string text = content_of(request.sink.output);
  unlink(request.sink.output.c_str());
  return sha256(as_bytes(text)).hex();
}

std::string digest_without_cache(PackRequest request) {
  request.cache = {};
  return digest_of(request);
}

void flip_byte(const std::string &path) {
  std::string text = content_of(path);
  text[text.size() / 2] ^= 1;
  put_file(path, text);
}

// What is known of a layer counts once its files are older than this.
void let_files_be_old() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
}

// Other bytes in as many: what reads them makes another image.
void alter(const CacheFixture &store, const std::string &item,
           const std::string &name) {
  flip_byte(store.location.on_disk(item) + "/bin/" + name);
}

// The file PATH was changed SECONDS from now.
void set_time(const std::string &path, std::int64_t seconds) {
  timespec times[2] = {{time(nullptr) + seconds, 0},
                       {time(nullptr) + seconds, 0}};
  ck_assert_int_eq(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
}

Digest key(unsigned number) { return sha256(as_bytes(std::to_string(number))); }

Digest put(FragmentCache &cache, unsigned number, const std::string &text) {
  auto fragment = cache.begin();
  ck_assert(fragment != nullptr);
  fragment->write(as_bytes(text));
  auto digest = cache.add(key(number), *fragment, sha256(as_bytes("plain")));
  ck_assert(digest && *digest == sha256(as_bytes(text)));
  return *digest;
}

} // namespace

// Found by two processes on a busy machine: "database is locked".
START_TEST(many_open_a_new_cache_at_once) {
  TemporaryDirectory folder;
  for (int round = 0; round < 60; ++round) {
    std::atomic<unsigned> failures = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        try {
          Monitor monitor;
          FragmentCache cache(folder.path() + format("/%d", round), monitor);
        } catch (const Error &) {
          ++failures;
        }
      });
    for (std::thread &thread : threads)
      thread.join();
    ck_assert_uint_eq(failures, 0);
  }
}
END_TEST

START_TEST(bytes_do_not_depend_on_the_cache) {
  CacheFixture store;
  let_files_be_old();
  for (const char *tool : {"gzip", "gzip:1", "zstd"})
    for (std::size_t n : {1, 2, 3, 100})
      for (unsigned jobs : {1, 7}) {
        PackRequest request = store.cached(tool, n);
        request.jobs = jobs;
        std::string wanted = digest_without_cache(request);
        assert_same(digest_of(request), wanted);
        assert_same(digest_of(request), wanted);
      }
  ck_assert_uint_eq(store.fragments().size(), 4 * 3);
}
END_TEST

START_TEST(an_archive_through_a_compressor_is_the_same) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  request.sink.compression.tool = Compression::parse("xz:1");
  std::string wanted = digest_without_cache(request);
  assert_same(digest_of(request), wanted);
  assert_same(digest_of(request), wanted);
}
END_TEST

// A store that lies about an item, such as a copy that somebody changed, made
// images of the right one wrong.
START_TEST(a_changed_item_stays_out_of_other_images) {
  CacheFixture store;
  let_files_be_old();
  for (const char *compression : {"gzip", "zstd", "none"}) {
    PackRequest request = store.cached(compression, 100);
    std::string wanted = digest_without_cache(request);
    alter(store, store.library, "library");
    let_files_be_old();
    std::string other = digest_without_cache(request);
    ck_assert(other != wanted);
    assert_same(digest_of(request), other);
    assert_same(digest_of(request), other);
    alter(store, store.library, "library");
    assert_same(digest_of(request), wanted);
    assert_same(digest_of(request), wanted);
  }
}
END_TEST

START_TEST(a_blob_that_is_there_needs_nothing_but_itself) {
  CacheFixture store;
  let_files_be_old();
  PackRequest request = store.cached("gzip", 100);
  request.sink.format = SinkRequest::Format::oci;
  request.sink.output = store.out("layout");
  Digest wanted = pack(request).manifest;
  for (const std::string &fragment : store.fragments())
    unlink(fragment.c_str());
  ck_assert(pack(request).manifest == wanted);
  ck_assert(store.fragments().empty()); // no item was read
  // A damaged one is made anew.
  std::string blobs = store.out("layout") + "/blobs/sha256";
  for (const std::string &name : list_directory(blobs))
    flip_byte(blobs + "/" + name);
  Monitor monitor;
  ck_assert(pack_image(request, monitor).manifest == wanted);
  for (const std::string &name : list_directory(blobs))
    assert_same(sha256(as_bytes(content_of(blobs + "/" + name))).hex(), name);
}
END_TEST

START_TEST(an_item_that_changed_in_place_is_not_taken_from_the_cache) {
  CacheFixture store;
  digest_of(store.cached("gzip", 100));
  alter(store, store.library, "library");
  // All items share a layer here, which is not known.
  PackRequest request = store.cached("gzip", 2);
  assert_same(digest_of(request), digest_without_cache(request));
}
END_TEST

START_TEST(damaged_fragments_are_made_anew) {
  CacheFixture store;
  let_files_be_old();
  for (std::size_t n : {100, 2}) {
    PackRequest request = store.cached("gzip", 100);
    std::string wanted = digest_of(request);
    for (const std::string &fragment : store.fragments())
      flip_byte(fragment);
    request.max_layers = n;
    wanted = digest_without_cache(request);
    assert_same(digest_of(request), wanted);
    for (const std::string &fragment : store.fragments())
      assert_same(sha256(as_bytes(content_of(fragment))).hex(),
                  std::string(base_name(fragment)));
    for (const std::string &fragment : store.fragments())
      unlink(fragment.c_str());
    assert_same(digest_of(request), wanted);
    ck_assert_uint_eq(store.fragments().size(), 4);
  }
}
END_TEST

START_TEST(a_damaged_fragment_of_an_item_that_changed_too) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  digest_of(request);
  for (const std::string &fragment : store.fragments())
    flip_byte(fragment);
  alter(store, store.library, "library");
  assert_same(digest_of(request), digest_without_cache(request));
}
END_TEST

START_TEST(a_damaged_index_is_made_anew) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  std::string wanted = digest_of(request);
  std::string left = store.folder() + "/fragments/" + std::string(64, '0');
  for (int round = 0; round < 2; ++round) {
    std::string index = store.folder() + "/index.sqlite";
    put_file(left, "a fragment that only the old index could name");
    if (round == 0)
      put_file(index, noise(50000));
    else {
      unlink(index.c_str());
      make_directories(index + "/folder");
    }
    assert_same(digest_of(request), wanted);
    ck_assert_uint_eq(store.fragments().size(), 4 + round);
    assert_same(digest_of(request), wanted);
  }
}
END_TEST

START_TEST(an_index_that_lacks_a_table_is_made_anew) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  std::string wanted = digest_of(request);
  for (const char *table : {"Layers", "Fragments"}) {
    Database(store.folder() + "/index.sqlite", Database::Access::create)
        .execute("DROP TABLE " + std::string(table));
    assert_same(digest_of(request, 1), wanted);
    assert_same(digest_of(request), wanted);
    ck_assert(file_exists(store.folder() + "/index.sqlite"));
  }
}
END_TEST

START_TEST(a_folder_in_place_of_a_fragment) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  std::string wanted = digest_of(request);
  for (const std::string &fragment : store.fragments()) {
    unlink(fragment.c_str());
    make_directories(fragment + "/folder");
  }
  assert_same(digest_of(request), wanted);
  ck_assert_uint_eq(store.fragments().size(), 4);
  for (const std::string &fragment : store.fragments())
    content_of(fragment);
}
END_TEST

START_TEST(only_the_user_can_write_to_a_new_cache) {
  CacheFixture store;
  mode_t before = umask(002);
  PackRequest request = store.cached("gzip", 100);
  request.cache.asked_for = false;
  digest_of(request);
  ck_assert_uint_eq(store.fragments().size(), 4);
  for (const char *name : {"", "/fragments"}) {
    struct stat status;
    ck_assert_int_eq(stat((store.folder() + name).c_str(), &status), 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0700);
  }
  chmod((store.folder() + "/fragments").c_str(), 0770);
  digest_of(request, 1);
  umask(before);
}
END_TEST

START_TEST(what_nothing_names_goes_now_and_then) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  digest_of(request);
  const std::string names[] = {std::string(64, '0'), ".strata-1-2-3"};
  for (const std::string &name : names) {
    std::string path = store.folder() + "/fragments/" + name;
    put_file(path, "left");
    set_time(path, -7200);
  }
  digest_of(request);
  ck_assert_uint_eq(store.fragments().size(), 6);
  set_time(store.folder() + "/swept", -25 * 3600);
  digest_of(request);
  ck_assert_uint_eq(store.fragments().size(), 4);
}
END_TEST

START_TEST(damaged_rows_are_not_believed) {
  CacheFixture store;
  let_files_be_old();
  PackRequest request = store.cached("gzip", 100);
  std::string wanted = digest_of(request);
  std::string zeros(64, '0');
  for (const char *change :
       {"Layers SET diff_id", "Layers SET digest", "Fragments SET plain"}) {
    Database database(store.folder() + "/index.sqlite",
                      Database::Access::create);
    database.execute("UPDATE " + std::string(change) + " = '" + zeros + "'");
    assert_same(digest_of(request), wanted);
  }
}
END_TEST

START_TEST(a_cache_that_cannot_be_used) {
  CacheFixture store;
  PackRequest request = store.cached("gzip", 100);
  std::string wanted = digest_without_cache(request);
  put_file(store.folder(), "a file");
  assert_same(digest_of(request, 1), wanted);
  request.cache.asked_for = false;
  assert_same(digest_of(request, 1), wanted);
  for (const char *name : {"/proc/no-such-folder", "/proc/version/cache"}) {
    request.cache.directory = name;
    assert_same(digest_of(request, 0), wanted);
  }
  request = store.cached("gzip", 100);
  unlink(store.folder().c_str());
  make_directories(store.folder());
  chmod(store.folder().c_str(), 0777); // others could put anything there
  assert_same(digest_of(request, 1), wanted);
  ck_assert(!file_exists(store.folder() + "/index.sqlite"));
}
END_TEST

START_TEST(a_cache_that_vanishes) {
  CacheFixture store;
  Monitor monitor;
  FragmentCache cache(store.folder(), monitor);
  put(cache, 1, "one");
  remove_tree(store.folder());
  auto fragment = cache.begin();
  ck_assert(fragment != nullptr);
  fragment->write(as_bytes("two"));
  fragment->write(as_bytes("three"));
  ck_assert(!cache.add(key(2), *fragment, key(2)));
  ck_assert_uint_eq(monitor.take_warnings().size(), 1);
  CachedFragment gone{sha256(as_bytes("one")), 3, key(1)};
  ck_assert(!cache.open(gone));
  ck_assert(!cache.find_fragment(key(1)));
  ck_assert(monitor.take_warnings().empty());
}
END_TEST

START_TEST(items_without_a_hash_are_not_cached) {
  PackFixture store;
  store.add_three();
  PackRequest request = store.request();
  request.compression = Compression::parse("gzip");
  request.cache = {store.scratch.path() + "/cache", true};
  pack(request);
  ck_assert(list_directory(request.cache.directory + "/fragments").empty());
}
END_TEST

START_TEST(the_least_recently_used_goes_first) {
  TemporaryDirectory scratch;
  Monitor monitor;
  std::string folder = scratch.path() + "/cache";
  constexpr std::uint64_t limit = 25;
  {
    FragmentCache cache(folder, monitor, limit);
    put(cache, 1, "0123456789");
    put(cache, 2, "abcdefghij");
  }
  {
    Database database(folder + "/index.sqlite", Database::Access::create);
    database.execute("UPDATE Fragments SET used = used - 1000");
  }
  FragmentCache cache(folder, monitor, limit);
  ck_assert(cache.find_fragment(key(1)).has_value());
  put(cache, 3, "ABCDEFGHIJ");
  cache.trim();
  ck_assert(cache.find_fragment(key(1)).has_value());
  ck_assert(!cache.find_fragment(key(2)).has_value());
  ck_assert(cache.find_fragment(key(3)).has_value());
  ck_assert_uint_eq(list_directory(folder + "/fragments").size(), 2);
}
END_TEST

START_TEST(where_the_cache_is) {
  setenv("XDG_CACHE_HOME", "/x", 1);
  assert_same(default_cache_directory(), "/x/strata");
  setenv("XDG_CACHE_HOME", "relative", 1);
  setenv("HOME", "/elsewhere", 1);
  assert_same(default_cache_directory(), "/elsewhere/.cache/strata");
  unsetenv("XDG_CACHE_HOME");
  unsetenv("HOME");
  assert_same(default_cache_directory(), "");
}
END_TEST

int main() {
  Suite *suite = suite_create("cache");
  TCase *all = tcase_create("images");
  tcase_add_test(all, many_open_a_new_cache_at_once);
  tcase_add_test(all, bytes_do_not_depend_on_the_cache);
  tcase_add_test(all, an_archive_through_a_compressor_is_the_same);
  tcase_add_test(all, a_changed_item_stays_out_of_other_images);
  tcase_add_test(all, a_blob_that_is_there_needs_nothing_but_itself);
  tcase_add_test(all,
                 an_item_that_changed_in_place_is_not_taken_from_the_cache);
  tcase_add_test(all, damaged_fragments_are_made_anew);
  tcase_add_test(all, a_damaged_fragment_of_an_item_that_changed_too);
  tcase_add_test(all, a_damaged_index_is_made_anew);
  tcase_add_test(all, an_index_that_lacks_a_table_is_made_anew);
  tcase_add_test(all, a_folder_in_place_of_a_fragment);
  tcase_add_test(all, only_the_user_can_write_to_a_new_cache);
  tcase_add_test(all, what_nothing_names_goes_now_and_then);
  tcase_add_test(all, damaged_rows_are_not_believed);
  tcase_add_test(all, a_cache_that_cannot_be_used);
  tcase_add_test(all, a_cache_that_vanishes);
  tcase_add_test(all, items_without_a_hash_are_not_cached);
  tcase_add_test(all, the_least_recently_used_goes_first);
  tcase_add_test(all, where_the_cache_is);
  tcase_set_timeout(all, 240);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
