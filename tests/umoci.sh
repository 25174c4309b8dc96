#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Umoci unpacks images, and what comes out is what is in the store: content,
# modes, targets of links, times; nothing missing, nothing more.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_root
need_program umoci setpriv
use_demo_store

items=(bash coreutils hello)

# A store of our own, to which the image's profile is added as an item.
store=$tmp/store
cp -a "$demo_store" "$store"

# canonical FOLDER [ARGUMENT...]: a line for each file below FOLDER with what
# an image has of it.  ARGUMENTs are for find.
canonical ()
{
  local folder=$1
  shift
  (
    cd "$folder"
    find . -mindepth 1 "$@" -printf '%P %y %m %T@ %l\n' |
      sed -E 's/ l 777 / l - /' | sort
    find . -mindepth 1 "$@" -type f -exec sha256sum {} + | sort
  )
}

# in_store ITEM...: the same of items as they are in the store, and of the
# folders above them.
in_store ()
{
  local wanted=(-false) item
  for item; do
    wanted+=(-o -path "./${item#/}" -o -path "./${item#/}/*")
  done
  canonical "$store" \( "${wanted[@]}" \)
}

# unpacks NAME COMMAND...: COMMAND, followed by the name of a new folder,
# unpacks an image that has all items.
unpacks ()
{
  local name=$1
  shift
  rm -rf "$tmp/free/bundle"
  ok "$name: unpack" "$@" "$tmp/free/bundle"
  canonical "$tmp/free/bundle/rootfs" -path './gnu/store/*' \
    >"$tmp/unpacked"
  same "$name: the store's files" "$tmp/unpacked" "$tmp/expected"
  is "$name: nothing more than root layer and parents" \
     "$(cd "$tmp/free/bundle/rootfs" &&
          find . ! -path './gnu/store/*' -printf '%P %y %m %l\n' | sort)" \
     "$(printf '%s\n' ' d 755 ' 'bin l 777 '"$profile/bin" 'gnu d 755 ' \
          'gnu/store d 755 ' 'tmp d 1777 ' 'usr d 755 ' 'usr/bin d 755 ' \
          'usr/bin/env l 777 '"$profile/bin/env")"
  chmod -R u+w "$tmp/free/bundle"
}

# as_user COMMAND...: as a user who owns $tmp/free alone.
as_user ()
{
  setpriv --reuid=65534 --regid=65534 --clear-groups \
    env HOME="$tmp/free" "$@"
}

pack_demo ()
{
  strata pack --store-root="$store" -S /bin=bin -S /usr/bin/env=bin/env \
    --image-tag=demo:1 "$@" "${items[@]}"
}

chmod 711 "$tmp"
mkdir "$tmp/free"
chown 65534:65534 "$tmp/free"


# The profile is not in the store.  That the image has the right one is what
# its path says: the path is made from the content.
ok "pack" pack_demo -f oci -C none -o "$tmp/free/first"
ok "unpack" umoci unpack --image "$tmp/free/first:1" "$tmp/free/bundle"
profile=$(cd "$tmp/free/bundle/rootfs" && echo gnu/store/*-profile)
profile=/$profile
ok "unpacked programs run" chroot "$tmp/free/bundle/rootfs" \
   /bin/sh -c '[ "$(hello)" = "Hello, world!" ]'
is "the profile's path is that of its content" \
   "$(strata store add --store-root="$store" profile \
        "$tmp/free/bundle/rootfs$profile")" "$profile"
is "the profile refers to what it joins" \
   "$(strata store query references --store-root="$store" "$profile" |
        sed -E 's,.*/[0-9a-z]{32}-([a-z]+)-.*,\1,' | sort)" \
   "$(printf '%s\n' "${items[@]}" | sort)"
mapfile -t closure < <(strata store query requisites --store-root="$store" \
                              "$profile")
in_store "${closure[@]}" >"$tmp/expected"
like "the store has many files" "$(wc -l <"$tmp/expected")" '^[0-9]{3,}$'
chmod -R u+w "$tmp/free/bundle"


for compression in none gzip; do
  for layers in 1 3 100; do
    name="$compression, at most $layers"
    layout=$tmp/free/$compression-$layers
    ok "$name: pack" pack_demo -f oci -C "$compression" \
       --max-layers="$layers" -o "$layout"
    unpacks "$name, as root" umoci unpack --image "$layout:1"
    unpacks "$name, rootless" \
            as_user umoci unpack --rootless --image "$layout:1"
  done
done

# An archive in Docker's format is an OCI layout, too.
ok "archive: pack" pack_demo -o "$tmp/image.tar"
mkdir "$tmp/free/archive"
ok "archive: extract" tar -xf "$tmp/image.tar" -C "$tmp/free/archive"
unpacks "archive" umoci unpack --image "$tmp/free/archive:1"

ok "zstd: pack" pack_demo -f oci -C zstd -o "$tmp/free/zstd"
if umoci unpack --image "$tmp/free/zstd:1" "$tmp/free/zstd-bundle" \
         >"$tmp/zstd.log" 2>&1; then
  unpacks "zstd" umoci unpack --image "$tmp/free/zstd:1"
else
  # Its limit, not ours: umoci before 0.5 does not know zstd.
  like "zstd: umoci says that it does not know it" "$(cat "$tmp/zstd.log")" \
       'application/vnd.oci.image.layer.v1.tar\+zstd'
fi

plan
