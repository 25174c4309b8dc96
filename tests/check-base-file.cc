// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of files written whole or not at all, and of folders.

#include "base/error.hh"
#include "base/filter_process.hh"
#include "base/input.hh"
#include "support/fixtures.hh"

#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <thread>

using namespace strata;

namespace {

unsigned mode_of(const std::string &path) {
  struct stat status;
  ck_assert_int_eq(lstat(path.c_str(), &status), 0);
  return status.st_mode & 07777;
}

void write_new(NewFile &file, const std::string &text) {
  OffsetOutput(file.file(), file.path(), 0).write(as_bytes(text));
}

} // namespace

START_TEST(nothing_is_left_without_commit) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/old", "old");
  for (const char *name : {"/new", "/old"}) {
    NewFile file(scratch.path() + name);
    write_new(file, "text");
    file.close();
  }
  assert_same(content_of(scratch.path() + "/old"), "old");
  ck_assert_uint_eq(list_directory(scratch.path()).size(), 1);
}
END_TEST

START_TEST(commit_replaces_whole) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/file";
  put_file(path, "a longer old text");
  {
    NewFile file(path);
    write_new(file, "new");
    assert_same(content_of(path), "a longer old text");
    file.commit();
  }
  assert_same(content_of(path), "new");
  {
    NewFile file(path);
    NewFile moved(std::move(file));
    write_new(moved, "moved");
    moved.commit(scratch.path() + "/other");
  }
  assert_same(content_of(path), "new");
  assert_same(content_of(scratch.path() + "/other"), "moved");
  ck_assert_uint_eq(list_directory(scratch.path()).size(), 2);
}
END_TEST

START_TEST(a_link_is_followed_and_stays) {
  TemporaryDirectory scratch;
  std::string link = scratch.path() + "/link";
  make_directories(scratch.path() + "/sub");
  put_file(scratch.path() + "/sub/target", "old");
  put_link(link, "sub/target");
  {
    NewFile file(link);
    write_new(file, "new");
    file.commit();
  }
  struct stat status;
  ck_assert(lstat(link.c_str(), &status) == 0 && S_ISLNK(status.st_mode));
  assert_same(content_of(scratch.path() + "/sub/target"), "new");
  ck_assert_uint_eq(list_directory(scratch.path() + "/sub").size(), 1);
}
END_TEST

START_TEST(umask_decides_the_mode) {
  TemporaryDirectory scratch;
  for (unsigned mask : {0U, 022U, 077U}) {
    umask(mask);
    std::string path = scratch.path() + format("/%o", mask);
    NewFile file(path);
    file.commit();
    ck_assert_uint_eq(mode_of(path), 0666 & ~mask);
  }
}
END_TEST

START_TEST(a_place_where_nothing_can_be_made) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/file", "");
  for (const char *path : {"/gone/new", "/file/new"})
    assert_error(printable(scratch.path() + path),
                 [&] { NewFile file(scratch.path() + path); });
  ck_assert_int_eq(chmod(scratch.path().c_str(), 0555), 0);
  assert_refused_to_plain_user([&] { NewFile file(scratch.path() + "/new"); },
                               "/new");
}
END_TEST

START_TEST(a_file_that_may_not_grow) {
  TemporaryDirectory scratch;
  pid_t child = start_process([&] {
    rlimit limit{100000, 100000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      NewFile file(scratch.path() + "/new");
      write_new(file, noise(200000));
    } catch (const Error &error) {
      require(std::string(error.what()).find("/new") != std::string::npos,
              "the error does not name the file");
      return;
    }
    throw Error("no error was thrown");
  });
  ck_assert_int_eq(wait_for(child), 0);
  ck_assert(list_directory(scratch.path()).empty());
}
END_TEST

START_TEST(remove_tree_removes_read_only_folders) {
  TemporaryDirectory scratch;
  ck_assert_int_eq(chmod(scratch.path().c_str(), 0777), 0);
  as_plain_user([&] {
    std::string top = scratch.path() + "/top";
    make_directories(top + "/a/b");
    write_file(top + "/a/b/file", "x");
    write_file(top + "/unreadable", "x");
    put_link(top + "/a/link", "../../kept");
    put_link(top + "/a/dangling", "nowhere");
    write_file(scratch.path() + "/kept", "x");
    chmod((top + "/unreadable").c_str(), 0);
    chmod((top + "/a/b").c_str(), 0);
    chmod((top + "/a").c_str(), 0555);
    chmod(top.c_str(), 0111);
    remove_tree(top);
    remove_tree(top); // what is gone is no error
    require(list_directory(scratch.path()).size() == 1, "not all is gone");
  });
}
END_TEST

// A link that cannot be removed must not lend its name to a chmod.
START_TEST(remove_tree_does_not_change_what_a_link_points_to) {
  TemporaryDirectory scratch;
  ck_assert_int_eq(chmod(scratch.path().c_str(), 0777), 0);
  as_plain_user([&] {
    make_directories(scratch.path() + "/closed");
    write_file(scratch.path() + "/secret", "x");
    put_link(scratch.path() + "/closed/link", "../secret");
    chmod((scratch.path() + "/secret").c_str(), 0400);
    chmod((scratch.path() + "/closed").c_str(), 0555);
    remove_tree(scratch.path() + "/closed/link");
    require(mode_of(scratch.path() + "/secret") == 0400, "the mode changed");
    chmod((scratch.path() + "/closed").c_str(), 0755);
  });
}
END_TEST

START_TEST(make_directories_makes_all) {
  TemporaryDirectory scratch;
  make_directories(scratch.path() + "/a//b/c/");
  make_directories(scratch.path() + "/a/b/c");
  ck_assert(file_exists(scratch.path() + "/a/b/c"));
}
END_TEST

START_TEST(make_directories_refuses_a_file_in_its_place) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/file", "");
  put_link(scratch.path() + "/dangling", "nowhere");
  for (const char *name : {"/file", "/file/below", "/dangling"})
    assert_error(scratch.path() + "/",
                 [&] { make_directories(scratch.path() + name); });
}
END_TEST

START_TEST(names_of_paths) {
  assert_same(parent_directory("/a/b"), "/a");
  assert_same(parent_directory("/a"), "/");
  assert_same(parent_directory("a"), ".");
  assert_same(std::string(base_name("/a/b")), "b");
  assert_same(std::string(base_name("b")), "b");
}
END_TEST

START_TEST(reading_has_a_limit) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/file", text = noise(200000);
  put_file(path, text);
  ck_assert(read_file(path, 200000, Monitor()) == text);
  assert_error("more than 199999 bytes",
               [&] { read_file(path, 199999, Monitor()); });
  assert_error("/gone",
               [&] { read_file(scratch.path() + "/gone", 1, Monitor()); });
  assert_error(scratch.path(),
               [&] { read_file(scratch.path(), 1, Monitor()); });
}
END_TEST

START_TEST(read_at_gives_less_at_the_end_only) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/file";
  put_file(path, "0123456789");
  FileDescriptor file = open_file(path);
  char buffer[8];
  ck_assert_uint_eq(read_at(file, path, buffer, 8, 0), 8);
  ck_assert_uint_eq(read_at(file, path, buffer, 8, 8), 2);
  ck_assert_uint_eq(read_at(file, path, buffer, 8, 99), 0);
}
END_TEST

START_TEST(hashed_input_sees_all) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/file", text = noise(300000);
  put_file(path, text);
  Monitor monitor;
  FileInput file(path, monitor);
  HashedInput input(file);
  std::byte start[100];
  ck_assert_uint_gt(input.read(start), 0);
  input.drain(monitor);
  ck_assert_uint_eq(input.size(), text.size());
  ck_assert(input.finish() == sha256(as_bytes(text)));
}
END_TEST

// Once these hung: opening waited for a writer, and reading for its bytes.
START_TEST(a_fifo_that_nobody_fills_can_be_cancelled) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/fifo";
  ck_assert_int_eq(mkfifo(path.c_str(), 0600), 0);
  for (bool has_writer : {false, true}) {
    Monitor monitor;
    std::thread reader([&] {
      try {
        FileInput file(path, monitor);
        std::byte buffer[10];
        std::size_t got = file.read(buffer);
        ck_assert_msg(false, "%zu bytes were read", got);
      } catch (const Cancelled &) {
      }
    });
    FileDescriptor writer;
    if (has_writer)
      writer = open_stream(path, Monitor());
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    monitor.cancel();
    reader.join();
  }
}
END_TEST

START_TEST(a_slow_writer_of_a_fifo_is_waited_for) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/fifo", text = noise(300000), read;
  ck_assert_int_eq(mkfifo(path.c_str(), 0600), 0);
  std::thread reader([&] { read = read_file(path, 1 << 20, Monitor()); });
  auto pause = [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
  };
  pause();
  {
    Monitor monitor;
    FileDescriptor file = open_stream(path, monitor);
    StreamOutput output(file, path, monitor);
    output.write(as_bytes(text).first(100));
    pause();
    output.write(as_bytes(text).subspan(100));
  }
  reader.join();
  ck_assert(read == text);
}
END_TEST

// Once this waited for ever, as for the reader of a FIFO.
START_TEST(a_socket_is_not_waited_for) {
  TemporaryDirectory scratch;
  std::string path = scratch.path() + "/socket";
  ck_assert_int_eq(mknod(path.c_str(), S_IFSOCK | 0600, 0), 0);
  assert_error("cannot open '" + path + "': No such device or address",
               [&] { open_stream(path, Monitor()); });
}
END_TEST

START_TEST(unnamed_file_has_no_name) {
  TemporaryDirectory scratch;
  setenv("TMPDIR", scratch.path().c_str(), 1);
  FileDescriptor file = unnamed_file();
  OffsetOutput(file, "it", 5).write(as_bytes("text"));
  char buffer[9];
  ck_assert_uint_eq(read_at(file, "it", buffer, 9, 0), 9);
  ck_assert(list_directory(scratch.path()).empty());
  setenv("TMPDIR", (scratch.path() + "/gone").c_str(), 1);
  assert_error("/gone", [] { unnamed_file(); });
  assert_error("/gone", [] { TemporaryDirectory directory; });
  unsetenv("TMPDIR");
}
END_TEST

// What COMMAND makes of TEXT.
std::string filtered(const std::vector<std::string> &command,
                     const std::string &text) {
  Monitor monitor;
  FileDescriptor file = unnamed_file();
  FilterProcess filter(command, file, monitor);
  filter.write(as_bytes(text));
  filter.finish();
  std::string result(2 * text.size() + 1, 0);
  result.resize(read_at(file, "it", result.data(), result.size(), 0));
  return result;
}

// Once all that counted was the exit status, and what was written was empty or
// cut off.
START_TEST(a_filter_that_does_not_read_all_is_an_error) {
  const std::vector<std::string> partial[] = {
      {"head", "-c", "1"},
      {"sleep", "0.1"},
      {"sh", "-c", "exec <&-"},
      {"sh", "-c", "sleep 2 <&0 >&- & sleep 0.1"}};
  const std::vector<std::string> whole[] = {
      {"cat"}, {"sh", "-c", "cat; exec <&-; sleep 0.1"}};
  for (std::size_t size : {2, 1000, 300000}) {
    std::string text = noise(size);
    for (const auto &command : partial)
      assert_error("'" + command[0] + "'", [&] { filtered(command, text); });
    for (const auto &command : whole)
      ck_assert(filtered(command, text) == text);
  }
  ck_assert(filtered({"sleep", "0.1"}, "").empty());
  // All that was there was read, though not the end.
  ck_assert(filtered({"head", "-c", "1"}, "x") == "x");
}
END_TEST

int main() {
  Suite *suite = suite_create("base: files and folders");
  TCase *all = tcase_create("all");
  tcase_add_test(all, nothing_is_left_without_commit);
  tcase_add_test(all, commit_replaces_whole);
  tcase_add_test(all, a_link_is_followed_and_stays);
  tcase_add_test(all, umask_decides_the_mode);
  tcase_add_test(all, a_place_where_nothing_can_be_made);
  tcase_add_test(all, a_file_that_may_not_grow);
  tcase_add_test(all, remove_tree_removes_read_only_folders);
  tcase_add_test(all, remove_tree_does_not_change_what_a_link_points_to);
  tcase_add_test(all, make_directories_makes_all);
  tcase_add_test(all, make_directories_refuses_a_file_in_its_place);
  tcase_add_test(all, names_of_paths);
  tcase_add_test(all, reading_has_a_limit);
  tcase_add_test(all, read_at_gives_less_at_the_end_only);
  tcase_add_test(all, hashed_input_sees_all);
  tcase_add_test(all, a_fifo_that_nobody_fills_can_be_cancelled);
  tcase_add_test(all, a_slow_writer_of_a_fifo_is_waited_for);
  tcase_add_test(all, a_socket_is_not_waited_for);
  tcase_add_test(all, unnamed_file_has_no_name);
  tcase_add_test(all, a_filter_that_does_not_read_all_is_an_error);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
