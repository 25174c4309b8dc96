// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: measure COMMAND...: runs COMMAND and writes, to descriptor 3, a line
// with its CPU time and wall time in milliseconds and its peak memory in KiB.
// Processes that it waited for count: time as a sum, memory as the largest.

#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

long milliseconds(const timeval &time) {
  return time.tv_sec * 1000 + time.tv_usec / 1000;
}

} // namespace

int main(int count, char **arguments) {
  if (count < 2) {
    std::fputs("Usage: measure COMMAND...\n", stderr);
    return 2;
  }
  auto start = std::chrono::steady_clock::now();
  pid_t child = fork();
  if (child == 0) {
    close(3);
    execvp(arguments[1], arguments + 1);
    std::perror(arguments[1]);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
    std::perror("measure");
    return 1;
  }
  auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  dprintf(3, "%ld %lld %ld\n",
          milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime),
          static_cast<long long>(wall.count()), usage.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
