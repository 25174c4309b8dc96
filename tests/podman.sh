#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Podman loads images and runs programs in them.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_root
need_program podman runc
use_demo_store

items=(bash coreutils hello)
pipeline='echo b a | tr " " "\n" | sort | head -n 1'

# in_image TAG COMMAND...: prints what COMMAND prints in a container.
in_image ()
{
  run_podman run "${podman_run[@]}" "$@" 2>&1 </dev/null
}

# loads_and_runs NAME TAG ARGUMENT...: what `podman load ARGUMENT...` reads.
loads_and_runs ()
{
  local name=$1 tag=$2
  shift 2
  ok "$name: load" run_podman load "$@"
  is "$name: hello" "$(in_image "$tag" hello)" "Hello, world!"
  is "$name: pipeline" "$(in_image "$tag" bash -c "$pipeline")" "a"
  ok "$name: remove" run_podman image rm --force "$tag"
}

for compression in none gzip zstd; do
  for layers in 1 5 100; do
    name="$compression, at most $layers"
    ok "$name: pack" strata pack --store-root="$demo_store" \
       --max-layers="$layers" -C "$compression" -o "$tmp/image.tar" \
       --image-tag=example.org:5000/demo:1 "${items[@]}"
    loads_and_runs "$name" example.org:5000/demo:1 --input "$tmp/image.tar"
  done
done

for compression in xz:1 bzip2:1; do
  ok "$compression: pack" strata pack --store-root="$demo_store" \
     -C "$compression" -o "$tmp/image.tar" --image-tag=demo:1 "${items[@]}"
  loads_and_runs "$compression" demo:1 --input "$tmp/image.tar"
done

ok "OCI directory: pack" strata pack --store-root="$demo_store" -f oci \
   -o "$tmp/layout" --image-tag=example.org:5000/demo:1 \
   --entry-point=bin/hello -A --greeting -A hi "${items[@]}"
# Podman makes a name of the folder's, which must not have capitals.
cd "$tmp"
ok "OCI directory: pull" run_podman pull oci:layout:1
id=$(run_podman image ls --quiet)
is "OCI directory: entry point with arguments" "$(in_image "$id")" "hi"
is "/tmp" "$(in_image --entrypoint stat "$id" --format '%a %u %g' /tmp)" \
   "1777 0 0"

plan
