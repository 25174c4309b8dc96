// Strata: layered container images from a functional package store.
// Copyright (C) 2026 The Strata authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Purpose: the main function of a test program.
//   int main() { return strata::run_tests({suite_one(), suite_two()}); }
// Threads: none.

#ifndef STRATA_TESTS_SUPPORT_CHECK_MAIN_HH
#define STRATA_TESTS_SUPPORT_CHECK_MAIN_HH

#include <check.h>

#include <cstdlib>
#include <initializer_list>

// An old macro of Check's, in the way of the streams of the standard library.
#undef fail

namespace strata {

/// Runs SUITES, which it owns from then on, and returns main's exit status.
/// The environment chooses the output (`make check`: TAP).
inline int run_tests(std::initializer_list<Suite *> suites) {
  SRunner *runner = srunner_create(nullptr);
  for (Suite *suite : suites) {
    srunner_add_suite(runner, suite);
  }
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace strata

#endif
