// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what tests of stores share: files, made-up items, other processes
// and users, and errors as text.
// Threads: none.

#ifndef STRATA_TESTS_SUPPORT_STORE_FIXTURE_HH
#define STRATA_TESTS_SUPPORT_STORE_FIXTURE_HH

#include "base/error.hh"
#include "base/file.hh"
#include "store/graph.hh"

#include <check.h>
#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

namespace strata {

/// The path of a made-up item; each NUMBER gives another hash.
inline std::string made_up_item(unsigned number, const std::string &name,
                                const std::string &store = "/gnu/store") {
  std::array<char, 33> hash;
  std::snprintf(hash.data(), hash.size(), "%032u", number);
  return store + "/" + hash.data() + "-" + name;
}

inline void write_file(const std::string &path, std::string_view content) {
  make_directories(parent_directory(path));
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  ck_assert_msg(!file.fail(), "cannot write %s", path.c_str());
}

/// Text and hint of the Error that BODY throws; fails the test if none comes.
inline std::string error_of(const std::function<void()> &body) {
  try {
    body();
  } catch (const Error &error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  ck_abort_msg("no error was thrown");
}

inline void assert_has(const std::string &text, const std::string &part) {
  ck_assert_msg(text.find(part) != std::string::npos, "no \"%s\" in: %s",
                part.c_str(), text.c_str());
}

inline void assert_same(const std::string &text, const std::string &expected) {
  ck_assert_msg(text == expected, "is: %s\nshould be: %s", text.c_str(),
                expected.c_str());
}

/// BODY throws an Error whose text or hint has PART.
inline void assert_error(const std::string &part,
                         const std::function<void()> &body) {
  assert_has(error_of(body), part);
}

/// Runs BODY in another process; its status is 0 unless BODY throws or leaves
/// by _exit.
inline pid_t start_process(const std::function<void()> &body) {
  std::fflush(nullptr);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child > 0)
    return child;
  try {
    body();
    _exit(0);
  } catch (const Error &error) {
    std::fprintf(stderr, "# %s\n", error.what());
  } catch (const std::exception &error) {
    std::fprintf(stderr, "# %s\n", error.what());
  }
  _exit(1);
}

/// The status of CHILD as waitpid gives it.
inline int wait_for(pid_t child) {
  int status = 0;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  return status;
}

/// Runs BODY in another process as a user who may do nothing special, or as
/// the one who runs the test if that is not root.
inline void as_plain_user(const std::function<void()> &body) {
  constexpr unsigned nobody = 65534;
  pid_t child = start_process([&] {
    bool is_root = geteuid() == 0;
    if (is_root && (setgroups(0, nullptr) != 0 || setgid(nobody) != 0 ||
                    setuid(nobody) != 0))
      throw Error("cannot become another user");
    body();
  });
  ck_assert_int_eq(wait_for(child), 0);
}

/// REQUIRES in a process that as_plain_user or start_process began: a failed
/// requirement ends it.
inline void require(bool condition, const char *what) {
  if (!condition)
    throw Error(what);
}

/// The output of a shell command, which must succeed.
inline std::string output_of(const std::string &command) {
  FILE *pipe = popen(command.c_str(), "r");
  ck_assert_ptr_nonnull(pipe);
  std::string text;
  std::array<char, 4096> block;
  while (std::size_t size = fread(block.data(), 1, block.size(), pipe))
    text.append(block.data(), size);
  int status = pclose(pipe);
  ck_assert_msg(status == 0, "failed: %s", command.c_str());
  return text;
}

} // namespace strata

#endif
