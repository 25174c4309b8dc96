#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The suite, built anew and run under the sanitizers, and its programs in C++ once
# under valgrind.  Takes long: for `make check-long` only.
#
#   sanitizers.sh TARBALL      the tarball that `make dist` made

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1

tarball=$1
tar -xf "$tarball" -C "$tmp"
source=$(echo "$tmp"/strata-*)

programs=$(sed -n 's#^  %D%/\(check-[a-z-]*\).*#tests/\1#p' \
  "$source/tests/local.mk")

# What runs the command or the modules; not what looks at texts only, what builds
# something by itself, and what loads a library before all others.
scripts=$(sed -n '/^\(scheme\|shell\)_tests = /,/^$/s#^  %D%/\([^ ]*\).*#\1#p' \
  "$source/tests/local.mk" | grep -vxE \
  '(architecture|fuzz|install|options|stress|translations)\.sh')

# build FOLDER OPTION...: configures and builds everything there.
build ()
{
  mkdir -p "$1"
  (cd "$1" && "$source/configure" "${@:2}" &&
    make -j2 && make -j2 $programs) >"$1.log" 2>&1 || {
    tail -n 30 "$1.log"
    return 1
  }
}

# run_script FOLDER NAME: one in Scheme or shell, as `make check` does it.
run_script ()
{
  make -C "$1" check TESTS="tests/$2" VERBOSE=1 \
    SH_LOG_COMPILER="./pre-inst-env timeout -k 30 3600 bash"
}

# The programs find their data by top_srcdir, and are slower than they are in
# `make check`.  Some measure memory, of which freed parts are kept for a while.
export top_srcdir=$source CK_TIMEOUT_MULTIPLIER=30
export ASAN_OPTIONS=quarantine_size_mb=16

for kind in address,undefined thread; do
  folder=$tmp/${kind%%,*}
  ok "built with $kind" build "$folder" --enable-sanitizers=$kind
  for program in $programs; do
    ok "$kind: $program" env -C "$folder" TSAN_OPTIONS=halt_on_error=1 \
      "./$program"
  done
  for script in $scripts; do
    ok "$kind: $script" run_script "$folder" "$script"
  done
done

need_program valgrind
for program in $programs; do
  ok "valgrind: $program" env CK_FORK=no "$top_builddir/libtool" \
    --mode=execute valgrind -q --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$top_builddir/$program"
done
plan
