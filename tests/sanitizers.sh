#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The suite, built anew and run under the sanitizers, and its programs in C++ once
# under valgrind.  Takes long: for `make check-long` only.
#
#   sanitizers.sh TARBALL [KIND...]     the tarball that `make dist` made; each
#                                       KIND is that of --enable-sanitizers, or
#                                       'valgrind'

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1

tarball=$1
shift
[ $# -gt 0 ] || set -- address,undefined thread valgrind
tar -xf "$tarball" -C "$tmp"
source=$(echo "$tmp"/strata-*)

programs=$(sed -n 's#^  %D%/\(check-[a-z-]*\).*#tests/\1#p' \
  "$source/tests/local.mk")

# What runs the command or the modules; not what looks at texts only, what builds
# something by itself, what loads a library before all others, and what runs in a
# build daemon, with a Guile of the store.
scripts=$(sed -n '/^\(scheme\|shell\)_tests = /,/^$/s#^  %D%/\([^ ]*\).*#\1#p' \
  "$source/tests/local.mk" | grep -vxE \
  '(architecture|fuzz|install|nix-derivation|options|stress|translations)\.sh')

# setting FOLDER NAME: what configure chose.
setting ()
{
  sed -n "s/^$2 = //p" "$1/Makefile"
}

# build FOLDER OPTION...: configures and builds everything there.
build ()
{
  mkdir -p "$1"
  (cd "$1" && "$source/configure" "${@:2}" &&
    make -j2 && make -j2 $programs) >"$1.log" 2>&1 || {
    tail -n 30 "$1.log"
    return 1
  }
  # Tests run Guile as well, which needs the sanitizer to be loaded first.
  mkdir "$1/guile"
  printf '#!/bin/sh\nexec %s %s "$@"\n' "$(setting "$1" GUILE_ENVIRONMENT)" \
    "$(setting "$1" GUILE)" >"$1/guile/guile"
  chmod +x "$1/guile/guile"
}

# run_script FOLDER NAME: one in Scheme or shell, as `make check` does it.
run_script ()
{
  PATH=$1/guile:$PATH make -C "$1" check TESTS="tests/$2" VERBOSE=1 \
    SH_LOG_COMPILER="./pre-inst-env timeout -k 30 3600 bash"
}

# The programs find their data by top_srcdir, and are slower than they are in
# `make check`.  Some measure memory, of which freed parts are kept for a while.
export top_srcdir=$source CK_TIMEOUT_MULTIPLIER=30
export ASAN_OPTIONS=quarantine_size_mb=16

# Under TSan, threads may see the signals of Guile's garbage collector too late.
export GC_DONT_GC=1

# under_sanitizer KIND: all of the suite that runs our code.
under_sanitizer ()
{
  local folder=$tmp/${1%%,*} program script
  ok "built with $1" build "$folder" --enable-sanitizers="$1"
  for program in $programs; do
    ok "$1: $program" env -C "$folder" TSAN_OPTIONS=halt_on_error=1 \
      "./$program"
  done
  for script in $scripts; do
    ok "$1: $script" run_script "$folder" "$script"
  done
}

under_valgrind ()
{
  local program
  need_program valgrind
  for program in $programs; do
    ok "valgrind: $program" env CK_FORK=no "$top_builddir/libtool" \
      --mode=execute valgrind -q --error-exitcode=9 --leak-check=full \
      --errors-for-leak-kinds=definite "$top_builddir/$program"
  done
}

for kind; do
  case $kind in
    valgrind) under_valgrind ;;
    *) under_sanitizer "$kind" ;;
  esac
done
plan
