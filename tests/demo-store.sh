#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The demo store holds programs that run from it alone.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
use_demo_store

# item NAME: its path in the store.
item ()
{
  grep -E "/[0-9a-z]{32}-$1-[0-9]" "$demo_store.done" | tail -n 1
}

# query ARGUMENT...: in the demo store.
query ()
{
  strata store query "$1" --store-root="$demo_store" "${@:2}"
}

# names: the names of the items whose paths are read, sorted.
names ()
{
  sed 's,.*/[0-9a-z]\{32\}-,,; s,-[0-9].*,,' | sort | tr '\n' ' '
}

bash=$(item bash)
coreutils=$(item coreutils)
hello=$(item hello)

is "hello needs the C library, found in its files" \
  "$(query references "$hello" | names)" "libc6 "
like "coreutils needs libraries" "$(query references "$coreutils" | names)" \
  'libacl1 .*libc6 .*libgmp10 .*libselinux1'
like "a library needs others" \
  "$(query references "$(item libselinux1)" | names)" 'libc6 libpcre2'
ok "the store is as registered" strata store verify --store-root="$demo_store"

# again: what a second run prints for the same programs.
again ()
{
  "$top_srcdir/demo/make-demo-store" "$tmp/store" | sort
}
is "the same programs make the same items" "$(again)" \
  "$(sort "$demo_store.done")"

if [ "$(id -u)" = 0 ]; then
  is "hello runs from the store alone" \
    "$(chroot "$demo_store" "$hello/bin/hello")" "$(hello)"
  is "a pipeline runs from the store alone" \
    "$(chroot "$demo_store" "$bash/bin/sh" -c \
         "echo a b | $coreutils/bin/tr a-z A-Z")" "A B"
  for program in "$demo_store$coreutils"/bin/*; do
    program=${program##*/}
    # To fail is the trade of `false`.
    [ "$program" != false ] || continue
    chroot "$demo_store" "$coreutils/bin/$program" --version >"$tmp/version" \
      2>&1 || echo "$program"
  done >"$tmp/broken"
  is "every program of coreutils starts" "$(cat "$tmp/broken")" ""
else
  skip "programs run from the store alone" "chroot needs root"
fi

plan
