// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: what the tests of the core share: files and folders to begin
// with, walks as text, goldens.
// Threads: none.

#ifndef STRATA_TESTS_SUPPORT_FIXTURES_HH
#define STRATA_TESTS_SUPPORT_FIXTURES_HH

#include "base/file.hh"
#include "base/file_output.hh"
#include "base/new_file.hh"
#include "base/text.hh"
#include "base/walk.hh"
#include "support/check-main.hh"
#include "support/store-fixture.hh"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace strata {

/// Makes the file PATH with CONTENT.
inline void put_file(const std::string &path, std::string_view content,
                     mode_t mode = 0644) {
  unlink(path.c_str());
  FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  ck_assert_msg(bool(file), "cannot make %s", path.c_str());
  FileOutput(file, path).write(as_bytes(content));
  fchmod(file.get(), mode);
}

inline void put_link(const std::string &path, const std::string &target) {
  ck_assert_int_eq(symlink(target.c_str(), path.c_str()), 0);
}

/// The content of the file PATH.
inline std::string content_of(const std::string &path) {
  return read_file(path, std::size_t(1) << 30, Monitor());
}

/// COUNT bytes that look random, the same for the same SEED.
inline std::string noise(std::size_t count, std::uint64_t seed = 1) {
  std::string result;
  result.reserve(count);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15 + 1;
  while (result.size() < count) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    result += static_cast<char>(state >> 32);
  }
  return result;
}

/// Fails unless BODY throws an Error that has PART when a user who is not root
/// runs it.
inline void assert_refused_to_plain_user(const std::function<void()> &body,
                                         const std::string &part) {
  as_plain_user([&] {
    try {
      body();
    } catch (const Error &error) {
      require(std::string(error.what()).find(part) != std::string::npos,
              error.what());
      return;
    }
    throw Error("no error was thrown");
  });
}

/// A walk as text: "path kind mode size target" for each entry, and "leave".
class ListingVisitor : public WalkVisitor {
public:
  void enter(Entry &entry) override {
    text_ += entry.path().empty() ? "." : printable(entry.path());
    switch (entry.kind()) {
    case Kind::file:
      text_ += format(" file %o", entry.attributes().mode) +
               format(" %llu", static_cast<unsigned long long>(entry.size()));
      break;
    case Kind::directory:
      text_ += format(" directory %o", entry.attributes().mode);
      break;
    case Kind::symlink:
      text_ += " -> " + entry.target();
      break;
    }
    text_ += "\n";
  }
  void leave(Entry &entry) override {
    text_ += "leave " + printable(entry.path()) + "\n";
  }
  const std::string &text() const { return text_; }

private:
  std::string text_;
};

inline std::string listing(const Walkable &tree) {
  ListingVisitor visitor;
  tree.walk(visitor);
  return visitor.text();
}

/// Fails unless the file tests/data/NAME holds TEXT.  With
/// STRATA_UPDATE_GOLDENS=1 in the environment the file is written instead.
inline void assert_golden(const std::string &name, const std::string &text) {
  const char *top = getenv("top_srcdir"), *update = nullptr;
  std::string path = std::string(top ? top : ".") + "/tests/data/" + name;
  update = getenv("STRATA_UPDATE_GOLDENS");
  if (update != nullptr && std::string(update) == "1")
    put_file(path, text);
  assert_same(text, content_of(path));
}

} // namespace strata

#endif
