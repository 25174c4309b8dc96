#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The cache of the command: where it is, several processes at once, SIGKILL, a
# full disk; the image is the same each time.  What strata cache does with it.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

cd "$tmp"
for name in one two three; do
  mkdir "$name"
  { echo "$name"; seq 700000; } >"$name/$name-text"
  strata store add --store-root="$tmp/root" "$name-1.0" "$name" >/dev/null
done
sleep 2.1 # what is known of layers counts for files that are older

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

# strata cache.
cache=$tmp/upkeep
# pack ITEM...: with that cache.
pack ()
{
  strata pack --store-root="$tmp/root" "$@" -o "$tmp/image" \
    --cache="$cache" >/dev/null
}
# cache_field NAME: what `strata cache info` says.
cache_field ()
{
  strata cache info --cache="$cache" | sed -n "s/^$1: //p"
}
# verified: the exit status of `strata cache verify`, and its messages.
verified ()
{
  run_strata cache verify --cache="$cache"
  echo "$status $err"
}
fragments ()
{
  (cd "$cache/fragments" && ls -A)
}

for action in info verify prune; do
  run_strata cache "$action" --cache="$tmp/no-cache"
  is "no cache there: $action" "$status $err" "0 "
done
ok "none is made" test ! -e "$tmp/no-cache"
is "info: no cache" "$(strata cache info --cache="$tmp/no-cache" | head -n 4)" \
  "cache: $tmp/no-cache
fragments: 0
layers: 0
size: 0.0 KiB"

pack one
ok "something is kept" test "$(cache_field fragments)" -gt 0
is "info: fragments" "$(cache_field fragments)" "$(fragments | wc -l)"
is "info: limit" "$(cache_field limit)" "10.0 GiB"
like "info: size" "$(cache_field size)" '^[1-9][0-9]*\.[0-9] [KM]iB$'
is "info: the usual cache" "$(strata cache info | head -n 1)" \
  "cache: $XDG_CACHE_HOME/strata"
is "verify: all is well" "$(verified)" "0 "

# damage FILE: changes a byte in the middle.
damage ()
{
  local half
  half=$(($(stat -c %s "$1") / 2))
  dd if="$1" bs=1 skip="$half" count=1 status=none |
    tr '\000-\377' '\001-\377\000' >"$tmp/byte"
  dd if="$tmp/byte" of="$1" bs=1 seek="$half" conv=notrunc status=none
}
# After each of these, verify tells it once, and a pack makes the right image.
one=$(strata pack --store-root="$tmp/root" one -o "$tmp/image" --no-cache \
        >/dev/null && sha256sum <"$tmp/image")
# found NAME PATTERN COMMAND...: after COMMAND; PATTERN is for the message.
found ()
{
  local name=$1 pattern=$2
  shift 2
  pack one
  "$@"
  pack one
  is "$name: pack makes the image" "$(sha256sum <"$tmp/image")" "$one"
  is "$name: pack repairs it" "$(verified)" "0 "
  "$@"
  run_strata cache verify --cache="$cache"
  is "$name: verify, status" "$status" 1
  like "$name: verify, message" "$err" "$pattern"
  is "$name: verify repairs it" "$(verified)" "0 "
  pack one
  is "$name: the image after verify" "$(sha256sum <"$tmp/image")" "$one"
}
file=$cache/fragments/$(fragments | head -n 1)
found "a changed byte" \
  "^strata: error: $file: it was damaged, and is removed$" \
  damage "$file"
found "a short fragment" "^strata: error: $file: it was damaged" \
  truncate -s -1 "$file"
found "an empty fragment" "^strata: error: $file: it was damaged" \
  truncate -s 0 "$file"
found "a missing fragment" "^strata: error: $file: it is missing$" rm -f "$file"
# overwrite_index: as a power cut may.
overwrite_index ()
{
  rm -f "$cache"/index.sqlite*
  seq 10000 >"$cache/index.sqlite"
}
found "an index that is none" \
  "^strata: error: $cache/index.sqlite: it was damaged, and is removed$" \
  overwrite_index
if type sqlite3 >/dev/null 2>&1; then
  found "a changed row" \
    "^strata: error: $cache/index.sqlite: 1 damaged row is removed$" \
    sqlite3 "$cache/index.sqlite" "UPDATE Fragments SET size = size + 1
     WHERE key = (SELECT min(key) FROM Fragments)"
fi

# Pruning.
rm -rf "$cache"
pack one
fragments >old-fragments
sleep 1.1
pack two
fragments >all-fragments
comm -13 old-fragments all-fragments >new-fragments
ok "two items are kept" test -s new-fragments
sleep 1.1
pack one
strata cache prune --cache="$cache"
is "prune: nothing above the limit" "$(fragments)" "$(cat all-fragments)"
strata cache prune --cache="$cache" --max-size=1G
is "prune: a size that is kept" "$(fragments)" "$(cat all-fragments)"
bytes=$(cat "$cache"/fragments/* | wc -c)
strata cache prune --cache="$cache" --max-size="$bytes"
is "prune: just that size" "$(fragments)" "$(cat all-fragments)"
strata cache prune --cache="$cache" --max-size=$((bytes - 1))
ok "prune: less than there is" \
  test "$(cat "$cache"/fragments/* | wc -c)" -lt "$bytes"
is "prune: least recently used goes first" \
  "$(fragments | comm -13 - old-fragments)" ""
bytes=$(cd "$cache/fragments" && xargs cat <"$tmp/old-fragments" | wc -c)
strata cache prune --cache="$cache" --max-size="$bytes"
is "prune: what was used last stays" "$(fragments)" "$(cat old-fragments)"
is "prune: the rest is whole" "$(verified)" "0 "

# What others have left.  What is young may be in use, and what has another
# name is not ours.
left=$(printf '%064d' 0)
for name in "$left" .strata-1-2-3 notes; do
  : >"$cache/fragments/$name"
  touch -d "2 hours ago" "$cache/fragments/$name"
done
: >"$cache/fragments/.strata-4-5-6"
strata cache prune --cache="$cache"
is "prune: leftovers" "$(fragments)" \
  "$(printf '%s\n' .strata-4-5-6 notes | cat - old-fragments | sort)"
rm "$cache/fragments/.strata-4-5-6" "$cache/fragments/notes"
strata cache prune --cache="$cache" --max-size=0
is "prune: all" "$(fragments)" ""
is "prune: all is forgotten" "$(cache_field fragments) $(cache_field layers)" \
  "0 0"
pack one
rm "$cache"/index.sqlite*
touch -d "2 hours ago" "$cache"/fragments/*
strata cache prune --cache="$cache"
is "prune: no index" "$(fragments)" ""
pack one
if chattr +i "$cache/fragments" 2>/dev/null; then
  run_strata cache prune --cache="$cache" --max-size=0
  is "prune: what cannot be removed, status" "$status" 1
  like "prune: what cannot be removed, message" "$err" \
    "^strata: error: cannot remove '$cache/fragments/[0-9a-f]*': Operation not"
  ok "prune: what cannot be removed is not forgotten" \
    test "$(cache_field fragments)" -gt 0
  chattr -i "$cache/fragments"
fi
rm -r "$cache/fragments"
ok "prune: no folder of fragments" strata cache prune --cache="$cache"
pack one
is "the image after all that" "$(sha256sum <"$tmp/image")" "$one"

for size in "" . 1.2.3 x 1X -1 1e3 "1 M" 1.5Gi 1MIB 8388608T \
            99999999999999999999; do
  fails "bad size: '$size'" \
    "^strata: error: --max-size: '$size' is not a size such as" \
    cache prune --max-size="$size" --cache="$cache"
done
for size in 0 0K .5M 1.5GiB 1kB 8388607T; do
  ok "size: $size" strata cache prune --max-size="$size" --cache="$tmp/no-cache"
done
fails "no action" "missing action" cache
fails "unknown action" "unknown action 'clean'" cache clean
fails "an operand" "extra operand 'x'" cache info x
fails "--max-size is for prune" "unknown option '--max-size'" \
  cache info --max-size=1
for action in info verify prune; do
  fails "$action: an empty name" "--cache: '' is the name of no file" \
    cache "$action" --cache=
done
nowhere ()
{
  env -u XDG_CACHE_HOME -u HOME strata cache info 2>&1
}
like "no folder for it" "$(nowhere)" \
  '^strata: error: there is no folder for the cache$'
chmod g+w "$cache"
for action in info verify prune; do
  fails "$action: others can write to it" "other users can write to it" \
    cache "$action" --cache="$cache"
done
chmod g-w "$cache"

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

# An image of 8 MiB that does not shrink.
mkdir large
head -c 4M /dev/urandom >large/text
strata store add --store-root="$tmp/root" large-1.0 large >/dev/null
head -c 4M /dev/urandom >large/text
mv large/text large/other
strata store add --store-root="$tmp/root" larger-1.0 large >/dev/null
# pack_small OPTION...: both, on that disk.
pack_small ()
{
  strata pack --store-root="$tmp/root" large larger -o small/image.tar "$@" \
    >/dev/null 2>messages && rm small/image.tar
}
# on_disk SIZE COMMAND...: with a new disk of SIZE.
on_disk ()
{
  local status=0
  mount -t tmpfs -o "size=$1" none small || return 1
  "${@:2}" || status=$?
  umount small
  return "$status"
}
cached_beside_image ()
{
  pack_small --no-cache || { cat messages; return 1; }
  pack_small --cache="$tmp/small/cache" || { cat messages; return 1; }
}
# The cache has all, and there is no room for the image.
cache_gives_way ()
{
  pack_small --cache="$tmp/small/cache" &&
    head -c "$(($(df -B1 --output=avail small | tail -n 1) - 3000000))" \
      /dev/zero >small/filler &&
    [ "$(du -m small/cache | tail -n 1 | cut -f 1)" -ge 8 ] &&
    pack_small "$@" --cache="$tmp/small/cache"
  status=$?
  cat messages
  return "$status"
}
prune_full_disk ()
{
  pack_small --cache="$tmp/small/cache" &&
    { cat /dev/zero >small/filler 2>/dev/null || true; } &&
    strata cache prune --cache="$tmp/small/cache" --max-size=0 &&
    [ -z "$(ls small/cache/fragments)" ]
}
if on_disk 1m true 2>/dev/null; then
  for size in 9 10 11 12 13 14 15 16 17 18 20; do
    ok "the cache leaves room for an image: ${size} MiB" \
      on_disk "${size}m" cached_beside_image
  done
  ok "the cache gives way" on_disk 24m cache_gives_way
  ok "the cache gives way to a plain image" \
    on_disk 24m cache_gives_way --compression=none
  ok "a cache on a full disk is pruned" on_disk 24m prune_full_disk
fi

plan
