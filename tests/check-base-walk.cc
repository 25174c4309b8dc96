// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: tests of the sorted walk over files on disk.

#include "support/fixtures.hh"

#include <sys/socket.h>
#include <sys/un.h>

using namespace strata;

namespace {

constexpr std::size_t block = 256 << 10; // how much the walk reads at once

// Reads every file; after it was opened, CHANGE is called with its path.
class ReadingVisitor : public WalkVisitor {
public:
  explicit ReadingVisitor(std::function<void(const std::string &)> change = {})
      : change_(std::move(change)) {}

  void enter(Entry &entry) override {
    if (entry.kind() != Kind::file)
      return;
    entry.open();
    std::uint64_t size = entry.size();
    if (change_)
      change_(entry.path());
    MemoryOutput output;
    entry.read(output);
    ck_assert_uint_eq(output.text().size(), size);
    text_ += output.text();
  }
  const std::string &text() const { return text_; }

private:
  std::function<void(const std::string &)> change_;
  std::string text_;
};

void walk_and_read(const std::string &path) {
  ReadingVisitor visitor;
  DiskWalk(path).walk(visitor);
}

// What happens when a file of SIZE bytes gets NEW_SIZE bytes while it is read.
void resize_while_reading(std::size_t size, std::size_t new_size) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/file", noise(size));
  ReadingVisitor visitor([&](const std::string &path) {
    ck_assert_int_eq(truncate((scratch.path() + "/" + path).c_str(), new_size),
                     0);
  });
  assert_error("file': it changes while it is read",
               [&] { DiskWalk(scratch.path()).walk(visitor); });
}

} // namespace

START_TEST(order_is_bytewise_and_depth_first) {
  TemporaryDirectory scratch;
  std::string top = scratch.path() + "/top";
  make_directories(top + "/a/b");
  make_directories(top + "/empty");
  put_file(top + "/a.b", "1");
  put_file(top + "/a/z", "22", 0755);
  put_file(top + "/a/Z", "", 0611);
  put_file(top + "/a-b", "4444", 0400);
  put_file(top + "/\xFF\x01", "");
  put_file(top + "/\xC3\xBC", "");
  put_link(top + "/a/b/link", "../../nowhere");
  put_link(top + "/folder", "a");
  assert_same(listing(DiskWalk(top)), ". directory 555\n"
                                      "a directory 555\n"
                                      "a/Z file 444 0\n"
                                      "a/b directory 555\n"
                                      "a/b/link -> ../../nowhere\n"
                                      "leave a/b\n"
                                      "a/z file 555 2\n"
                                      "leave a\n"
                                      "a-b file 444 4\n"
                                      "a.b file 444 1\n"
                                      "empty directory 555\n"
                                      "leave empty\n"
                                      "folder -> a\n"
                                      "\xC3\xBC file 444 0\n"
                                      "\\377\\001 file 444 0\n"
                                      "leave \n");
}
END_TEST

START_TEST(the_root_may_be_a_file_or_a_link) {
  TemporaryDirectory scratch;
  put_file(scratch.path() + "/file", "abc", 0700);
  put_link(scratch.path() + "/link", scratch.path());
  assert_same(listing(DiskWalk(scratch.path() + "/file")), ". file 555 3\n");
  assert_same(listing(DiskWalk(scratch.path() + "/link")),
              ". -> " + scratch.path() + "\n");
  assert_error("/gone': No such file",
               [&] { listing(DiskWalk(scratch.path() + "/gone")); });
}
END_TEST

START_TEST(long_links_come_whole) {
  TemporaryDirectory scratch;
  for (std::size_t size : {1, 255, 256, 257, 512, 4095}) {
    std::string target = std::string(size, 't');
    put_link(scratch.path() + "/link", target);
    assert_same(listing(DiskWalk(scratch.path() + "/link")),
                ". -> " + target + "\n");
    unlink((scratch.path() + "/link").c_str());
  }
}
END_TEST

START_TEST(fifos_and_sockets_are_refused) {
  TemporaryDirectory scratch;
  std::string place = scratch.path() + "/dir/bad";
  make_directories(scratch.path() + "/dir");
  ck_assert_int_eq(mkfifo(place.c_str(), 0600), 0);
  std::string cause = "dir/bad': it is a socket, a device or a FIFO";
  assert_error(cause, [&] { walk_and_read(scratch.path()); });
  assert_error("it is a socket", [&] { walk_and_read(place); });
  unlink(place.c_str());

  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ck_assert_uint_lt(place.size(), sizeof address.sun_path);
  place.copy(address.sun_path, place.size());
  FileDescriptor server(socket(AF_UNIX, SOCK_STREAM, 0));
  ck_assert_int_eq(bind(server.get(), reinterpret_cast<sockaddr *>(&address),
                        sizeof address),
                   0);
  assert_error(cause, [&] { walk_and_read(scratch.path()); });
  assert_error("it is a socket", [] { walk_and_read("/dev/null"); });
}
END_TEST

START_TEST(contents_come_whole) {
  TemporaryDirectory scratch;
  for (std::size_t size : {std::size_t(0), std::size_t(1), block - 1, block,
                           block + 1, 2 * block, 3 * block + 5}) {
    std::string text = noise(size);
    put_file(scratch.path() + "/file", text);
    ReadingVisitor visitor;
    DiskWalk(scratch.path()).walk(visitor);
    ck_assert(visitor.text() == text);
  }
}
END_TEST

START_TEST(a_file_that_shrinks) {
  resize_while_reading(1, 0);
  resize_while_reading(1000, 999);
  resize_while_reading(2 * block, block);
  resize_while_reading(3 * block, 3 * block - 1);
}
END_TEST

START_TEST(a_file_that_grows) {
  resize_while_reading(1, 2);
  resize_while_reading(block - 1, block);
  resize_while_reading(block + 1, 3 * block);
}
END_TEST

START_TEST(a_file_of_full_blocks_that_grows) {
  resize_while_reading(block, block + 1);
  resize_while_reading(3 * block, 4 * block);
}
END_TEST

START_TEST(a_file_that_becomes_something_else) {
  TemporaryDirectory scratch;
  for (bool fifo : {false, true}) {
    put_file(scratch.path() + "/a", "");
    put_file(scratch.path() + "/b", "x");
    ReadingVisitor visitor([&](const std::string &path) {
      if (path != "a")
        return;
      std::string other = scratch.path() + "/b";
      unlink(other.c_str());
      if (fifo)
        ck_assert_int_eq(mkfifo(other.c_str(), 0600), 0);
      else
        put_link(other, "a");
    });
    assert_error("/b'", [&] { DiskWalk(scratch.path()).walk(visitor); });
    unlink((scratch.path() + "/b").c_str());
  }
}
END_TEST

START_TEST(what_cannot_be_read_is_named) {
  TemporaryDirectory scratch;
  ck_assert_int_eq(chmod(scratch.path().c_str(), 0755), 0);
  std::string folder = scratch.path() + "/folder";
  make_directories(folder);
  put_file(folder + "/file", "x", 0);
  assert_refused_to_plain_user([&] { walk_and_read(scratch.path()); },
                               "folder/file': Permission denied");
  ck_assert_int_eq(chmod(folder.c_str(), 0), 0);
  assert_refused_to_plain_user([&] { walk_and_read(scratch.path()); },
                               "folder': Permission denied");
  ck_assert_int_eq(chmod(folder.c_str(), 0700), 0);
}
END_TEST

int main() {
  Suite *suite = suite_create("base: walk");
  TCase *all = tcase_create("all");
  tcase_add_test(all, order_is_bytewise_and_depth_first);
  tcase_add_test(all, the_root_may_be_a_file_or_a_link);
  tcase_add_test(all, long_links_come_whole);
  tcase_add_test(all, fifos_and_sockets_are_refused);
  tcase_add_test(all, contents_come_whole);
  tcase_add_test(all, a_file_that_shrinks);
  tcase_add_test(all, a_file_that_grows);
  tcase_add_test(all, a_file_of_full_blocks_that_grows);
  tcase_add_test(all, a_file_that_becomes_something_else);
  tcase_add_test(all, what_cannot_be_read_is_named);
  suite_add_tcase(suite, all);
  return run_tests({suite});
}
