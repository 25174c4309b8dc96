#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# A signal ends a pack at once, also while it waits for the reader of a FIFO
# or a pipe: once it hung in write, where no cancel could be seen.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

cd "$tmp"
head -c 3000000 /dev/urandom >big
strata store add --store-root="$tmp/root" big-1.0 big >/dev/null
strata store add --store-root="$tmp/root" small-1.0 \
  "$top_srcdir/COPYING" >/dev/null
mkfifo fifo

# ends_by_term NAME: the pack that runs as $pack ends soon, by SIGTERM.
ends_by_term ()
{
  local status=0 tries=60
  sleep 1.5
  ok "$1: it waits" kill -0 "$pack"
  kill -TERM "$pack" || true
  while kill -0 "$pack" 2>/dev/null && [ "$((tries--))" -gt 0 ]; do
    sleep 0.05
  done
  kill -KILL "$pack" 2>/dev/null || true
  wait "$pack" || status=$?
  is "$1: ended by SIGTERM" "$status" 143
}

for compression in none gzip; do
  strata pack --store-root="$tmp/root" big -C $compression -o fifo \
    >/dev/null 2>&1 &
  pack=$!
  ends_by_term "FIFO without a reader, $compression"

  sleep 60 <fifo &
  reader=$!
  strata pack --store-root="$tmp/root" big -C $compression -o fifo \
    >/dev/null 2>&1 &
  pack=$!
  ends_by_term "reader that reads nothing, $compression"
  kill "$reader"
  wait "$reader" 2>/dev/null || true
done
ok "the FIFO is still there" test -p fifo

# A slow reader gets everything.
strata pack --store-root="$tmp/root" big -C gzip -o whole >/dev/null
strata pack --store-root="$tmp/root" big -C gzip -o - |
  { sleep 1; cat; } >slow
same "a slow reader gets the same bytes" slow whole
plan
