#!/bin/sh
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# summarize.sh RESULT-FILE...: prints the sums over the results (.trs files of
# Automake) as "N passed, N failed, N skipped".  Fails when a test failed, when
# a file is missing (its test did not end), or when nothing passed.

passed=0 failed=0 skipped=0
for file; do
  if test ! -f "$file"; then
    echo "no result: ${file%.trs}" >&2
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + $(grep -cE '^:test-result: (PASS|XFAIL)' "$file")))
  failed=$((failed + $(grep -cE '^:test-result: (FAIL|XPASS|ERROR)' "$file")))
  skipped=$((skipped + $(grep -cE '^:test-result: SKIP' "$file")))
done

echo "$passed passed, $failed failed, $skipped skipped"
test "$failed" = 0 && test "$passed" -gt 0
