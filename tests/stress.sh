#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Packs under stress: many threads and random delays, SIGKILL at random moments,
# disks that are full at random offsets, reads that fail.  The result is the
# right image or an error, never a wrong one, part of one, or a process that
# hangs, and the cache stays right.
#
# A few rounds of each; with STRATA_LONG=yes, 200 kills and 50 full disks.
# SEED=N repeats a run.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
CXX=${CXX:-c++} # with options, maybe
need_program strata "${CXX%% *}"
need_root

RANDOM=${SEED:=$$}
echo "# SEED=$SEED"
kills=8 disks=6 thread_counts=(1 3 16)
if [ -n "${STRATA_LONG-}" ]; then
  kills=200 disks=50 thread_counts=($(seq 16))
fi
compressors=(none gzip zstd xz:0)

mount -t tmpfs strata-test "$tmp"
cd "$tmp"
# shellcheck disable=SC2086
$CXX -std=c++20 -shared -fPIC -o shim.so \
  "$top_srcdir/tests/support/stress-shim.cc" -ldl
for name in one two three four; do
  mkdir -p "$name/small"
  { echo "$name"; seq 300000; } >"$name/$name-text"
  head -c 1000000 /dev/urandom >"$name/random-text"
  (cd "$name/small" && seq 2000 | split -l 10 -a 3)
  strata store add --store-root="$tmp/root" "$name-1.0" "$name" >/dev/null
done
pack=(strata pack --store-root="$tmp/root" one two three four -v 0)
sleep 2.1 # so that the cache trusts the times of the files

# sum FILE: of a file, or of the files of a folder.
sum ()
{
  if [ -d "$1" ]; then
    (cd "$1" && find . -type f -exec sha256sum {} + | sort -k 2)
  else
    sha256sum <"$1"
  fi
}

# one_of WORD...: sets $chosen; not in a subshell, which would draw alike.
one_of ()
{
  chosen=${*:RANDOM % $# + 1:1}
}

# choose: a random way of packing: sets $way, $options and $output.
choose ()
{
  one_of "${compressors[@]}"
  local compressor=$chosen
  one_of file file layout
  output=$chosen
  options=(-C "$compressor")
  if [ "$output" = layout ]; then
    case $compressor in
      xz*) output=file ;;
      *) options+=(-f oci) ;;
    esac
  fi
  way=$compressor-$output
  options+=(--jobs="$((RANDOM % 16 + 1))")
}

declare -A wanted length # length: KiB
for compressor in "${compressors[@]}"; do
  "${pack[@]}" -C "$compressor" --no-cache -o image >/dev/null
  wanted[$compressor-file]=$(sum image)
  length[$compressor-file]=$(du -k image | cut -f 1)
  case $compressor in xz*) continue ;; esac
  "${pack[@]}" -C "$compressor" --no-cache -f oci -o layout >/dev/null
  wanted[$compressor-layout]=$(sum layout)
  length[$compressor-layout]=${length[$compressor-file]}
  rm -rf layout
done
rm image

# --- Threads and delays.

for count in "${thread_counts[@]}"; do
  for compressor in "${compressors[@]}"; do
    LD_PRELOAD=$tmp/shim.so STRESS_DELAY=2000 timeout 120 \
      "${pack[@]}" -C "$compressor" --no-cache --jobs="$count" -o image \
      >/dev/null
    is "delays: $compressor, $count threads" "$(sum image)" \
      "${wanted[$compressor-file]}"
    rm -f image
  done
done

# --- SIGKILL.

# settle WHAT: nothing or the right image is there; the cache is whole, and the
# next image is right and without a message.
settle ()
{
  if [ -e "$output" ]; then
    is "$1: an image is whole" "$(sum "$output")" "${wanted[$way]}"
  fi
  run_strata cache verify --cache="$tmp/cache"
  is "$1: the cache is whole" "$status $err" "0 "
  rm -rf "$output"
  timeout 120 "${pack[@]}" "${options[@]}" --cache="$tmp/cache" -o "$output" \
    >/dev/null 2>messages || true
  is "$1: no message" "$(cat messages)" ""
  is "$1: the next image" "$(sum "$output")" "${wanted[$way]}"
  rm -rf "$output"
}

# The time that a way of packing takes without the cache, milliseconds.
declare -A time
for way in "${!wanted[@]}"; do
  options=(-C "${way%-*}" --no-cache)
  [ "${way##*-}" = file ] || options+=(-f oci)
  begin=$(date +%s%N)
  "${pack[@]}" "${options[@]}" -o "$tmp/out" >/dev/null
  time[$way]=$((($(date +%s%N) - begin) / 1000000))
  rm -rf "$tmp/out"
done

killed=0
for ((round = 1; round <= kills; round++)); do
  choose
  if ((RANDOM % 2)); then
    strata cache prune --cache="$tmp/cache" --max-size=0
  fi
  # In the foreground of a job of its own the command is one process.
  (exec "${pack[@]}" "${options[@]}" --cache="$tmp/cache" -o "$output") \
    >/dev/null 2>&1 &
  delay=$((RANDOM % time[$way]))
  sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  kill -KILL $! 2>/dev/null || true
  status=0
  wait $! 2>/dev/null || status=$?
  [ "$status" != 137 ] || killed=$((killed + 1))
  settle "kill $round, ${options[*]}"
done
# On what is in the cache already it is much quicker.
ok "some of $kills were killed ($killed)" test $((killed * 8)) -ge "$kills"

# --- Full disks.

full=0
for ((round = 1; round <= disks; round++)); do
  choose
  size=$((RANDOM * ${length[$way]} / 32768 + 4))
  mkdir disk
  mount -t tmpfs -o "size=${size}k" strata-disk disk
  # The image, its temporary files, or the cache.
  one_of image image temporary cache
  place=$chosen
  file=$output
  arguments=("${options[@]}" --cache="$tmp/cache")
  case $place in
    image) output=disk/$file ;;
    cache) arguments=("${options[@]}" --cache="$tmp/disk") ;;
  esac
  status=0
  TMPDIR=$([ "$place" = temporary ] && echo "$tmp/disk" || echo "$tmp") \
    timeout 120 "${pack[@]}" "${arguments[@]}" -o "$output" \
    >/dev/null 2>messages || status=$?
  what="full disk $round: $place, $size KiB, ${options[*]}"
  case $status in
    0)
      is "$what: the image" "$(sum "$output")" "${wanted[$way]}" ;;
    1)
      full=$((full + 1))
      like "$what: an error" "$(cat messages)" "No space left on device"
      ok "$what: no image" test ! -e "$output" ;;
    *)
      not_ok "$what: status $status" ;;
  esac
  if [ "$place" != cache ]; then
    is "$what: nothing else is left" \
      "$(find disk -mindepth 1 ! -path "disk/$file*")" ""
  fi
  rm -rf "$output"
  umount disk
  rmdir disk
  output=$file
  settle "$what"
done
ok "some disks were full ($full)" test "$full" -gt 0

# --- Reads that fail.

for compressor in "${compressors[@]}"; do
  for read in 1 2 $((RANDOM % 30 + 3)); do
    output=image
    way=$compressor-file
    options=(-C "$compressor" --jobs="$((RANDOM % 16 + 1))")
    strata cache prune --cache="$tmp/cache" --max-size=0
    status=0
    LD_PRELOAD=$tmp/shim.so STRESS_FAIL=$read timeout 120 "${pack[@]}" \
      "${options[@]}" --cache="$tmp/cache" -o image >/dev/null 2>messages ||
      status=$?
    is "read $read fails, $compressor: status" "$status" 1
    like "read $read fails, $compressor: the file is named" \
      "$(cat messages)" "-text': Input/output error"
    ok "read $read fails, $compressor: no image" test ! -e image
    settle "after read $read failed, $compressor"
  done
done

# --- What was killed leaves nothing once it is old.

find cache/fragments -type f -exec touch -d "2 hours ago" {} +
strata cache prune --cache="$tmp/cache"
is "nothing is left behind in the cache" \
  "$(find cache/fragments -type f | wc -l)" \
  "$(strata cache info --cache="$tmp/cache" | sed -n 's/^fragments: //p')"

plan
