// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: to be preloaded into a program under stress.
//
//   STRESS_DELAY=MICROSECONDS   each read and write waits up to that long
//   STRESS_FAIL=N               the Nth read of a file whose name ends in
//                               "-text" fails with EIO
//
// Threads: any.

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string_view>

namespace {

constexpr int most_files = 4096;
std::atomic<bool> watched[most_files];
std::atomic<long> reads = 0;

long setting(const char *name) {
  const char *value = std::getenv(name);
  return value != nullptr ? std::atol(value) : 0;
}

void delay() {
  static const long most = setting("STRESS_DELAY");
  if (most == 0)
    return;
  thread_local std::minstd_rand random(std::random_device{}());
  timespec time{0, static_cast<long>(random() % most) * 1000};
  nanosleep(&time, nullptr);
}

bool fails(int file) {
  static const long wanted = setting("STRESS_FAIL");
  if (wanted == 0 || file < 0 || file >= most_files || !watched[file] ||
      ++reads != wanted)
    return false;
  errno = EIO;
  return true;
}

template <typename Function>
Function next(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int openat(int folder, const char *name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  static auto real = next<int (*)(int, const char *, int, ...)>("openat");
  int file = real(folder, name, flags, mode);
  if (file >= 0 && file < most_files)
    watched[file] = std::string_view(name).ends_with("-text");
  return file;
}

ssize_t read(int file, void *buffer, std::size_t size) {
  static auto real = next<ssize_t (*)(int, void *, std::size_t)>("read");
  delay();
  return fails(file) ? -1 : real(file, buffer, size);
}

ssize_t write(int file, const void *buffer, std::size_t size) {
  static auto real = next<ssize_t (*)(int, const void *, std::size_t)>("write");
  delay();
  return real(file, buffer, size);
}

ssize_t pwrite(int file, const void *buffer, std::size_t size, off_t offset) {
  static auto real =
      next<ssize_t (*)(int, const void *, std::size_t, off_t)>("pwrite");
  delay();
  return real(file, buffer, size, offset);
}

} // extern "C"
