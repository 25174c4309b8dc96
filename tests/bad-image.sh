#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# `strata inspect` of what is damaged or no image.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
make_store "$root"
pack=(pack --store-root="$root" tool other-1.0)

# refuses NAME PATTERN IMAGE
refuses ()
{
  fails_cleanly "$1" "$2" inspect "$3"
  like "$1: the image is named" "$err" "^strata: error: .*\b$3\b"
}

refuses "no file" "No such file" no.tar
mkdir empty
refuses "an empty folder" "neither manifest.json nor an OCI layout" empty
# A home was read before it was said to be no image.
mkfifo empty/pipe
refuses "another folder" "neither manifest.json nor an OCI layout" empty
: >empty.tar
refuses "an empty file" "neither manifest.json nor an OCI layout|is no image" \
  empty.tar
head -c 30000 /dev/urandom >garbage.tar
refuses "garbage" "." garbage.tar
tar -cf other.tar -C "$tmp" tool
refuses "another tar" "neither manifest.json nor an OCI layout" other.tar
rm -r empty ./*.tar

# flip FILE OFFSET: changes a byte.
flip ()
{
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  # shellcheck disable=SC2059  # the format is the byte
  printf "\\$(printf '%03o' $((byte ^ 255)))" |
    dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# --- OCI directories: each file is found damaged by its name.

for compressor in none gzip zstd; do
  strata "${pack[@]}" -f oci -C "$compressor" -o good >/dev/null
  run_strata inspect good
  is "$compressor: the image is good" "$status$err" 0
  for blob in good/blobs/sha256/*; do
    cp -r good bad
    name=${blob#good/}
    flip "bad/$name" $(($(stat -c %s "$blob") / 2))
    case $(head -c 1 "$blob") in
      "{") refuses "$compressor: document ${name:13:12}, a byte" \
             "$name|JSON" bad ;;
      *) refuses "$compressor: layer ${name:13:12}, a byte" \
           "'$name' has another digest" bad ;;
    esac
    cp "$blob" "bad/$name"
    truncate -s -1 "bad/$name"
    refuses "$compressor: blob ${name:13:12}, cut" "$name" bad
    rm "bad/$name"
    refuses "$compressor: blob ${name:13:12}, missing" \
      "'$name' is missing in the image" bad
    rm -r bad
  done
  rm -r good
done

strata "${pack[@]}" -f oci -o image >/dev/null
cp image/index.json "$tmp/index.json"

# refuses_index NAME PATTERN: index.json comes from standard input.
refuses_index ()
{
  cat >image/index.json
  refuses "index.json: $1" "$2" image
}

refuses_index "empty" "index.json" </dev/null
refuses_index "garbage" "index.json" <<<"garbage"
refuses_index "another type" "manifests" <<<'{"manifests": 7}'
refuses_index "no manifests" "manifests" <<<'{}'
refuses_index "no digest" "digest" <<<'{"manifests": [{}]}'
refuses_index "a path as digest" "'\.\./\.\./x' is no SHA-256 digest" \
  <<<'{"manifests": [{"digest": "../../x", "size": 1}]}'
refuses_index "a negative size" "." \
  < <(sed 's/"size":[0-9]*/"size":-1/' "$tmp/index.json")
refuses_index "another size" "the size of 'blobs/sha256/.*'" \
  < <(sed 's/"size":[0-9]*/"size":7/' "$tmp/index.json")
refuses_index "nested too deep" "index.json" \
  < <(printf '[%.0s' {1..100000})
printf '{"schemaVersion":2,"manifests":[]}' >image/index.json
fails_cleanly "index.json: no image" "there is no image in 'image'" \
  inspect image
rm -r image

# --- Archives.

strata "${pack[@]}" -C none -o good.tar >/dev/null
size=$(stat -c %s good.tar)
for part in 1 2 3 4 5 6 7; do
  head -c $((size * part / 8)) good.tar >cut.tar
  refuses "archive cut at $part/8" "." cut.tar
done
rm cut.tar
# The content of the first file of the first layer begins after the headers of
# the blob, of gnu/, gnu/store/, the item, its folder, and itself.
first=$(grep -abo 'tool$' good.tar | head -n 1 | cut -d: -f1)
cp good.tar bad.tar
flip bad.tar "$first"
refuses "archive: a byte of a file" "'blobs/sha256/.*' has another digest" \
  bad.tar
like "archive: a byte of a file: the layer is named" "$err" \
  "$(tar -tf good.tar | head -n 4 | paste -sd'|')"

plan
