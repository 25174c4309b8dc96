#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Outputs that cannot be written: what was there stays, nothing else is left.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
make_store "$root"
mkdir "$tmp/large"
head -c 4000000 /dev/urandom >"$tmp/large/data"
strata store add --store-root="$root" large-1.0 "$tmp/large" >/dev/null
chmod 755 "$tmp"
watched+=("$root")
pack=(pack --no-cache --store-root="$root" large)

# --- Places.

fails_cleanly "no folder" "'no/image.tar'.*No such file" \
  "${pack[@]}" -o no/image.tar
fails_cleanly "a file for a folder" "'/dev/null/x.tar'.*Not a directory" \
  "${pack[@]}" -o /dev/null/x.tar
mkdir folder
fails_cleanly "a folder" "'folder'.*it is a folder" "${pack[@]}" -o folder
fails_cleanly "a folder, with a slash" "'folder/'.*it is a folder" \
  "${pack[@]}" -o folder/
fails_cleanly "no name" "''" "${pack[@]}" -o ''
fails_cleanly "a name that is too long" "File name too long" \
  "${pack[@]}" -o "$(printf 'a%.0s' {1..300})"
fails_cleanly "OCI to standard output" "standard output" \
  "${pack[@]}" -f oci -o -
printf 'mine\n' >folder/file
fails_cleanly "OCI to a folder that is in use" \
  "'folder': .*neither empty nor an OCI layout" "${pack[@]}" -f oci -o folder
is "its file is as it was" "$(cat folder/file)" mine
fails_cleanly "OCI to a file" "'folder/file'.*Not a directory" \
  "${pack[@]}" -f oci -o folder/file
fails_cleanly "OCI to a device" "'/dev/null'.*Not a directory" \
  "${pack[@]}" -f oci -o /dev/null
ln -s loop loop
fails_cleanly "a link to itself" "'loop': Too many levels" \
  "${pack[@]}" -o loop
rm -r folder loop

chmod 555 .
for output in "-o image.tar" "-C none -o image.tar" "-f oci -o image"; do
  # shellcheck disable=SC2086  # several arguments
  fails_as_user "unwritable folder: $output" "'image.*': Permission denied" \
    "${pack[@]}" $output
done
chmod 755 .
mkdir locked
chmod 500 locked
fails_as_user "unwritable store: add" "'$tmp/out/locked.*Permission denied" \
  store add --store-root="$tmp/out/locked" x "$tmp/tool"
chmod 700 locked
rmdir locked

for compressor in none gzip zstd; do
  fails_cleanly "full device: $compressor" "'/dev/full': No space left" \
    "${pack[@]}" -C "$compressor" -o /dev/full
done
# Once the image was there all the same.
for output in "-o image.tar" "-o image.tar -C xz" "-f oci -o image"; do
  # shellcheck disable=SC2086  # several arguments
  fails_cleanly "full device for the plan: $output" "'/dev/full': No space" \
    "${pack[@]}" $output --plan-file=/dev/full
done
# Timings are complete when the image is there: it is not lost.
run_strata "${pack[@]}" -o image.tar --timings=/dev/full
is "full device for the timings" "$status:$out:$err" \
  "0:image.tar:strata: warning: the timings are not written: cannot write to \
'/dev/full': No space left on device"
ok "full device for the timings: the image is there" strata inspect image.tar
rm image.tar
for folder in "$tmp/no" /dev/null; do
  TMPDIR=$folder fails_cleanly "TMPDIR=$folder" "temporary file in '$folder'" \
    "${pack[@]}" -o -
  hints "TMPDIR=$folder" TMPDIR
done

# to_full ARGUMENT...: strata with a full standard output.
to_full ()
{
  status=0
  strata "$@" 2>"$tmp/.err" >/dev/full </dev/null || status=$?
  err=$(cat "$tmp/.err")
}
to_full "${pack[@]}" -o -
is "full standard output" "$status:$err" \
  "1:strata: error: cannot write to 'standard output': No space left on device"
to_full "${pack[@]}" -n
is "full standard output: plan" "$status:$err" \
  "1:strata: error: write error: No space left on device"
to_full store query requisites --store-root="$root" large
is "full standard output: query" "$status:$err" \
  "1:strata: error: write error: No space left on device"

# --- What is there already.

printf 'old\n' >old.tar
fails_cleanly "a bad option" "entry point" "${pack[@]}" -o old.tar \
  --entry-point=no
strata pack --store-root="$root" tool -f oci -o layout >/dev/null
cp layout/index.json "$tmp/index.json"
fails_cleanly "a bad option, OCI" "entry point" \
  "${pack[@]}" -f oci -o layout --entry-point=no
for content in garbage '{"manifests":7}' '{}' ''; do
  printf '%s' "$content" >layout/index.json
  fails_cleanly "a bad index: '$content'" "index.json|manifests" \
    "${pack[@]}" -f oci -o layout
done
cp "$tmp/index.json" layout/index.json
blob=$(find layout/blobs -type f | sort | head -n 1)
printf 'x' >>"$blob"
run_strata pack --store-root="$root" tool -f oci -o layout
is "a damaged blob is replaced" "$status:$out" 0:layout
like "a damaged blob is named" "$err" "warning: '$blob' was damaged"
ok "then the layout is good" strata inspect layout

# --- Full disks.

if [ "$(id -u)" != 0 ]; then
  skip "full disks" "needs root"
  plan
fi

# with_disk OPTIONS: a small file system in the folder `disk`, watched.
with_disk ()
{
  mkdir -p disk
  mount -t tmpfs -o "mode=1777,$1" strata-test disk
}

without_disk ()
{
  umount disk
  rmdir disk
}

with_disk size=1m
printf 'old\n' >disk/old.tar
strata pack --store-root="$root" tool -f oci -o disk/layout >/dev/null
full="No space left on device"
for compressor in none gzip zstd; do
  for name in new.tar old.tar; do
    fails_cleanly "full disk: $compressor, $name" "'.*disk/$name': $full" \
      "${pack[@]}" -C "$compressor" -o "disk/$name"
  done
  for name in new layout; do
    fails_cleanly "full disk: $compressor, OCI, $name" "'disk/$name.*': $full" \
      "${pack[@]}" -C "$compressor" -f oci -o "disk/$name"
  done
done
ok "the layout is as it was" strata inspect disk/layout
# Once this did not say where the file is.
TMPDIR=$tmp/out/disk fails_cleanly "full TMPDIR" \
  "temporary file in '$tmp/out/disk': $full" "${pack[@]}" -o -
hints "full TMPDIR" TMPDIR
strata pack --no-cache --store-root="$root" large -C none -o "$tmp/base.tar" \
  >/dev/null
TMPDIR=$tmp/out/disk fails_cleanly "full TMPDIR, base image" \
  "temporary file in '$tmp/out/disk': $full" "${pack[@]}" \
  --base="$tmp/base.tar" -o /dev/null
hints "full TMPDIR, base image" TMPDIR
fails "full disk: add to a new store" "disk/gnu/store.*: $full" \
  store add --store-root="$tmp/out/disk" x "$tmp/large"
without_disk

with_disk size=1m
ok "a store on a small disk" strata store add --store-root="$tmp/out/disk" \
  tool "$tmp/tool"
fails_cleanly "full disk: add to a store" "disk/gnu/store.*: $full" \
  store add --store-root="$tmp/out/disk" x "$tmp/large"
ok "the store is as it was" strata store verify --store-root="$tmp/out/disk"
without_disk

# Room for the folders of the new layout and some files, but not for all.
for count in 2 4 6 8; do
  with_disk "nr_inodes=$count"
  fails_cleanly "no inodes, $count: OCI" "disk/image.*: $full" \
    pack --store-root="$root" tool other-1.0 other-2.0 -f oci -o disk/image
  without_disk
done
with_disk nr_inodes=1
fails_cleanly "no inodes: archive" "disk/image.tar': $full" \
  "${pack[@]}" -o disk/image.tar
fails_cleanly "no inodes: add" "disk.*: $full" \
  store add --store-root="$tmp/out/disk" x "$tmp/tool"
without_disk

plan
