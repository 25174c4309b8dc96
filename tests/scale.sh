#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What is large in one way: a closure of 100,000 items, an item of 1,000,000
# files, an item with a file of 20 GiB.  Images are right, and memory does not
# grow with what does not count.  Run by `make check-long`.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/bench/large.sh"
need_program strata guile
measure=$top_builddir/bench/measure
[ -x "$measure" ] || skip_all "'bench/measure' is not built"

# measured COMMAND...: runs it and keeps what it took.
measured ()
{
  "$measure" "$@" 3>"$tmp/measured"
}

# at_most NAME LIMIT: the peak memory of what was measured last, in MiB.
at_most ()
{
  local peak
  peak=$(awk '{ print int($3 / 1024) }' "$tmp/measured")
  echo "# $1: $peak MiB"
  ok "$1: at most $2 MiB" test "$peak" -le "$2"
}

# pack COMPRESSION: the image of the top item, by two threads, in a pipe.
pack ()
{
  measured strata pack --store-root="$tmp/large" --no-cache --jobs=2 -v 0 \
    --reference-graph="$tmp/large/graph" -C "$1" -o - "$top_item"
}

# layer_tar TAR-OPTION...: runs tar on the first layer of the image in standard
# input; gzip or not.  What follows is read as well, so that no pipe breaks, and
# gzip has to say that it is no layer.
layer_tar ()
{
  tar -xOf - --wildcards 'blobs/sha256/*' |
    { gzip -dcfq || [ $? = 2 ]; } |
    { tar -f - "$@"; cat >/dev/null; }
}

# --- 100,000 items with ten references each.

root=$tmp/closure
make_graph "$root" 100000
guile --no-auto-compile "$top_srcdir/bench/write-database.scm" "$root"
for source in --reference-graph="$root/graph" \
              --database="$root/var/guix/db/db.sqlite"; do
  name=${source%%=*}
  strata store query requisites --store-root="$root" "$source" "$top_item" \
    >"$tmp/requisites"
  is "$name: all items" "$(wc -l <"$tmp/requisites")" 100000
  is "$name: the one that refers to all comes last" \
    "$(tail -n 1 "$tmp/requisites")" "$top_item"
  measured strata pack -n -v 0 --store-root="$root" "$source" "$top_item" \
    >"$tmp/plan"
  like "$name: the plan" "$(tail -n 1 "$tmp/plan")" "^99 layers, "
  at_most "$name: plan" 300
done
rm -rf "$root"

# --- 1,000,000 files: 200 bytes of memory for each entry.

make_many_files "$tmp/large" 1000
for compression in none gzip; do
  pack "$compression" | layer_tar -t >"$tmp/list"
  is "many files, $compression: all are there" \
    "$(grep -c '/file-' "$tmp/list")" 1000000
  at_most "many files, $compression" $((64 + 24 * 2 + 191))
done
rm -rf "$tmp/large"

# --- 20 GiB.

make_sparse_file "$tmp/large" 20G
pack none | layer_tar -xO --wildcards '*/zeros' | sha256sum >"$tmp/digest"
is "20 GiB: all bytes are there" "$(cat "$tmp/digest")" \
  "$(head -c 20G /dev/zero | sha256sum)"
at_most "20 GiB" $((64 + 24 * 2))
pack gzip >"$tmp/image"
at_most "20 GiB, gzip" $((64 + 24 * 2))
run_strata inspect "$tmp/image"
is "20 GiB, gzip: the image is whole" "$status $err" "0 "

plan
