#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# All that reads what comes from outside, given what nobody thought of: 10 s
# for each fuzzer, 10 minutes with STRATA_LONG in the environment.  What was
# found once is in the corpus, and is tried first.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1

seconds=10 seed=1 slack=60
[ -z "${STRATA_LONG-}" ] || { seconds=600 seed=$((RANDOM + 1)); }
sources=$top_srcdir/tests/fuzz
corpora=$sources/corpus
programs=$top_builddir/tests/fuzz-build
fuzzers="base-image image-parts json reference-graph saved-plan store-rows"
limits=(-timeout=5 -rss_limit_mb=1024 -max_len=65536)
largest_guile=1500000 # KiB of addresses, of which Guile reserves some

# --- Build.

export FUZZ_CXX=
for name in clang++ clang++-14; do
  command -v "$name" >/dev/null || continue
  echo 'extern "C" int LLVMFuzzerTestOneInput(const char *, long) { return 0; }' \
    >"$tmp/try.cc"
  "$name" -std=c++20 -fsanitize=fuzzer,address,undefined -o "$tmp/try" \
    "$tmp/try.cc" 2>/dev/null && FUZZ_CXX=$name && break
done
[ -n "$FUZZ_CXX" ] || skip_all "clang++ with libFuzzer is missing"
mkdir -p "$programs"
ok "the fuzzers are built" "${MAKE:-make}" -C "$programs" \
  -f "$sources/build.mk" -j "$(nproc)" SOURCE="$top_srcdir" FUZZ_CXX="$FUZZ_CXX"
[ "$failure_count" = 0 ] || plan

# --- How they are run.

# show_input FILE: what to try again.
show_input ()
{
  [ -e "$1" ] || return 0
  echo "the input, in base64:"
  base64 -w 76 "$1"
}

# fuzz NAME OPTION...: runs a fuzzer on its corpus.
fuzz ()
{
  local work=$tmp/$1 status=0
  mkdir -p "$work/found"
  (cd "$work" && TMPDIR=$work timeout -k 10 $((seconds + slack)) \
     "$programs/$1" "${limits[@]}" -seed="$seed" "${@:2}" \
     -artifact_prefix="$work/input-" "$work/found" "$corpora/$1") \
    >"$work/log" 2>&1 || status=$?
  tail -n 40 "$work/log"
  for input in "$work"/input-*; do show_input "$input"; done
  return "$status"
}

# accept NAME: a fuzzer accepts what is right.
accept ()
{
  STRATA_FUZZ_STRICT=1 "$programs/$1" "${limits[@]}" \
    "$corpora/$1"/good-*
}

# fuzz_manifests SECONDS FILE...: the one in Scheme.
fuzz_manifests ()
{
  local status=0
  (ulimit -v "$largest_guile"
   timeout -k 10 $(($1 + slack)) ${GUILE:-guile} --no-auto-compile \
     "$sources/manifests.scm" "$tmp/manifest" "$seed" "$@") || status=$?
  [ "$status" = 0 ] || show_input "$tmp/manifest"
  return "$status"
}

# --- The faults that shall be found are found, and told with the input.

# found FAULT PATTERN
found ()
{
  printf %s "$1" >"$tmp/fault"
  not_ok "a fault is found: $1" run_broken
  like "it is called by its name: $1" "$(cat "$tmp/broken.log")" "$2"
}

run_broken ()
{
  "$programs/broken" "${limits[@]}" -artifact_prefix="$tmp/broken-" \
    "$tmp/fault" >"$tmp/broken.log" 2>&1
}

found overflow 'AddressSanitizer: heap-buffer-overflow'
found undefined 'runtime error: signed integer overflow'
found leak 'LeakSanitizer: detected memory leaks'
found hang 'ERROR: libFuzzer: timeout'
found memory 'ERROR: libFuzzer: out-of-memory'
found exception 'not an Error'
found unreadable 'wrong: an error with control characters'
mkdir -p "$tmp/corpora/broken"
printf exception >"$tmp/corpora/broken/input"
like "the input of a fault is told" \
  "$(corpora=$tmp/corpora fuzz broken -max_total_time=1)" '^ZXhjZXB0aW9u$'
printf refused >"$tmp/fault"
ok "an error is no fault" "$programs/broken" "$tmp/fault"
not_ok "but where none may be" env STRATA_FUZZ_STRICT=1 "$programs/broken" \
  "$tmp/fault"

printf '%s' '(manifest' >"$tmp/good-not"
not_ok "what must be a manifest and is none" fuzz_manifests 0 "$tmp/good-not"
like "the input that is none is told" "$(fuzz_manifests 0 "$tmp/good-not" 2>/dev/null)" \
  '^KG1hbmlmZXN0$'

# --- Fuzzing.

for name in $fuzzers; do
  ok "$name: accepts what is right" accept "$name"
  ok "$name: all is well for $seconds s" fuzz "$name" -max_total_time="$seconds"
done
ok "manifests: accepts what is right" \
  fuzz_manifests 0 "$corpora"/manifests/*
ok "manifests: all is well for $seconds s" \
  fuzz_manifests "$seconds" "$corpora"/manifests/*
plan
