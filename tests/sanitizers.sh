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
    make -j2 src/libcore.la && make -j2 $programs) >"$1.log" 2>&1
}

for kind in address,undefined thread; do
  folder=$tmp/${kind%%,*}
  ok "built with $kind" build "$folder" --enable-sanitizers=$kind
  for program in $programs; do
    ok "$kind: $program" env -C "$folder" TSAN_OPTIONS=halt_on_error=1 \
      CK_DEFAULT_TIMEOUT=600 "./$program"
  done
done

if command -v valgrind >/dev/null; then
  for program in tests/check-layer tests/check-tree tests/check-compressor; do
    ok "valgrind: $program" "$top_builddir/libtool" --mode=execute \
      valgrind -q --error-exitcode=9 --trace-children=no \
      env CK_FORK=no "$top_builddir/$program"
  done
fi
plan
