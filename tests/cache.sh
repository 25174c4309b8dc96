#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The cache of the command: where it is, several processes at once, SIGKILL, a
# full disk; the image is the same each time.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

cd "$tmp"
for name in one two three; do
  mkdir "$name"
  { echo "$name"; seq 700000; } >"$name/$name-text"
  strata store add --store-root="$tmp/root" "$name-1.0" "$name" >/dev/null
done

# digest_of OPTION...: packs; shows the digest of the image, or the messages.
digest_of ()
{
  if strata pack --store-root="$tmp/root" one two three -o "$tmp/image" "$@" \
      >/dev/null 2>"$tmp/messages" && [ ! -s "$tmp/messages" ]; then
    sha256sum <"$tmp/image"
  else
    cat "$tmp/messages"
  fi
}

wanted=$(digest_of --no-cache)
like "an image" "$wanted" '^[0-9a-f]{64} '
ok "--no-cache: nothing is kept" test ! -e "$XDG_CACHE_HOME"
is "default cache, cold" "$(digest_of)" "$wanted"
ok "it is below XDG_CACHE_HOME" test -f "$XDG_CACHE_HOME/strata/index.sqlite"
is "default cache, warm" "$(digest_of)" "$wanted"

# What is known is not read.
if type strace >/dev/null 2>&1 && strace -o trace true 2>/dev/null; then
  strace -f -o trace -e trace=openat "$(command -v strata)" pack \
    --store-root="$tmp/root" one two three -o image >/dev/null
  is "no item is read" "$(grep -c 'openat.*-text", O_RDONLY' trace)" 0
  strace -f -o trace -e trace=openat "$(command -v strata)" pack --no-cache \
    --store-root="$tmp/root" one two three -o image >/dev/null
  is "items are read without the cache" \
    "$(grep -c 'openat.*-text", O_RDONLY' trace)" 3
fi

# Neither set, or not to be made, as in the build of a daemon.
unset_home ()
{
  env -u XDG_CACHE_HOME -u HOME strata pack --store-root="$tmp/root" one \
    -o "$tmp/image" 2>&1 >/dev/null
}
is "no folder for it: silent" "$(unset_home)" ""
is "a folder that cannot be made: silent" \
  "$(XDG_CACHE_HOME=/proc/no-such-folder digest_of)" "$wanted"
like "a folder that was asked for: a warning" \
  "$(digest_of --cache=/proc/no-such-folder)" '^strata: warning: the cache is'
is "one line" "$(wc -l <messages)" 1

# Two at once, on a cache that neither finds.
for i in 1 2 3; do
  for j in a b; do
    strata pack --store-root="$tmp/root" one two three --cache="$tmp/cache$i" \
      -o "$tmp/image-$j" >/dev/null 2>"messages-$j" &
  done
  wait
  is "two at once: $i" \
    "$(sha256sum <image-a)$(sha256sum <image-b)" "$wanted$wanted"
  is "two at once, messages: $i" "$(cat messages-a messages-b)" ""
done

# Killed at any moment.
for wait in 0.2 0.3 0.4 0.5 0.6 0.7 0.8; do
  strata pack --store-root="$tmp/root" one two three --cache="$tmp/killed" \
    -o "$tmp/never" >/dev/null 2>&1 &
  pack=$!
  sleep "$wait"
  kill -KILL "$pack" 2>/dev/null || true
  wait "$pack" 2>/dev/null || true
  is "after SIGKILL at $wait s" "$(digest_of --cache="$tmp/killed")" "$wanted"
  rm -rf "$tmp/killed"
done

# A full disk.
mkdir small
if mount -t tmpfs -o size=1m none small 2>/dev/null; then
  head -c 900000 /dev/zero >small/filler
  rm -f image
  strata pack --store-root="$tmp/root" one two three -o image \
    --cache="$tmp/small/cache" >/dev/null 2>messages || true
  is "a nearly full disk" "$(sha256sum <image)" "$wanted"
  is "a nearly full disk: a warning at most" \
    "$(grep -v "^strata: warning: the cache is not used: " messages)" ""
  umount small
fi

plan
