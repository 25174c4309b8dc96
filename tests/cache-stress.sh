#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# SIGKILL at random moments while a cache is filled or used: it stays whole,
# and the next image is right.  Run by `make check-long`; ROUNDS and SEED may be set.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

rounds=${ROUNDS:-50}
RANDOM=${SEED:=$$}
echo "# SEED=$SEED"
cache=$tmp/cache

cd "$tmp"
for name in one two three four; do
  mkdir "$name"
  { echo "$name"; seq 400000; } >"$name/$name-text"
  strata store add --store-root="$tmp/root" "$name-1.0" "$name" >/dev/null
done

# pack OPTION...
pack ()
{
  strata pack --store-root="$tmp/root" one two three four -C gzip \
    -o "$tmp/image" "$@" >/dev/null
}

milliseconds ()
{
  echo $(($(date +%s%N) / 1000000))
}

start=$(milliseconds)
pack --no-cache
length=$(($(milliseconds) - start))
wanted=$(sha256sum <image)
interrupted=0

for ((round = 1; round <= rounds; round++)); do
  # Every other time there is nothing in it, and all is to be written.
  if ((round % 2)); then
    strata cache prune --cache="$cache" --max-size=0
  fi
  rm -f image
  # In the foreground of a job of its own the command is one process.
  (
    exec strata pack --store-root="$tmp/root" one two three four -C gzip \
      -o "$tmp/image" --cache="$cache"
  ) >/dev/null 2>&1 &
  delay=$((RANDOM * length / 32768))
  sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  kill -KILL $! 2>/dev/null || true
  status=0
  wait $! 2>/dev/null || status=$?
  if [ "$status" = 137 ]; then
    interrupted=$((interrupted + 1))
  fi
  if [ -e image ]; then
    is "round $round: an image is whole" "$(sha256sum <image)" "$wanted"
  fi
  run_strata cache verify --cache="$cache"
  is "round $round, $delay ms: the cache is whole" "$status $err" "0 "
  pack --cache="$cache" 2>messages || true
  is "round $round, $delay ms: no message" "$(cat messages)" ""
  is "round $round, $delay ms: the next image" "$(sha256sum <image)" "$wanted"
done
ok "most commands were killed" test $((interrupted * 2)) -ge "$rounds"

# What they have left goes once it is old.
find "$cache/fragments" -type f -exec touch -d "2 hours ago" {} +
strata cache prune --cache="$cache"
is "nothing is left behind" \
  "$(find "$cache/fragments" -type f | wc -l)" \
  "$(strata cache info --cache="$cache" | sed -n 's/^fragments: //p')"

plan
