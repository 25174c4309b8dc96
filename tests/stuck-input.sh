#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# A signal ends what reads for long: a FIFO that nobody fills, where only
# SIGKILL helped, and a base image of which a small file becomes much, where it
# took as long as all the rest.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata gzip

cd "$tmp"
printf 'x\n' >file
strata store add --store-root="$tmp/root" tool-1.0 file >/dev/null
mkfifo fifo

# ends_by SIGNAL NAME ARGUMENT...: strata with ARGUMENTs, which would run for
# long, ends soon by SIGNAL.
ends_by ()
{
  local signal=$1 name=$2 status=0 tries=20
  shift 2
  env --default-signal=INT strata "$@" >out 2>err </dev/null &
  local command=$!
  sleep 1.5
  ok "$name, $signal: it runs" kill -0 "$command"
  kill -"$signal" "$command" || true
  while kill -0 "$command" 2>/dev/null && [ "$((tries--))" -gt 0 ]; do
    sleep 0.05
  done
  kill -KILL "$command" 2>/dev/null || true
  wait "$command" || status=$?
  is "$name, $signal: status" "$status" "$((128 + $(kill -l "$signal")))"
  [ "$status" = "$((128 + $(kill -l "$signal")))" ] || say err
}

exec 9<>fifo # a writer that sleeps
ends_by TERM "inspect, a FIFO whose writer sleeps" inspect fifo
exec 9<&-
for signal in INT TERM HUP; do
  ends_by "$signal" "inspect, a FIFO" inspect fifo
  ends_by "$signal" "stream, a FIFO" stream fifo
done
ends_by TERM "pack, a FIFO as base" pack --store-root="$tmp/root" \
  --base=fifo -o image.tar tool
ends_by TERM "pack, a FIFO as reference graph" pack --store-root="$tmp/root" \
  --reference-graph=fifo -o image.tar tool

# 20 GB of zeros in an archive of some MB.
mkdir image
printf '{"imageLayoutVersion":"1.0.0"}' >image/oci-layout
head -c 200000000 /dev/zero | gzip >zeros
for _ in {1..100}; do
  cat zeros
done >image/layer
tar -C image -cf base.tar .
ends_by TERM "pack, a large base" pack --store-root="$tmp/root" \
  --base=base.tar -o image.tar tool
ends_by INT "pack, a large base, only a plan" pack --store-root="$tmp/root" \
  --base=base.tar -n tool
not_ok "nothing is left" test -e image.tar

# What comes late is read all the same.
strata pack --store-root="$tmp/root" -o good.tar tool >/dev/null 2>&1
strata inspect good.tar >expected
{ sleep 0.5; head -c 1000; sleep 0.5; cat; } <good.tar >fifo &
ok "inspect, a slow FIFO" bash -c 'strata inspect fifo >found'
wait
same "inspect, a slow FIFO: the same" <(sed 's/fifo/good.tar/' found) expected
plan
