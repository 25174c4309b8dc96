#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What the command tells of its time: --timings and -v 2.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

cd "$tmp"
mkdir one
seq 1000000 >one/text
strata store add --store-root="$tmp/root" one-1.0 one >/dev/null
sleep 2.1 # what is known of layers counts for files that are older
pack=(pack --store-root="$tmp/root" one --cache="$tmp/cache")

# activities FILE: the names of what is in the trace FILE, sorted.
# check-timings looks whether it is JSON.
activities ()
{
  grep -o '"name":"[a-z]*","ph":"X"' "$1" | cut -d '"' -f 4 | sort -u
}

# column NAME COLUMN: of the line about the activity NAME.
column ()
{
  printf '%s\n' "$err" | awk -v name="$1" -v column="$2" \
    '$1 == name { print $column }'
}

run_strata "${pack[@]}" -v 2 --timings=trace -o cold.tar
is "status and result" "$status:$out" 0:cold.tar
for activity in compress hash read write; do
  ok "the trace tells of '$activity'" grep -qx "$activity" <(activities trace)
done
like "sums: what was compressed" "$(column compress 2)" '^6[.,][0-9]$'
like "sums: speed" "$(column hash 5)" '^[0-9]+$'
like "the cache was empty" "$err" 'items from the cache: 0 of 2'

run_strata "${pack[@]}" -v 2 -o warm.tar
like "the second time nothing is missing" "$err" 'items from the cache: 2 of 2'
is "nothing but the root layer is compressed" "$(column compress 3)" KiB
like "no item is read" "$(column read 2)" '^(-|0.*)$'
same "the same image" cold.tar warm.tar
run_strata "${pack[@]}" -v 2 --no-cache -o other.tar
like "without a cache none is asked" "$err" 'items from the cache: 0 of 0'

# No trace without an image, and the other way round.
fails "no folder for the trace" "cannot .*'no/trace'" \
  "${pack[@]}" -o image.tar --timings=no/trace
ok "then there is no image" test ! -e image.tar
fails "one file for both" "'image.tar' cannot be both" \
  "${pack[@]}" -o image.tar --timings=image.tar
ok "neither is there" test ! -e image.tar
fails "an image that cannot be" "entry point" \
  "${pack[@]}" -o image.tar --timings=failed --entry-point=no
ok "then there is no trace" test ! -e failed
run_strata "${pack[@]}" -o image.tar --timings=/dev/stdout
like "a stream takes it" "$out" '^\{.*"traceEvents":\['
run_strata "${pack[@]}" -v 1 -o image.tar
is "without -v 2 nothing is shown" "$err" ""

plan
