#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The plan of an image survives engines and copies, which serve as previous
# images then.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_program skopeo jq
use_demo_store
start_dockerd

# pack OUTPUT ARGUMENT...: sets $report.
pack ()
{
  strata pack --store-root="$demo_store" --strategy=expected --max-layers=8 \
    --image-tag=label:1 -o "$@" bash hello >/dev/null 2>"$tmp/report"
  report=$(<"$tmp/report")
}

pack "$tmp/image.tar"
plan=$(tar -xOf "$tmp/image.tar" \
         "$(tar -xOf "$tmp/image.tar" manifest.json | jq -r '.[0].Config')" |
         jq -r '.config.Labels["org.gnu.strata.plan"]')
like "the image has a plan" "$plan" '^\{"version":1,'

# kept NAME FILE: FILE as previous image keeps all layers.
kept ()
{
  pack "$tmp/again.tar" --previous="$2"
  like "$1: all layers are kept" "$report" 'kept: ([0-9]+) of \1 layers'
  same "$1: the image is the same" "$tmp/again.tar" "$tmp/image.tar"
}

ok "docker loads it" docker load --quiet --input "$tmp/image.tar"
is "docker shows the plan" \
  "$(docker image inspect \
       --format '{{index .Config.Labels "org.gnu.strata.plan"}}' label:1)" \
  "$plan"
ok "docker saves it" docker save --output "$tmp/saved.tar" label:1
kept "what docker saved" "$tmp/saved.tar"

copy ()
{
  skopeo --insecure-policy copy --quiet "$@"
}

ok "skopeo copies it to a layout" \
  copy "docker-archive:$tmp/image.tar" "oci:$tmp/layout:1"
kept "what skopeo copied" "$tmp/layout"
ok "skopeo copies it to an archive" \
  copy "docker-archive:$tmp/image.tar" "docker-archive:$tmp/copied.tar:label:1"
kept "an archive of skopeo's" "$tmp/copied.tar"
ok "skopeo copies it to a layout as an archive" \
  copy "docker-archive:$tmp/image.tar" "oci-archive:$tmp/oci.tar:1"
kept "a layout in an archive" "$tmp/oci.tar"
gzip -k "$tmp/saved.tar"
kept "a compressed archive" "$tmp/saved.tar.gz"

# --- A large image: what is read are documents.

# bytes_read FILE: of FILE, to plan with it as previous image.
bytes_read ()
{
  strace -f -qq -e trace=read,pread64 -P "$1" -o "$tmp/trace" \
    strata pack --store-root="$demo_store" --strategy=expected -n \
    --previous="$1" hello >/dev/null 2>&1
  grep -oE '= [0-9]+$' "$tmp/trace" | awk '{ sum += $2 } END { print sum + 0 }'
}

if command -v strace >/dev/null; then
  mkdir "$tmp/big"
  tar -xf "$tmp/image.tar" -C "$tmp/big"
  truncate -s 1G "$tmp/big/zeros"
  tar -cf "$tmp/big.tar" -C "$tmp/big" .
  bytes=$(bytes_read "$tmp/big.tar")
  ok "of an image of 1 GiB little is read: $bytes bytes" \
    test "$bytes" -gt 0 -a "$bytes" -lt 30000000
else
  skip "how much of a large image is read" "strace is missing"
fi

# --- A label of layers that are not there, as after a squash.

mkdir "$tmp/less"
tar -xf "$tmp/image.tar" -C "$tmp/less"
cd "$tmp/less"
config=$(jq -r '.[0].Config' manifest.json)
layer=$(jq -r '.[0].Layers[0]' manifest.json)
jq -c '.rootfs.diff_ids |= .[:1] | del(.history)' "$config" >new
config=$(sha256sum <new | cut -c -64).json
mv new "$config"
jq -c --arg config "$config" --arg layer "$layer" \
  '.[0].Config = $config | .[0].Layers = [$layer]' manifest.json >new
mv new manifest.json
tar -chf "$tmp/less.tar" manifest.json "$config" "$layer"
cd "$tmp"
pack "$tmp/again.tar" --previous="$tmp/less.tar"
like "a label of other layers" "$report" \
  "less.tar' is not used: it has more layers than the image"
like "a label of other layers: one layer is kept" "$report" \
  'kept: 1 of [0-9]+ layers'

plan
