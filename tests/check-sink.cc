// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of sinks: the same image everywhere, whole or not at all.

#include "base/sha256.hh"
#include "image/found_image.hh"
#include "sink/sink.hh"
#include "support/pack-fixture.hh"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <csignal>
#include <thread>

using namespace strata;

namespace {

constexpr const char *layer_tools[] = {"none", "gzip", "zstd"};

// A store that a plain user can read, with a folder for its outputs.
class OpenStore : public PackFixture {
public:
  OpenStore() {
    chmod(scratch.path().c_str(), 0755);
    chmod(outputs.path().c_str(), 0777);
    add_three();
  }

  PackRequest
  asking(const std::string &output, const char *tool = "none",
         SinkRequest::Format format = SinkRequest::Format::docker) const {
    PackRequest result = request();
    result.sink.output = output == "-" ? output : out(output);
    result.sink.format = format;
    result.compression = Compression::parse(tool);
    return result;
  }

  PackRequest asking_layout(const char *tool = "none") const {
    return asking("layout", tool, SinkRequest::Format::oci);
  }
};

// All that is in FOLDER, with sizes and digests.
std::string contents(const std::string &folder) {
  class Visitor : public ListingVisitor {
  public:
    void enter(Entry &entry) override {
      ListingVisitor::enter(entry);
      if (entry.kind() != Kind::file)
        return;
      Sha256 hash;
      entry.open();
      entry.read(hash);
      hashes += hash.finish().hex() + "\n";
    }
    std::string hashes;
  };
  Visitor visitor;
  DiskWalk(folder).walk(visitor);
  return visitor.text() + visitor.hashes;
}

// What comes out of a FIFO at PATH while BODY runs.
std::string through_fifo(const std::string &path,
                         const std::function<void()> &body) {
  ck_assert_int_eq(mkfifo(path.c_str(), 0600), 0);
  std::string result;
  std::thread reader([&] { result = content_of(path); });
  body();
  reader.join();
  struct stat status;
  ck_assert(lstat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode));
  unlink(path.c_str());
  return result;
}

// Every way to write an image: format and compression, and for folders what
// stands there before.
struct Way {
  std::string name;
  PackRequest request;
  std::function<void()> prepare = [] {};
};

std::vector<Way> all_ways(const OpenStore &store) {
  std::vector<Way> result;
  for (const char *tool : layer_tools) {
    std::string name = std::string(" with ") + tool;
    result.push_back({"a file" + name, store.asking("image.tar", tool)});
    result.push_back({"an old file" + name, store.asking("image.tar", tool),
                      [&] { write_file(store.out("image.tar"), "old"); }});
    result.push_back({"a new folder" + name, store.asking_layout(tool)});
    result.push_back({"an empty folder" + name, store.asking_layout(tool),
                      [&] { make_directories(store.out("layout")); }});
    result.push_back({"a layout" + name, store.asking_layout(tool), [&] {
                        PackRequest old = store.asking_layout();
                        old.names = {ImageReference::parse("old:1")};
                        old.items = {store.library};
                        old.directives.clear();
                        pack(old);
                      }});
    result.push_back(
        {"a new folder in new folders" + name,
         store.asking("a/b/layout", tool, SinkRequest::Format::oci)});
  }
  for (const char *tool : {"gzip", "zstd", "xz", "bzip2", "lzip"}) {
    PackRequest request = store.asking("image.tar");
    request.sink.compression.tool = Compression::parse(tool);
    result.push_back({std::string("a file compressed by ") + tool, request});
  }
  PackRequest filtered = store.asking("image.tar");
  filtered.sink.compression.command = {"cat"};
  result.push_back({"a file through a filter", filtered});
  return result;
}

// Runs BODY for each way as a plain user; it must throw an Error that has PART
// and leave all as it was before.
void leaves_nothing(
    const OpenStore &store, const std::string &part,
    const std::function<void(const PackRequest &)> &body = [](auto &request) {
      pack(request);
    }) {
  for (const Way &way : all_ways(store)) {
    as_plain_user([&] {
      way.prepare();
      std::string before = contents(store.outputs.path());
      std::string message = "no error was thrown";
      try {
        body(way.request);
      } catch (const Error &error) {
        message = error.what();
      }
      if (message.find(part) == std::string::npos)
        throw Error(way.name, message);
      if (contents(store.outputs.path()) != before)
        throw Error(way.name,
                    "left behind:\n" +
                        output_of("ls -AR '" + store.outputs.path() + "'"));
      for (const std::string &name : list_directory(store.outputs.path()))
        remove_tree(store.out(name));
    });
  }
}

std::string blob_in(const OpenStore &store, const Digest &digest) {
  return store.out("layout/" + blob_path(digest));
}

std::vector<std::string> names_in(const std::string &path) {
  Monitor monitor;
  std::vector<std::string> result;
  for (const FoundImage &image : read_images(path, monitor))
    result.insert(result.end(), image.names.begin(), image.names.end());
  return result;
}

} // namespace

START_TEST(file_and_stream_have_the_same_bytes) {
  OpenStore store;
  for (const char *tool : layer_tools) {
    PackRequest request = store.asking("image.tar", tool);
    pack(request);
    std::string text = content_of(request.sink.output);
    ck_assert_uint_eq(text.size() % 512, 0);

    PackRequest fifo = store.asking("fifo", tool);
    ck_assert(through_fifo(fifo.sink.output, [&] { pack(fifo); }) == text);

    // Standard output is a stream even where it is a file.
    PackRequest standard = store.asking("-", tool);
    std::string file = store.out("stdout");
    pid_t child = start_process([&] {
      FileDescriptor target(
          open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
      dup2(target.get(), STDOUT_FILENO);
      pack(standard);
    });
    ck_assert_int_eq(wait_for(child), 0);
    ck_assert(content_of(file) == text);
  }
}
END_TEST

// What comes through a socket while BODY runs with it as standard output.
std::string through_socket(const std::function<void()> &body) {
  int ends[2];
  ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  FileDescriptor ours(ends[0]);
  pid_t child = -1;
  {
    FileDescriptor theirs(ends[1]);
    child = start_process([&] {
      dup2(theirs.get(), STDOUT_FILENO);
      body();
    });
  }
  std::string result(64 << 20, 0);
  std::size_t used = 0;
  while (std::size_t got = read_some(ours, "socket", &result[used],
                                     result.size() - used, Monitor()))
    used += got;
  ck_assert_int_eq(wait_for(child), 0);
  result.resize(used);
  return result;
}

// Once opening it by its name waited for ever.
START_TEST(a_socket_takes_an_image_as_standard_output_only) {
  OpenStore store;
  PackRequest request = store.asking("image.tar");
  pack(request);
  ck_assert(through_socket([&] { pack(store.asking("-")); }) ==
            content_of(request.sink.output));
  request.sink.output = "/dev/stdout";
  ck_assert(through_socket([&] {
              try {
                pack(request);
              } catch (const Error &error) {
                if (std::string(error.what()).find("'/dev/stdout'") !=
                    std::string::npos)
                  return;
                throw;
              }
              throw Error("a socket was opened");
            }).empty());
}
END_TEST

START_TEST(gnu_tar_lists_an_archive) {
  OpenStore store;
  PackRequest request = store.asking("image.tar", "gzip");
  PackResult result = pack(request);
  std::string list =
      output_of("tar -tf '" + request.sink.output + "' 2>&1 | grep -v /$");
  std::string wanted;
  for (const PackedLayer &layer : result.layers)
    wanted += blob_path(layer.descriptor.digest) + "\n";
  ck_assert(list.starts_with(wanted));
  ck_assert(
      list.ends_with("index.json\noci-layout\nmanifest.json\nrepositories\n"));
  for (const PackedLayer &layer : result.layers)
    assert_has(list, layer.descriptor.diff_id.hex() + "/layer.tar\n");
}
END_TEST

START_TEST(links_and_devices_stay_what_they_are) {
  OpenStore store;
  write_file(store.out("target"), "old");
  put_link(store.out("link"), "target");
  put_link(store.out("dangling"), "made");
  put_link(store.out("null"), "/dev/null");
  pack(store.asking("plain"));
  for (const char *name : {"link", "dangling", "null"}) {
    pack(store.asking(name));
    struct stat status;
    ck_assert(lstat(store.out(name).c_str(), &status) == 0 &&
              S_ISLNK(status.st_mode));
  }
  std::string text = content_of(store.out("plain"));
  ck_assert(content_of(store.out("target")) == text);
  ck_assert(content_of(store.out("made")) == text);
  PackRequest null = store.asking("x");
  null.sink.output = "/dev/null";
  pack(null);
  struct stat status;
  ck_assert(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
  ck_assert_uint_eq(list_directory(store.outputs.path()).size(), 6);
}
END_TEST

START_TEST(outputs_that_cannot_be) {
  OpenStore store;
  assert_error("it is a folder", [&] { pack(store.asking("")); });
  assert_error("No such file", [&] { pack(store.asking("gone/x")); });
  write_file(store.out("file"), "x");
  assert_error("file", [&] {
    pack(store.asking("file", "none", SinkRequest::Format::oci));
  });
  PackRequest request = store.asking_layout();
  request.sink.output = "-";
  assert_error("standard output", [&] { pack(request); });
  request = store.asking("x");
  request.sink.output = "/dev/full";
  assert_error("/dev/full': No space left", [&] { pack(request); });
  assert_same(content_of(store.out("file")), "x");
  ck_assert_uint_eq(list_directory(store.outputs.path()).size(), 1);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_to) {
  OpenStore store;
  make_directories(store.out("closed/layout"));
  for (const char *name : {"closed", "closed/layout"})
    chmod(store.out(name).c_str(), 0555);
  assert_refused_to_plain_user([&] { pack(store.asking("closed/x")); },
                               "closed/x': Permission denied");
  for (const char *name : {"closed/x", "closed/layout"})
    assert_refused_to_plain_user(
        [&] { pack(store.asking(name, "none", SinkRequest::Format::oci)); },
        name);
  chmod(store.out("closed").c_str(), 0755);
}
END_TEST

START_TEST(nothing_is_left_of_an_input_that_fails) {
  OpenStore store;
  // What is measured first, but cannot be read later.
  std::string path = store.location.on_disk(store.top) + "/bin/hello";
  chmod(path.c_str(), 0);
  leaves_nothing(store, "bin/hello': Permission denied");
}
END_TEST

START_TEST(nothing_is_left_of_a_disk_that_is_full) {
  OpenStore store;
  leaves_nothing(store, "", [](const PackRequest &request) {
    rlimit before, limit;
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 20000; // bytes of a file
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      pack(request);
    } catch (...) {
      setrlimit(RLIMIT_FSIZE, &before);
      throw;
    }
    setrlimit(RLIMIT_FSIZE, &before);
  });
}
END_TEST

START_TEST(nothing_is_left_on_a_small_disk) {
  OpenStore store;
  for (const char *options : {"size=64k", "nr_inodes=3"})
    for (bool layout : {false, true}) {
      pid_t child = start_process([&] {
        // Its own view of the mounts; where that is not allowed, another test
        // that limits the size of files must do.
        std::string folder = store.outputs.path();
        if (unshare(CLONE_NEWNS) != 0 ||
            mount("", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0 ||
            mount("small", folder.c_str(), "tmpfs", 0, options) != 0)
          return;
        bool fits = !layout && std::string(options) != "size=64k";
        bool failed = false;
        try {
          pack(layout ? store.asking_layout() : store.asking("image.tar"));
        } catch (const Error &error) {
          failed = true;
          require(std::string(error.what()).find("No space left") !=
                      std::string::npos,
                  error.what());
        }
        require(failed == !fits, "packed on a disk that is too small");
        require(fits || list_directory(folder).empty(), "something is left");
      });
      ck_assert_int_eq(wait_for(child), 0);
    }
}
END_TEST

START_TEST(nothing_is_left_after_cancelling) {
  OpenStore store;
  store.top = store.add("large", 30 << 20, {store.top});
  for (const Way &way : all_ways(store)) {
    way.prepare();
    std::string before = contents(store.outputs.path());
    Monitor monitor;
    std::thread canceller([&] {
      while (monitor.progress().done < 1000000)
        std::this_thread::yield();
      monitor.cancel();
    });
    bool cancelled = false;
    try {
      pack_image(way.request, monitor);
    } catch (const Cancelled &) {
      cancelled = true;
    }
    canceller.join();
    ck_assert_msg(cancelled, "%s", way.name.c_str());
    ck_assert_msg(contents(store.outputs.path()) == before, "%s",
                  way.name.c_str());
    for (const std::string &name : list_directory(store.outputs.path()))
      remove_tree(store.out(name));
  }
}
END_TEST

START_TEST(a_new_layout) {
  OpenStore store;
  PackRequest request = store.asking_layout("gzip");
  request.sink.output += "/"; // a slash at the end does not count
  PackResult result = pack(request);
  ck_assert(list_directory(store.outputs.path()) ==
            std::vector<std::string>{"layout"});
  ck_assert(list_directory(store.out("layout")) ==
            std::vector<std::string>({"blobs", "index.json", "oci-layout"}));
  assert_same(content_of(store.out("layout/oci-layout")),
              "{\"imageLayoutVersion\":\"1.0.0\"}");
  for (const std::string &name :
       list_directory(store.out("layout/blobs/sha256")))
    assert_same(
        sha256(as_bytes(content_of(store.out("layout/blobs/sha256/" + name))))
            .hex(),
        name);
  // layers, config and manifest
  ck_assert_uint_eq(list_directory(store.out("layout/blobs/sha256")).size(),
                    result.layers.size() + 2);
}
END_TEST

START_TEST(an_empty_folder_becomes_a_layout) {
  OpenStore store;
  make_directories(store.out("layout"));
  pack(store.asking_layout());
  ck_assert(names_in(store.out("layout")) ==
            std::vector<std::string>{"docker.io/library/hello:1.0"});
}
END_TEST

START_TEST(a_layout_keeps_its_other_images) {
  OpenStore store;
  PackRequest first = store.asking_layout();
  first.names = {ImageReference::parse("first"), ImageReference::parse("both")};
  pack(first);
  PackRequest second = store.asking_layout();
  second.names = {ImageReference::parse("both"),
                  ImageReference::parse("second")};
  second.directives.clear();
  PackResult result = pack(second);
  Monitor monitor;
  auto images = read_images(store.out("layout"), monitor);
  ck_assert_uint_eq(images.size(), 2);
  for (const FoundImage &image : images)
    ck_assert(
        image.names ==
        (image.manifest == result.manifest
             ? std::vector<std::string>({"docker.io/library/both:latest",
                                         "docker.io/library/second:latest"})
             : std::vector<std::string>({"docker.io/library/first:latest"})));
}
END_TEST

// Makes an image while another process adds one at the same place.
START_TEST(a_fresh_layout_keeps_images_added_at_the_same_time) {
  for (const char *place : {"layout", "layout/empty"}) {
    OpenStore store;
    PackRequest first = store.asking(place, "none", SinkRequest::Format::oci);
    if (first.sink.output.ends_with("empty"))
      make_directories(first.sink.output);
    PackRequest second = first;
    first.names = {ImageReference::parse("first")};
    second.names = {ImageReference::parse("second")};
    second.compression = Compression::parse("zstd");
    Monitor monitor;
    bool done = false;
    monitor.set_checkpoint([&] {
      if (!std::exchange(done, true))
        pack(second);
    });
    pack_image(first, monitor);
    ck_assert(names_in(first.sink.output) ==
              std::vector<std::string>({"docker.io/library/first:latest",
                                        "docker.io/library/second:latest"}));
    ck_assert(list_directory(first.sink.output) ==
              std::vector<std::string>({"blobs", "index.json", "oci-layout"}));
    ck_assert_uint_eq(list_directory(store.outputs.path()).size(), 1);
  }
}
END_TEST

// One ends without an image while the other is at work in the same folder.
START_TEST(an_aborted_image_leaves_a_fresh_layout_to_others) {
  OpenStore store;
  make_directories(store.out("layout"));
  Monitor monitor;
  monitor.set_checkpoint([&] {
    Monitor other;
    other.set_checkpoint([&] { other.cancel(); });
    try {
      pack_image(store.asking_layout(), other);
      ck_abort_msg("not cancelled");
    } catch (const Cancelled &) {
    }
  });
  pack_image(store.asking_layout(), monitor);
  ck_assert_uint_eq(names_in(store.out("layout")).size(), 1);
}
END_TEST

// What SIGKILL leaves of a layout in a folder that was empty: temporaries, or a
// layout that lacks its index or blobs.
START_TEST(a_layout_that_was_killed_can_be_made_again) {
  for (const char *left :
       {".strata-1-2-3/blobs/sha256/x", "oci-layout", "blobs"}) {
    OpenStore store;
    if (std::string_view(left) == "blobs") {
      pack(store.asking_layout());
      unlink(store.out("layout/index.json").c_str());
    } else {
      write_file(store.out(std::string("layout/") + left), "x");
    }
    assert_error("layout", [&] { names_in(store.out("layout")); });
    pack(store.asking_layout());
    ck_assert_uint_eq(names_in(store.out("layout")).size(), 1);
  }
}
END_TEST

START_TEST(a_good_blob_is_kept_and_a_damaged_one_replaced) {
  OpenStore store;
  PackResult result = pack(store.asking_layout());
  std::string good = blob_in(store, result.layers[0].descriptor.digest);
  std::string damaged = blob_in(store, result.layers[1].descriptor.digest);
  struct stat before, after;
  ck_assert_int_eq(stat(good.c_str(), &before), 0);
  std::string text = content_of(damaged);
  for (const std::string &bad :
       {std::string(), text + "x", text.substr(1), noise(text.size())}) {
    put_file(damaged, bad);
    Monitor monitor;
    pack_image(store.asking_layout(), monitor);
    auto warnings = monitor.take_warnings();
    ck_assert_uint_eq(warnings.size(), 1);
    assert_has(warnings[0], "was damaged and is replaced");
    ck_assert(content_of(damaged) == text);
  }
  ck_assert_int_eq(stat(good.c_str(), &after), 0);
  ck_assert_uint_eq(before.st_ino, after.st_ino);
  ck_assert_int_eq(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}
END_TEST

// Opening a FIFO would wait for ever.
START_TEST(a_blob_that_is_no_file) {
  OpenStore store;
  PackResult result = pack(store.asking_layout());
  std::string place = blob_in(store, result.layers[0].descriptor.digest);
  unlink(place.c_str());
  ck_assert_int_eq(mkfifo(place.c_str(), 0600), 0);
  pack(store.asking_layout());
  ck_assert_uint_eq(names_in(store.out("layout")).size(), 1);
  unlink(place.c_str());
  make_directories(place);
  assert_error("blobs/sha256", [&] { pack(store.asking_layout()); });
}
END_TEST

START_TEST(other_folders_are_refused) {
  OpenStore store;
  write_file(store.out("layout/precious"), "x");
  std::string before = contents(store.outputs.path());
  assert_error("neither empty nor an OCI layout",
               [&] { pack(store.asking_layout()); });
  assert_same(contents(store.outputs.path()), before);
}
END_TEST

START_TEST(a_layout_with_a_bad_index_stays_as_it_is) {
  OpenStore store;
  pack(store.asking_layout());
  for (const char *text : {"", "{", "[]", "{\"manifests\":7}", "{}"}) {
    put_file(store.out("layout/index.json"), text);
    std::string before = contents(store.outputs.path());
    PackRequest request = store.asking_layout("gzip");
    assert_error("index.json", [&] { pack(request); });
    assert_same(contents(store.outputs.path()), before);
  }
}
END_TEST

START_TEST(a_stream_checks_what_it_gets) {
  OpenStore store;
  Monitor monitor;
  SinkRequest request;
  request.output = "/dev/null";
  auto sink = make_sink(request, monitor);
  ck_assert(sink->needs_expectation());
  Digest digest = sha256(as_bytes("12345"));
  auto blob = sink->begin_blob({5, digest});
  blob->write(as_bytes("12346"));
  assert_error("changed while the image was made",
               [&] { blob->finish(sha256(as_bytes("12346")), 5); });
}
END_TEST

int main() {
  Suite *suite = suite_create("sink");
  TCase *archives = tcase_create("archives");
  tcase_add_test(archives, file_and_stream_have_the_same_bytes);
  tcase_add_test(archives, a_socket_takes_an_image_as_standard_output_only);
  tcase_add_test(archives, gnu_tar_lists_an_archive);
  tcase_add_test(archives, links_and_devices_stay_what_they_are);
  tcase_add_test(archives, outputs_that_cannot_be);
  tcase_add_test(archives, a_folder_that_cannot_be_written_to);
  tcase_add_test(archives, a_stream_checks_what_it_gets);
  suite_add_tcase(suite, archives);
  TCase *layouts = tcase_create("layouts");
  tcase_add_test(layouts, a_new_layout);
  tcase_add_test(layouts, an_empty_folder_becomes_a_layout);
  tcase_add_test(layouts, a_layout_keeps_its_other_images);
  tcase_add_test(layouts, a_fresh_layout_keeps_images_added_at_the_same_time);
  tcase_add_test(layouts, an_aborted_image_leaves_a_fresh_layout_to_others);
  tcase_add_test(layouts, a_layout_that_was_killed_can_be_made_again);
  tcase_add_test(layouts, a_good_blob_is_kept_and_a_damaged_one_replaced);
  tcase_add_test(layouts, a_blob_that_is_no_file);
  tcase_add_test(layouts, other_folders_are_refused);
  tcase_add_test(layouts, a_layout_with_a_bad_index_stays_as_it_is);
  tcase_set_timeout(layouts, 30);
  suite_add_tcase(suite, layouts);
  TCase *failures = tcase_create("failures");
  tcase_add_test(failures, nothing_is_left_of_an_input_that_fails);
  tcase_add_test(failures, nothing_is_left_of_a_disk_that_is_full);
  tcase_add_test(failures, nothing_is_left_on_a_small_disk);
  tcase_add_test(failures, nothing_is_left_after_cancelling);
  tcase_set_timeout(failures, 120);
  suite_add_tcase(suite, failures);
  return run_tests({suite});
}
