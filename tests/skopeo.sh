#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Skopeo reads archives and OCI directories, and copies them to folders and to
# a registry; it compares every digest with the bytes.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_program skopeo jq
use_demo_store
start_registry

items=(bash coreutils hello)
chmod 711 "$tmp"
mkdir -m 777 "$tmp/theirs"

# copy SOURCE TARGET [ARGUMENT...]
copy ()
{
  local source=$1 target=$2
  shift 2
  skopeo --insecure-policy copy --quiet --src-tls-verify=false \
    --dest-tls-verify=false "$@" "$source" "$target"
}

# pack_demo ARGUMENT...
pack_demo ()
{
  strata pack --store-root="$demo_store" --max-layers=5 "$@" "${items[@]}"
}

# as_user COMMAND...: as a user who is not root.
as_user ()
{
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
  else
    "$@"
  fi
}

# manifest_digest IMAGE: of the manifest, as we see it.
manifest_digest ()
{
  strata inspect "$1" | sed -n 's/^manifest: //p'
}

# sum FILE: its digest.
sum ()
{
  local digest
  digest=$(sha256sum <"$1")
  echo "sha256:${digest%% *}"
}

# config_of MANIFEST-FILE
config_of ()
{
  jq --raw-output .config.digest "$1"
}

# wrong_blobs FOLDER: the blobs in a folder of skopeo's which its manifest
# names and which are absent or have another digest.
wrong_blobs ()
{
  jq --raw-output '.config.digest, .layers[].digest' "$1/manifest.json" |
    while read -r digest; do
      [ "$(sum "$1/${digest#sha256:}")" = "$digest" ] || echo "$digest"
    done
}

# layer_types MANIFEST-FILE
layer_types ()
{
  jq --raw-output '.layers[].mediaType' "$1" | sort -u
}

declare -A suffix=([none]='' [gzip]=+gzip [zstd]=+zstd)


for compression in none gzip zstd; do
  type=application/vnd.oci.image.layer.v1.tar${suffix[$compression]}

  # One tag: no name is needed.
  archive=$tmp/$compression.tar
  ok "$compression: pack" pack_demo -C "$compression" -o "$archive" \
     --image-tag=tools/demo:1
  digest=$(manifest_digest "$archive")
  for source in docker-archive oci-archive; do
    ok "$compression, $source: inspect" skopeo inspect "$source:$archive"
    ok "$compression, $source: copy" \
       copy "$source:$archive" "dir:$tmp/$compression-$source"
    is "$compression, $source: the digests of the copy" \
       "$(wrong_blobs "$tmp/$compression-$source")" ""
  done
  # Who is not root cannot give directories without an entry to root.
  ok "$compression, oci-archive: inspect as a user who is not root" \
     as_user skopeo --tmpdir "$tmp/theirs" inspect "oci-archive:$archive"
  is "$compression, oci-archive: the manifest is ours" \
     "$(sum "$tmp/$compression-oci-archive/manifest.json")" "$digest"
  is "$compression, oci-archive: type of the layers" \
     "$(layer_types "$tmp/$compression-oci-archive/manifest.json")" "$type"
  is "$compression, docker-archive: the config is ours" \
     "$(config_of "$tmp/$compression-docker-archive/manifest.json")" \
     "$(config_of "$tmp/$compression-oci-archive/manifest.json")"

  # The same image as a folder.
  layout=$tmp/$compression-layout
  ok "$compression, OCI directory: pack" pack_demo -f oci -C "$compression" \
     -o "$layout" --image-tag=tools/demo:1
  ok "$compression, OCI directory: inspect" skopeo inspect "oci:$layout"
  ok "$compression, OCI directory: copy" \
     copy "oci:$layout:1" "dir:$tmp/$compression-oci"
  same "$compression, OCI directory: the manifest is the archive's" \
       "$tmp/$compression-oci/manifest.json" \
       "$tmp/$compression-oci-archive/manifest.json"
  is "$compression, OCI directory: the digests of the copy" \
     "$(wrong_blobs "$tmp/$compression-oci")" ""

  # To a registry and back.
  name=docker://$registry/tools/demo:$compression
  ok "$compression: copy to a registry" \
     copy "oci:$layout:1" "$name" --preserve-digests
  is "$compression: the registry has our manifest" \
     "$(skopeo inspect --tls-verify=false --format '{{.Digest}}' "$name")" \
     "$digest"
  ok "$compression: copy from the registry" \
     copy "$name" "oci:$tmp/$compression-back:1" --preserve-digests
  is "$compression: what comes back is the same image" \
     "$(manifest_digest "$tmp/$compression-back")" "$digest"
  ok "$compression: copy the archive to a registry" \
     copy "docker-archive:$archive" "docker://$registry/archive:$compression"
  is "$compression: the registry has our layers" \
     "$(skopeo inspect --tls-verify=false --config \
          "docker://$registry/archive:$compression" | jq .rootfs.diff_ids)" \
     "$(skopeo inspect --config "oci:$layout" | jq .rootfs.diff_ids)"
done


# Two tags: a name says which.
archive=$tmp/two.tar
ok "two tags: pack" pack_demo -o "$archive" \
   --image-tag=example.org:5000/tools/demo:one --image-tag=demo:two
like "two tags: oci-archive needs a name" \
     "$(skopeo inspect "oci-archive:$archive" 2>&1)" "more than one image"
for tag in one two; do
  ok "two tags: oci-archive, $tag" skopeo inspect "oci-archive:$archive:$tag"
done
for name in example.org:5000/tools/demo:one demo:two; do
  ok "two tags: docker-archive, $name" \
     skopeo inspect "docker-archive:$archive:$name"
done
is "two tags: both are known" \
   "$(skopeo list-tags "docker-archive:$archive" |
        jq --raw-output '.Tags[]' | sort)" \
   "demo:two
example.org:5000/tools/demo:one"
not_ok "two tags: others are not" skopeo inspect "oci-archive:$archive:three"


# The config, as skopeo reads it.
skopeo inspect --config "oci-archive:$archive:one" >"$tmp/config"
is "created" "$(jq --raw-output .created "$tmp/config")" \
   "1970-01-01T00:00:01Z"
is "as many entries of history as layers" \
   "$(jq '.history | length' "$tmp/config")" \
   "$(jq '.rootfs.diff_ids | length' "$tmp/config")"
like "PATH" "$(jq --raw-output '.config.Env[]' "$tmp/config")" \
     '^PATH=/gnu/store/[0-9a-z]{32}-profile/bin$'

plan
