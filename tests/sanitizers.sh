#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The tests in C++ built anew and run under the sanitizers, and once under
# valgrind.  Takes long: for `make check-long` only.
#
#   sanitizers.sh TARBALL      the tarball that `make dist` made

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1

tarball=$1
tar -xf "$tarball" -C "$tmp"
source=$(echo "$tmp"/strata-*)

programs=$(sed -n 's#^  %D%/\(check-[a-z-]*\).*#tests/\1#p' \
  "$source/tests/local.mk")

# build FOLDER OPTION...: configures and builds the C++ tests there.
build ()
{
  mkdir -p "$1"
  (cd "$1" && "$source/configure" "${@:2}" &&
    make -j2 src/libcore.la && make -j2 $programs) >"$1.log" 2>&1 || {
    tail -n 30 "$1.log"
    return 1
  }
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
done

need_program valgrind
for program in $programs; do
  ok "valgrind: $program" env CK_FORK=no "$top_builddir/libtool" \
    --mode=execute valgrind -q --error-exitcode=9 --leak-check=full \
    --errors-for-leak-kinds=definite "$top_builddir/$program"
done
plan
