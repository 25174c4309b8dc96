#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Two versions of a real image, one library of which was rebuilt, with all that
# depends on it or with what refers to it: what `strata plan` foretold is what
# is re-sent, as a registry and Docker's engine count it.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh"
need_program strata jq sqlite3 skopeo
use_demo_store
start_dockerd
start_registry

store=$tmp/store
cp -a "$demo_store" "$store"
library=libpcre2-8-0-10.42
packages="bash coreutils hello"
options=(--store-root="$store" --max-layers=6)

# item NAME: the path of the item of that name.
item ()
{
  strata store query requisites --store-root="$demo_store" $packages |
    grep -- "-$1\$"
}

# requisites ITEM...: the closure, references first.
requisites ()
{
  strata store query requisites --store-root="$store" "$@"
}

# rebuild ITEM: adds another build of ITEM, of the same size, in which the items
# of ${new[...]} are referred to in their new builds; sets ${new[ITEM]}.
declare -A new
graft=
rebuild ()
{
  local folder=$tmp/build old
  rm -rf "$folder"
  cp -a "$store$1" "$folder"
  chmod -R u+w "$folder"
  for old in "${!new[@]}"; do
    find "$folder" -type f -exec sed -i "s|$(basename "$old")|$(
      basename "${new[$old]}")|g" {} +
    find "$folder" -type l | while read -r link; do
      ln -sfn "$(readlink "$link" | sed "s|$old|${new[$old]}|")" "$link"
    done
  done
  # The library itself: its last byte, which no program loads.
  if [ "$1" = "$changed" ]; then
    find "$folder" -type f -name '*.so*' | while read -r file; do
      printf %s "$kind" | head -c 1 | dd of="$file" bs=1 seek=$(($(stat -c %s "$file") - 1)) \
        conv=notrunc status=none
    done
  fi
  name=$(basename "$1")
  new[$1]=$(strata store add --store-root="$store" "${name:33}" "$folder")
}

# refer_to_new: lets the database say that all refer to the new builds.
refer_to_new ()
{
  local old
  for old in "${!new[@]}"; do
    echo "UPDATE OR REPLACE Refs
          SET reference = (SELECT id FROM ValidPaths WHERE path = '${new[$old]}')
          WHERE reference = (SELECT id FROM ValidPaths WHERE path = '$old')
            AND referrer != reference;"
  done | sqlite3 "$store/var/guix/db/db.sqlite"
}

# blobs IMAGE: digests of the layers of IMAGE in the registry, and their sizes.
blobs ()
{
  skopeo inspect --raw --tls-verify=false "docker://$registry/$1" |
    jq -r '.layers[] | "\(.digest) \(.size)"' | sort
}

# stored: the bytes of all blobs that the registry has.
stored ()
{
  find "$tmp/registry/data/docker/registry/v2/blobs" -name data -printf '%s\n' |
    awk '{ sum += $1 } END { print sum + 0 }'
}

# documents IMAGE: the bytes of its config and its manifest in the registry.
documents ()
{
  skopeo inspect --raw --tls-verify=false "docker://$registry/$1" \
    >"$tmp/manifest"
  echo $(($(wc -c <"$tmp/manifest") + $(jq .config.size "$tmp/manifest")))
}

push ()
{
  skopeo --insecure-policy copy -q --dest-tls-verify=false \
    --preserve-digests "oci-archive:$1" "docker://$registry/$2"
}

# known_layers: how many layers the engine has.
known_layers ()
{
  find "$tmp/docker/data/image/overlay2/layerdb/sha256" -mindepth 1 -maxdepth 1 |
    wc -l
}

# pulled IMAGE: how many layers the engine pulls for it.
pulled ()
{
  docker pull "$registry/$1" | grep -c ': Pull complete$'
}

changed=$(item "$library")
ok "the first image" strata pack "${options[@]}" --image-tag=demo:1 \
  -o "$tmp/1.tar" $packages
strata plan "${options[@]}" --format=json --explain="$changed" $packages \
  >"$tmp/foretold"
push "$tmp/1.tar" demo:1
# Pulled before it is loaded: else the engine does not learn what its layers are
# called in a registry.
ok "it is pulled" docker pull "$registry/demo:1"
docker load -q -i "$tmp/1.tar" >/dev/null
is "it works" "$(docker run --rm --network none demo:1 hello)" "Hello, world!"

# update KIND OLD...: OLD items are built anew, the library first, and a second
# image is made of what is there then.
update ()
{
  local kind=$1 image=$tmp/$1.tar old wanted=()
  shift
  new=()
  for old; do rebuild "$old"; done
  [ -z "$graft" ] || refer_to_new
  for old in $packages; do
    old=$(item "$old-[0-9.]*")
    wanted+=("${new[$old]-$old}")
  done
  ok "$kind: the second image" strata pack "${options[@]}" -v 1 \
    --image-tag="demo:$kind" --previous="$tmp/1.tar" -o "$image" \
    "${wanted[@]}"
  strata diff --format=json "$tmp/1.tar" "$image" >"$tmp/difference"

  local before after sent
  before=$(stored)
  push "$image" "demo:$kind"
  after=$(stored)
  sent=$((after - before - $(documents "demo:$kind")))
  is "$kind: the registry got as many bytes as the difference says" \
    "$sent" "$(jq .pulled_blob_size "$tmp/difference")"
  is "$kind: these layers" \
    "$(comm -13 <(blobs demo:1) <(blobs "demo:$kind") | wc -l)" \
    "$(jq '[.after.layers[] | select(.in_both | not)] | length' \
         "$tmp/difference")"

  # A layer is known to the engine if it and all below it are those of the first
  # image.
  local new_layers
  new_layers=$(jq '[.before.layers, .after.layers | map(.diff_id)] as [$a, $b]
    | [range($b | length) | $a[:. + 1] != $b[:. + 1] | select(.)] | length' \
    "$tmp/difference")
  before=$(known_layers)
  is "$kind: the engine pulls what is not common" "$(pulled "demo:$kind")" \
    "$new_layers"
  is "$kind: it keeps as many new layers" "$(known_layers)" \
    "$((before + new_layers))"
  is "$kind: the common layers lie lowest" \
    "$(jq -c '[.after.layers[:-1][].in_both]' "$tmp/difference")" \
    "$(jq -c '[.after.layers[:-1][].in_both] | sort | reverse' \
         "$tmp/difference")"
  before=$(known_layers)
  docker load -q -i "$image" >/dev/null
  is "$kind: of the archive it then takes nothing more" "$(known_layers)" \
    "$before"
  is "$kind: the image works" \
    "$(docker run --rm --network none "demo:$kind" hello)" "Hello, world!"
  docker rmi -f "demo:$kind" "$registry/demo:$kind" >/dev/null
}

# foretold KIND FIELD
foretold ()
{
  jq ".explanation.$1.$2" "$tmp/foretold"
}

# --- Built anew with all that depends on it.

dependents=()
for path in $(requisites $packages); do
  if requisites "$path" | grep -qx "$changed"; then
    dependents+=("$path")
  fi
done
update rebuilt "${dependents[@]}"
is "rebuilt: the items that were foretold, and the profile" \
  "$(jq '.changes | length' "$tmp/difference")" \
  "$(foretold rebuilt 'items | length')"
is "rebuilt: their bytes" "$(jq .least_size "$tmp/difference")" \
  "$(foretold rebuilt item_size)"
is "rebuilt: the bytes that are sent" "$(jq .pulled_size "$tmp/difference")" \
  "$(foretold rebuilt layer_size)"

# --- Built anew with what refers to it; what refers to that stays as it is.

referrers=()
for path in $(strata store query referrers --store-root="$demo_store" \
                "$changed"); do
  [ "$path" = "$changed" ] || referrers+=("$path")
done
graft=yes
update grafted "$changed" "${referrers[@]}"
is "grafted: the items that were foretold" \
  "$(jq '.changes | length' "$tmp/difference")" \
  "$(foretold grafted 'items | length')"
is "grafted: their bytes" "$(jq .least_size "$tmp/difference")" \
  "$(foretold grafted item_size)"
is "grafted: the bytes that are sent" "$(jq .pulled_size "$tmp/difference")" \
  "$(foretold grafted layer_size)"
ok "more is sent with all that depends on it" test \
  "$(foretold rebuilt layer_size)" -gt "$(foretold grafted layer_size)"

plan
