#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What the cache knows of plain layers: their digests, as long as no file was
# touched since they were hashed.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata strace skopeo sqlite3

cd "$tmp"
for name in one two; do
  mkdir "$name"
  { echo "$name"; seq 100000; } >"$name/$name-text"
  strata store add --store-root="$tmp/root" "$name-1.0" "$name" >/dev/null
done
pack=(pack --store-root="$tmp/root" one two -C none -v 2)

# Files that changed a moment ago are not trusted.

# young NAME FOUND: packs items whose files were touched just now; so many of
# them are in the cache.  A slow machine takes longer than a moment.
young ()
{
  local began
  find root -name '*-text' -exec touch -d @1 {} +
  began=$(date +%s%N)
  run_strata "${pack[@]}" --cache="$tmp/young" -o image
  if [ $(($(date +%s%N) - began)) -lt 1900000000 ]; then
    like "$1" "$err" "items from the cache: $2 of 3"
  else
    skip "$1" "this machine is too slow"
  fi
}

young "young files: not known" 0
young "nor later; the profile is no file" 1
sleep 2.1

pack+=(--cache="$tmp/cache")
run_strata "${pack[@]}" --no-cache -o wanted
run_strata "${pack[@]}" -o cold
like "cold: nothing is known" "$err" 'items from the cache: 0 of 3'
run_strata "${pack[@]}" -o warm
like "warm: all is known" "$err" 'items from the cache: 3 of 3'
for file in cold warm; do
  same "$file: the same bytes" "$file" wanted
done
run_strata "${pack[@]}" --jobs=7 -o warm
same "with more threads" warm wanted

# reads COMMAND...: how often a text in an item is opened by it.
reads ()
{
  strace -f -o trace -e trace=openat "$@" >/dev/null 2>&1
  grep -c 'openat.*-text", O_RDONLY' trace || true
}

program=$(command -v strata)
is "a file: each is read once" "$(reads "$program" "${pack[@]}" -o warm)" 2
is "a stream: the same" "$(reads "$program" "${pack[@]}" -o -)" 2
is "a stream without a cache: twice" \
  "$(reads "$program" "${pack[@]}" --no-cache -o -)" 4
strata "${pack[@]}" -o - >streamed 2>/dev/null
same "the stream has the same bytes" streamed wanted
strata "${pack[@]}" -f oci -o layout >/dev/null 2>&1
is "an OCI layout that has them: no item is read" \
  "$(reads "$program" "${pack[@]}" -f oci -o layout)" 0
ok "the layout is good" strata inspect layout
blob=$(find layout/blobs -size +100k | head -n 1)
printf 'x' | dd of="$blob" bs=1 seek=1000 conv=notrunc status=none
is "a damaged blob: its item is read" \
  "$(reads "$program" "${pack[@]}" -f oci -o layout)" 1
ok "the layout is good again" strata inspect layout

# A file that was touched is hashed again, whatever its time says.
text=$(find root/gnu/store -name one-text)
chmod u+w "$text"
printf 'ONE' | dd of="$text" bs=1 conv=notrunc status=none
touch -d @1 "$text"
chmod u-w "$text"
run_strata "${pack[@]}" -o changed
like "a file that was changed: only its layer" "$err" \
  'items from the cache: 2 of 3'
ok "the image is right" skopeo inspect --raw "oci-archive:changed"
ok "so say all digests" strata inspect changed
run_strata "${pack[@]}" --no-cache -o wanted
same "it is what no cache gives" changed wanted

# An index that was damaged.
sleep 2.1
run_strata "${pack[@]}" -o cold
sqlite3 cache/index.sqlite \
  "UPDATE Layers SET digest = diff_id, diff_id = replace (diff_id, '1', '2')"
run_strata "${pack[@]}" -o warm
like "damaged rows are not believed" "$err" 'items from the cache: 0 of 3'
same "nor used" warm wanted

plan
