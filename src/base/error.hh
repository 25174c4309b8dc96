// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the one error type of the library.
// Threads: values; an Error may move from the thread that met it to another.

#ifndef STRATA_BASE_ERROR_HH
#define STRATA_BASE_ERROR_HH

#include <exception>
#include <string>
#include <utility>

namespace strata {

/// What was tried (and on what), why it failed, and what may help.  Texts are
/// translated already and hold names made printable.
class Error : public std::exception {
public:
  /// ATTEMPT: "cannot open '/x'".  CAUSE: "No such file or directory"; empty
  /// where the attempt says all.  HINT: empty where there is none.
  explicit Error(std::string attempt, std::string cause = {},
                 std::string hint = {});

  /// An error whose cause is the system error NUMBER (a value of errno).
  static Error system(std::string attempt, int number, std::string hint = {});

  /// "ATTEMPT: CAUSE", without the hint.
  const char *what() const noexcept override { return message_.c_str(); }
  const std::string &hint() const noexcept { return hint_; }

  /// The same error, seen from farther up: "CONTEXT: ATTEMPT: CAUSE".
  Error in_context(const std::string &context) const;

private:
  std::string message_;
  std::string hint_;
};

/// Thrown where work stops because the caller asked for it (Monitor::cancel).
/// It is no error: nothing was wrong.
class Cancelled : public std::exception {
public:
  const char *what() const noexcept override { return "cancelled"; }
};

/// Thrown where the reader of standard output ended before all was written.  It
/// is no Error, whose context would grow on the way up: who catches it ends
/// silently, as SIGPIPE ends other programs.
class BrokenPipe : public std::exception {
public:
  explicit BrokenPipe(std::string message) : message_(std::move(message)) {}
  const char *what() const noexcept override { return message_.c_str(); }

private:
  std::string message_;
};

} // namespace strata

#endif
