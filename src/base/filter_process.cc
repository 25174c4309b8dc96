// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/filter_process.hh"

#include "base/error.hh"
#include "base/file_output.hh"
#include "base/text.hh"

#include <linux/sockios.h>
#include <poll.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>

namespace strata {

namespace {

// What posix_spawn does in the child, as RAII.
class FileActions {
public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  FileActions(const FileActions &) = delete;
  FileActions &operator=(const FileActions &) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  void duplicate(const FileDescriptor &file, int number) {
    posix_spawn_file_actions_adddup2(&actions_, file.get(), number);
  }
  const posix_spawn_file_actions_t *get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_;
};

// Whether the other end of SOCKET took all that was written.  REQUIRES: the
// program there ended.
bool all_was_read(const FileDescriptor &socket) {
  // One that is closed with bytes in it resets the connection; one that another
  // process still has open keeps them.
  int problem = 0, unread = 0;
  socklen_t size = sizeof problem;
  return getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size) == 0 &&
         ioctl(socket.get(), SIOCOUTQ, &unread) == 0 && problem == 0 &&
         unread == 0;
}

} // namespace

FilterProcess::FilterProcess(const std::vector<std::string> &command,
                             const FileDescriptor &output,
                             const Monitor &monitor)
    : name_(command.empty() ? "" : command.front()), monitor_(monitor) {
  make_blocking(output);
  std::string attempt = format(_("cannot run '%s'"), printable(name_).c_str());
  if (command.empty())
    throw Error(attempt, _("the command is empty"));
  // A socket instead of a pipe: writing to it raises no SIGPIPE when the
  // program is gone, and a library must not touch signal handlers.
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw Error::system(attempt, errno);
  input_ = FileDescriptor(ends[0]);
  FileDescriptor theirs(ends[1]);

  FileActions actions;
  actions.duplicate(theirs, STDIN_FILENO);
  actions.duplicate(output, STDOUT_FILENO);
  std::vector<std::string> words = command;
  std::vector<char *> arguments;
  for (std::string &word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  int problem = posix_spawnp(&process_, name_.c_str(), actions.get(), nullptr,
                             arguments.data(), environ);
  if (problem != 0) {
    process_ = -1;
    throw Error::system(attempt, problem);
  }
}

FilterProcess::~FilterProcess() {
  if (process_ < 0)
    return;
  kill(process_, SIGKILL);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void FilterProcess::write(Bytes bytes) {
  constexpr int wait = 100; // milliseconds
  while (!bytes.empty()) {
    monitor_.check();
    ssize_t done = send(input_.get(), bytes.data(), bytes.size(),
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (done >= 0) {
      bytes = bytes.subspan(done);
    } else if (errno == EAGAIN) {
      pollfd room{input_.get(), POLLOUT, 0};
      poll(&room, 1, wait);
    } else if (errno != EINTR) {
      throw Error::system(
          format(_("cannot write to '%s'"), printable(name_).c_str()), errno);
    }
  }
}

void FilterProcess::finish() {
  // Not closed: it still tells what was left unread.
  shutdown(input_.get(), SHUT_WR);
  int status = 0;
  pid_t result = 0;
  constexpr timespec pause{0, 10'000'000};
  do {
    result = waitpid(process_, &status, WNOHANG);
    if (result == 0) {
      monitor_.check();
      nanosleep(&pause, nullptr);
    }
  } while (result == 0 || (result < 0 && errno == EINTR));
  process_ = -1;
  std::string attempt =
      format(_("the command '%s' failed"), printable(name_).c_str());
  if (result < 0)
    throw Error::system(attempt, errno);
  if (WIFSIGNALED(status))
    throw Error(attempt, format(_("signal %d ended it"), WTERMSIG(status)));
  if (WEXITSTATUS(status) != 0)
    throw Error(attempt,
                format(_("its exit status is %d"), WEXITSTATUS(status)));
  if (!all_was_read(input_))
    throw Error(attempt, _("it did not read all of its input"));
}

} // namespace strata
