#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Updates and siblings, end to end: an image of a store in which one item and
# all that refers to it changed keeps the layers that are whole, wherever the
# plan of the previous image is found; and images of a fleet share layers.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata jq sqlite3 openssl

store=$tmp/store
plans=(--strategy=expected --max-layers=6)

# item NAME KIBIBYTES REFERENCE...: adds an item; prints its path.
item ()
{
  rm -rf "$tmp/item"
  mkdir -p "$tmp/item/bin"
  # Bytes that do not shrink, the same ones for a name.
  openssl enc -aes-128-ctr -nosalt -K "$(printf %s "$1" | md5sum | cut -c 1-32)" \
    -iv 00000000000000000000000000000000 -in /dev/zero 2>/dev/null |
    head -c $(($2 * 1024)) >"$tmp/item/bin/${1%%-*}" || true
  printf '%s\n' "${@:3}" >"$tmp/item/references"
  strata store add --store-root="$store" "$1" "$tmp/item"
}

# versions LIBRARY: a system of which LIBRARY is one item; sets `top` and `side`.
versions ()
{
  local libc zlib ssl shell tools
  libc=$(item libc-2 600)
  zlib=$(item zlib-1 90 "$libc")
  ssl=$(item "$1" 300 "$libc" "$zlib")
  shell=$(item shell-5 250 "$libc")
  tools=$(item tools-9 400 "$libc" "$shell")
  curl=$(item curl-8 120 "$libc" "$ssl" "$zlib")
  docs=$(item docs-1 200)
  top=$(item app-3 80 "$tools" "$curl" "$docs" "$shell")
  side=$(item side-1 70 "$tools" "$zlib" "$shell")
}

# pack OUTPUT OPTION... ITEM: `strata pack`; its report is in $report.
pack ()
{
  strata pack --store-root="$store" --no-cache -o "$1" "${plans[@]}" "${@:2}" \
    >/dev/null 2>"$tmp/report" || { say "$tmp/report"; return 1; }
  report=$(<"$tmp/report")
}

# layers IMAGE: the diff_ids of its layers.
layers ()
{
  configuration "$1" | jq -r '.rootfs.diff_ids[]'
}

# configuration IMAGE: the configuration of an archive or a layout.
configuration ()
{
  local manifest
  if [ -d "$1" ]; then
    manifest=$(jq -r '.manifests[0].digest' "$1/index.json")
    jq . "$1/blobs/sha256/$(jq -r '.config.digest' \
      "$1/blobs/sha256/${manifest#sha256:}" | cut -d : -f 2)"
  else
    tar -xOf "$1" "$(tar -xOf "$1" manifest.json | jq -r '.[0].Config')"
  fi
}

# label IMAGE: its plan.
label ()
{
  configuration "$1" | jq -r '.config.Labels["org.gnu.strata.plan"]'
}

# common A B: how many layers both have.
common ()
{
  comm -12 <(layers "$1" | sort) <(layers "$2" | sort) | wc -l
}

# shared A B: how many items are in layers that both have.
shared ()
{
  comm -12 <(label "$1" | jq -c '.layers[] | map(.[0])' | sort) \
           <(label "$2" | jq -c '.layers[] | map(.[0])' | sort) |
    jq -s 'add | length'
}

# --- The plan is in the image.

versions ssl-3.0.1
old=$top
pack "$tmp/v1.tar" "$old"
is "nothing is told without a previous image" "$report" ""
is "the label is JSON of version 1" "$(label "$tmp/v1.tar" | jq .version)" 1
is "it has the store" "$(label "$tmp/v1.tar" | jq -r .store)" /gnu/store
is "it has all items, and the profile" \
  "$(label "$tmp/v1.tar" | jq '.layers | add | length')" 9
is "sizes are those of the database" \
  "$(label "$tmp/v1.tar" | jq '[.layers[][] | select(.[0] | contains("-libc-"))[1]] | add')" \
  "$(sqlite3 "$store/var/guix/db/db.sqlite" \
       "select narSize from ValidPaths where path like '%-libc-2'")"
pack "$tmp/v1-layout" -f oci "$old"
is "a layout has the same" "$(label "$tmp/v1-layout")" "$(label "$tmp/v1.tar")"

# What the graph comes from does not matter.
strata store query --store-root="$store" requisites "$old" | sort |
  while read -r path; do
    mapfile -t list < <(strata store query --store-root="$store" references "$path")
    printf '%s\n' "$path" '' "${#list[@]}" "${list[@]}"
  done >"$tmp/graph"
pack "$tmp/from-graph.tar" --reference-graph="$tmp/graph" "$old"
same "the same image from a reference graph" "$tmp/from-graph.tar" "$tmp/v1.tar"

# --- An update.

for previous in v1.tar v1-layout; do
  pack "$tmp/again.tar" --previous="$tmp/$previous" "$old"
  same "nothing new, nothing changed: $previous" "$tmp/again.tar" "$tmp/v1.tar"
  like "all is kept: $previous" "$report" 'kept: ([0-9]+) of \1 layers .* 0\.0 KiB'
done

versions ssl-3.0.2
new=$top
pack "$tmp/v2.tar" --previous="$tmp/v1.tar" "$new"
kept=$(sed -nE 's/^kept: ([0-9]+) of .*/\1/p' <<<"$report")
like "some layers are kept" "$kept" '^[1-9]'
# The root layer, which has only /tmp, is the same as well.
is "as many as the report says are the same bytes" \
  "$(common "$tmp/v1.tar" "$tmp/v2.tar")" "$((kept + 1))"
for way in "gzip archive" "zstd archive" layout plan "image without plan"; do
  case $way in
    "gzip archive") gzip -c "$tmp/v1.tar" >"$tmp/previous" ;;
    "zstd archive") zstd -qc "$tmp/v1.tar" >"$tmp/previous" ;;
    layout) rm "$tmp/previous"; cp -a "$tmp/v1-layout" "$tmp/previous" ;;
    plan) rm -rf "$tmp/previous"; label "$tmp/v1.tar" >"$tmp/previous" ;;
    *) # as Guix and Nix make it
      rm -rf "$tmp/unpacked"; mkdir "$tmp/unpacked"
      tar -xf "$tmp/v1.tar" -C "$tmp/unpacked"
      chmod -R u+w "$tmp/unpacked"
      config=$(jq -r '.[0].Config' "$tmp/unpacked/manifest.json")
      jq -c 'del(.config.Labels)' "$tmp/unpacked/$config" \
        >"$tmp/unpacked/config.json"
      jq -c '.[0].Config = "config.json"' "$tmp/unpacked/manifest.json" \
        >"$tmp/unpacked/list"
      mv "$tmp/unpacked/list" "$tmp/unpacked/manifest.json"
      rm "$tmp/unpacked/index.json" "$tmp/unpacked/oci-layout"
      tar -cf "$tmp/previous" -C "$tmp/unpacked" . ;;
  esac
  pack "$tmp/other.tar" --previous="$tmp/previous" "$new"
  same "the same from: $way" "$tmp/other.tar" "$tmp/v2.tar"
done

out=$(strata pack --store-root="$store" "${plans[@]}" -n \
        --previous="$tmp/v1.tar" "$new" 2>"$tmp/report")
like "a dry run foretells it" "$(<"$tmp/report")" "^kept: $kept of "
like "and shows the layers" "$out" 'libc-2'
strata pack --store-root="$store" --no-cache "${plans[@]}" -v 0 -o "$tmp/quiet" \
  --previous="$tmp/v1.tar" "$new" >/dev/null 2>"$tmp/report"
is "who wants no words gets none" "$(<"$tmp/report")" ""

# --- An image of one layer: items and root lie in it together.

one=(--strategy=expected --max-layers=1 --plan-file="$tmp/one.json")
strata pack --store-root="$store" "${one[@]}" -o "$tmp/one.tar" "$old" >/dev/null
is "the only layer is mixed" "$(jq -c .mixed "$tmp/one.json")" '[0]'

# edited_config IMAGE FILTER OUTPUT: IMAGE with another configuration.
edited_config ()
{
  rm -rf "$tmp/edited"
  mkdir "$tmp/edited"
  tar -xf "$1" -C "$tmp/edited"
  (cd "$tmp/edited"
   jq -c "$2" "$(jq -r '.[0].Config' manifest.json)" >config.json
   jq -c '.[0].Config = "config.json"' manifest.json >new.json
   mv new.json manifest.json
   jq -r '.[0].Layers[]' manifest.json |
     tar -cf "$3" manifest.json config.json -T -)
}
edited_config "$tmp/one.tar" 'del(.config.Labels)' "$tmp/unlabelled.tar"
for previous in one.tar one.json unlabelled.tar; do
  pack "$tmp/grown.tar" --previous="$tmp/$previous" "$old"
  same "it holds no layer to keep: $previous" "$tmp/grown.tar" "$tmp/v1.tar"
  like "all is sent: $previous" "$report" "kept: 0 of [0-9]+ layers of items"
done
is "strata diff says so too" \
  "$(strata diff --format=json "$tmp/one.tar" "$tmp/grown.tar" |
     jq .common_size)" 0
run_strata pack --store-root="$store" --strategy=expected --max-layers=1 \
  --previous="$tmp/v1.tar" -o "$tmp/shrunk.tar" "$old"
like "and so does one layer that was several" "$err" 'kept: 0 of 1 layer'
edited_config "$tmp/v1.tar" '.config.Labels = []' "$tmp/odd.tar"
run_strata pack --store-root="$store" "${plans[@]}" \
  --previous="$tmp/odd.tar" -o "$tmp/odd-2.tar" "$old"
like "labels that are none: a warning" "$status:$err" \
  "^0:.*the plan in the image '$tmp/odd.tar' is not used"
like "labels that are none: layers are kept" "$err" 'kept: ([0-9]+) of \1 '

# --- A lock file.

pack "$tmp/lock-1.tar" --plan-file="$tmp/plan.json" "$old"
is "there was no plan yet" "$report" ""
is "the file has the plan of the label" "$(jq -c . "$tmp/plan.json")" \
  "$(label "$tmp/v1.tar")"
is "an item is a line" "$(grep -c '^   *\[' "$tmp/plan.json")" 9
cp "$tmp/plan.json" "$tmp/plan-1.json"
pack "$tmp/lock-2.tar" --plan-file="$tmp/plan.json" "$old"
same "twice gives the same plan" "$tmp/plan.json" "$tmp/plan-1.json"
same "twice gives the same image" "$tmp/lock-2.tar" "$tmp/v1.tar"
pack "$tmp/lock-3.tar" --plan-file="$tmp/plan.json" "$new"
same "an update as with --previous" "$tmp/lock-3.tar" "$tmp/v2.tar"
not_ok "the plan is a new one" cmp -s "$tmp/plan.json" "$tmp/plan-1.json"
strata pack --store-root="$store" "${plans[@]}" -n \
  --plan-file="$tmp/none.json" "$new" >/dev/null
not_ok "a dry run writes no plan" test -e "$tmp/none.json"

# --- Siblings.

printf '# a fleet\napp %s # the first\nside %s\n' "$new" "$side" >"$tmp/fleet"
plans=(--strategy=expected --max-layers=4)
pack "$tmp/app-alone.tar" "$new"
pack "$tmp/side-alone.tar" "$side"
pack "$tmp/app.tar" --fleet="$tmp/fleet" "$new"
pack "$tmp/side.tar" --fleet="$tmp/fleet" "$side"
is "a fleet shares all that its images have in common" \
  "$(shared "$tmp/app.tar" "$tmp/side.tar")" 4
ok "that is more than without" \
  test "$(shared "$tmp/app-alone.tar" "$tmp/side-alone.tar")" -lt 4
is "shared items are in the same bytes" \
  "$(common "$tmp/app.tar" "$tmp/side.tar")" 3 # and the root layer
pack "$tmp/app-2.tar" --sibling="$side" "$new"
same "a sibling by its path is the same" "$tmp/app-2.tar" "$tmp/app.tar"
pack "$tmp/app-3.tar" --sibling="$tmp/side.tar" --sibling=docs --sibling="$curl" \
  "$new"
pack "$tmp/app-4.tar" --sibling="$curl" --sibling=docs --sibling="$tmp/side.tar" \
  "$new"
same "the order of siblings does not matter" "$tmp/app-3.tar" "$tmp/app-4.tar"
pack "$tmp/app-5.tar" --sibling="$tmp/side.tar" "$new"
same "a sibling that is an image is the same" "$tmp/app-5.tar" "$tmp/app.tar"
pack "$tmp/app-6.tar" --sibling="$tmp/graph" "$new"
ok "a reference graph is a sibling" test -s "$tmp/app-6.tar"
plan
