#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What the options of `strata pack` do, as skopeo, tar and sqlite3 see it.

. "${top_srcdir:-.}/tests/support/tap.sh"
need_program strata skopeo tar jq sqlite3

cd "$tmp"
store=--store-root=$tmp/root
add ()
{
  strata store add "$store" "$@"
}
mkdir -p tool/bin tool/share/man other/sbin
printf 'tool\n' >tool/bin/run
printf 'other\n' >other/sbin/other
tool=$(add tool-1.0 tool)
other=$(add other-2.0 other)

# pack NAME ARGUMENT...: an image NAME.tar
pack ()
{
  local name=$1
  shift
  strata pack "$store" -o "$name.tar" -v0 "$@"
}

# config NAME FILTER
config ()
{
  skopeo inspect --config "docker-archive:$1.tar" | jq -c "$2"
}

# unpack_last NAME: the last layer of NAME.tar, as NAME.d/root.
unpack_last ()
{
  local layer
  rm -rf "$1.d"
  mkdir "$1.d" "$1.d/root"
  tar -xf "$1.tar" -C "$1.d"
  layer=$(jq -r '.[0].Layers[-1]' "$1.d/manifest.json")
  tar -xpf "$1.d/$layer" -C "$1.d/root"
}


# --- The config.

ok "all fields: pack" pack all --env=A=1 --env=B= --env=PATH=/own:x=y \
   --user=1000:users --working-directory=/srv --label=k=v=w --label=k2= \
   --expose=80/tcp --expose=53 --volume=/data --volume=/more \
   --cmd=one --cmd='two words' --stop-signal=SIGRTMIN+3 \
   --entry-point=bin/run -A -x --created=86400 tool
run='.config'
labels=$run'.Labels | del(.["org.gnu.strata.plan"])'
is "environment" "$(config all "$run.Env")" '["A=1","B=","PATH=/own:x=y"]'
is "user" "$(config all "$run.User")" '"1000:users"'
is "working directory" "$(config all "$run.WorkingDir")" '"/srv"'
is "labels" "$(config all "$labels")" '{"k":"v=w","k2":""}'
is "ports" "$(config all "$run.ExposedPorts")" '{"53":{},"80/tcp":{}}'
is "volumes" "$(config all "$run.Volumes")" '{"/data":{},"/more":{}}'
is "command" "$(config all "$run.Cmd")" '["one","two words"]'
is "stop signal" "$(config all "$run.StopSignal")" '"SIGRTMIN+3"'
like "entry point" "$(config all "$run.Entrypoint")" \
  '^\["/gnu/store/.*-profile/bin/run","-x"\]$'
is "created" "$(config all .created)" '"1970-01-02T00:00:00Z"'

ok "none: pack" pack none tool
is "none: only PATH and the plan" "$(config none "$run | keys")" \
  '["Env","Labels"]'

for option in --env=x --env==x --label=x --expose=0 --expose=65536 \
    --expose=x --expose=80/icmp --volume=data --working-directory=x \
    --stop-signal=KILL --user=:x; do
  fails "$option" "$(printf '%s' "${option%%=*}: '")" pack "$store" "$option" \
    tool
done

# --- Localstatedir.

ok "localstatedir: pack" pack local --localstatedir --max-layers=10 tool other
ok "localstatedir: unpack" unpack_last local
folder=local.d/root/var/guix
is "localstatedir: generation" \
   "$(readlink "$folder/profiles/per-user/root/guix-profile")" \
   guix-profile-1-link
profile=$(readlink "$folder/profiles/per-user/root/guix-profile-1-link")
like "localstatedir: profile" "$profile" '^/gnu/store/[0-9a-z]{32}-profile$'
is "localstatedir: gcroots" "$(readlink "$folder/gcroots/profiles")" \
   /var/guix/profiles
is "localstatedir: mode" "$(stat -c %a "$folder/db/db.sqlite")" 644
query ()
{
  sqlite3 "file:$folder/db/db.sqlite?mode=ro&immutable=1" "$1"
}
is "localstatedir: integrity" "$(query 'PRAGMA integrity_check')" ok
is "localstatedir: foreign keys" "$(query 'PRAGMA foreign_key_check')" ""
is "localstatedir: items, references first" \
   "$(query 'SELECT path FROM ValidPaths ORDER BY id')" \
   "$(printf '%s\n' "$tool" "$other" | sort)
$profile"
is "localstatedir: references of the profile" \
   "$(query "SELECT b.path FROM Refs JOIN ValidPaths a ON referrer = a.id
      JOIN ValidPaths b ON reference = b.id WHERE a.path = '$profile'
      ORDER BY b.path")" \
   "$(printf '%s\n' "$tool" "$other" | sort)"
columns='path, hash, narSize'
is "localstatedir: hashes and sizes are the store's" \
   "$(query "SELECT $columns FROM ValidPaths WHERE path <> '$profile'
      ORDER BY path")" \
   "$(sqlite3 root/var/guix/db/db.sqlite \
        "SELECT $columns FROM ValidPaths ORDER BY path")"
# The image's store is one that we can verify.
mkdir whole
tar -xf local.tar -C whole
jq -r '.[0].Layers[]' whole/manifest.json | while read -r one; do
  tar --delay-directory-restore -xpf "whole/$one" -C whole
done
ok "localstatedir: the store in the image is whole" \
   strata store verify --store-root="$tmp/whole"
ok "localstatedir: again" pack again --localstatedir --max-layers=10 other tool
ok "profile-name: pack" pack named --localstatedir --profile-name=current-guix \
   tool
ok "profile-name: unpack" unpack_last named
is "profile-name" \
   "$(readlink named.d/root/var/guix/profiles/per-user/root/current-guix)" \
   current-guix-1-link
for name in a/b . .. ''; do
  fails "profile-name '$name'" "invalid profile name '$name'" \
    pack "$store" --localstatedir --profile-name="$name" tool
done
fails "profile-name alone" "needs '--localstatedir'" \
  pack "$store" --profile-name=x tool

# --- A profile of Guix: its search paths.

mkdir -p guix-profile/bin guix-profile/share/man guix-profile/etc
printf 'x\n' >guix-profile/etc/file
cat >guix-profile/manifest <<EOF
;; This file was automatically generated and is for internal use only.
(manifest
  (version 4)
  (packages
    (("tool" "1.0" "out" "$tool"
      (search-paths (("MANPATH" ("share/man") ":" directory #f)
                     ("THE_FILE" ("etc/file" "etc/other") #f regular #f)
                     ("NOTHING" ("lib/nothing") ":" directory #f)))))))
EOF
made=$(add profile guix-profile)
ok "search paths: pack" pack search --env=LANG=C "$made"
is "search paths" "$(config search "$run.Env")" \
  "[\"PATH=$made/bin\",\"MANPATH=$made/share/man\",\
\"THE_FILE=$made/etc/file\",\"LANG=C\"]"
ok "search paths: pack, one overridden" pack search --env=MANPATH=/m "$made"
is "search paths, one overridden" "$(config search "$run.Env")" \
  "[\"PATH=$made/bin\",\"THE_FILE=$made/etc/file\",\"MANPATH=/m\"]"

mkdir garbled
echo "(manifest 'oops" >garbled/manifest
add garbled garbled >/dev/null
like "a manifest that cannot be read" \
     "$(strata pack "$store" -n garbled 2>&1 >/dev/null)" \
     "warning: cannot read the manifest of the profile '.*-garbled'"
ok "a variable twice: pack" pack twice --env=A=1 --env=B=2 --env=A=3 tool
like "a variable twice: the last counts" "$(config twice "$run.Env")" \
   '^\["PATH=[^"]*","A=3","B=2"\]$'

# --- Built on another image.

ok "base: pack" pack base --env=A=below --env=B=below --label=x=1 --cmd=below \
   other
ok "base: build on it" pack onto --base=base.tar --env=A=above --label=y=2 tool
is "base: layers" \
   "$(skopeo inspect docker-archive:onto.tar |
        jq ".Layers[0:$(config base '.rootfs.diff_ids | length')] | length")" \
   "$(config base '.rootfs.diff_ids | length')"
is "base: its layers lie lowest" \
   "$(config onto '.rootfs.diff_ids[0]')" "$(config base '.rootfs.diff_ids[0]')"
like "base: variables" "$(config onto "$run.Env")" '"A=above","B=below"'
is "base: labels" "$(config onto "$labels")" '{"x":"1","y":"2"}'
not_ok "base: the plan is another" \
  test "$(config onto '.config.Labels["org.gnu.strata.plan"]')" = \
       "$(config base '.config.Labels["org.gnu.strata.plan"]')"
is "base: command" "$(config onto "$run.Cmd")" '["below"]'
# The plan added compressed sizes of the base's layers to plain ones.
for tool in none gzip; do
  ok "base, $tool: pack" strata pack "$store" -v0 -C "$tool" -o "base-$tool.tar" \
    other
done
is "base: its plain sizes are in the plan" \
  "$(strata pack "$store" -n --base=base-gzip.tar tool)" \
  "$(strata pack "$store" -n --base=base-none.tar tool)"
fails "base that is not there" "nothing.tar" pack "$store" --base=nothing.tar \
  tool

ok "base with two images: the first" strata pack "$store" -v0 -f oci -o two \
   --image-tag=both:first --label=is=first other
ok "base with two images: the second" strata pack "$store" -v0 -f oci -o two \
   --image-tag=both:second --label=is=second other
fails "base with two images: which?" "it holds several images" pack "$store" \
  --base=two -o which.tar tool
fails "base with two images: another" "it holds no image 'third'" pack "$store" \
  --base=two --base-name=third -o which.tar tool
ok "base with two images: pack" pack which --base=two --base-name=second tool
is "base with two images" "$(config which "$run.Labels.is")" '"second"'

# --- Built on an image of another architecture: it was relabelled.

for system in aarch64-linux s390x-linux; do
  ok "base for $system: make it" strata pack "$store" -v0 -f oci \
     -o "${system%-linux}" -s "$system" --image-tag=x:1 other
done
ok "base for another machine: pack" pack inherited --base=aarch64 tool
is "base for another machine: inherited" \
   "$(config inherited .architecture)" '"arm64"'
ok "base for the system: pack" pack same --base=aarch64 -s aarch64-linux tool
fails "base for another system" "not for linux/amd64 but for: .*x:1 \(linux/arm64\)" \
  pack "$store" --base=aarch64 -s x86_64-linux -o mixed.tar tool
like "base for another system: hint" "$err" "^hint: without '--system'"

# An index for both in an index: its name holds for its images.
cp -r aarch64 nested
cp s390x/blobs/sha256/* nested/blobs/sha256/
inner=$(jq -cs '.[0] + {manifests: (map(.manifests[] | del(.annotations)))}' \
          aarch64/index.json s390x/index.json)
digest=$(printf %s "$inner" | sha256sum | cut -c1-64)
printf %s "$inner" >"nested/blobs/sha256/$digest"
jq -cn --arg digest "sha256:$digest" --argjson size "${#inner}" '
  {schemaVersion: 2, manifests: [{
     mediaType: "application/vnd.oci.image.index.v1+json", digest: $digest,
     size: $size, annotations: {"org.opencontainers.image.ref.name": "1"}}]}' \
  >nested/index.json
for system in aarch64-linux s390x-linux; do
  ok "nested index, $system: pack" pack nested --base=nested --base-name=1 \
     -s "$system" tool
  is "nested index, $system: layers" "$(config nested '.rootfs.diff_ids[0]')" \
     "$(skopeo inspect --config "oci:${system%-linux}:1" |
          jq -c '.rootfs.diff_ids[0]')"
done
is "nested index: architecture" "$(config nested .architecture)" '"s390x"'
fails "nested index: which?" "it holds several images|is not for" \
  pack "$store" --base=nested -o which.tar tool
like "nested index: which?: hint" "$err" \
  "'--system'; it holds: 1 \(linux/arm64\), 1 \(linux/s390x\)"

# --- Whole archives.

for compression in xz:1 bzip2 lzip:0; do
  tool_name=${compression%:*}
  ok "$compression: pack" pack "$tool_name" -C "$compression" tool
  if command -v "$tool_name" >/dev/null; then
    like "$compression: an archive inside" \
         "$("$tool_name" -dc <"$tool_name.tar" | tar -tf -)" '^manifest\.json$'
  else
    skip "$compression: an archive inside" "no $tool_name"
  fi
done
is "the whole archive: default name" \
   "$(strata pack "$store" -C xz tool)" tool-docker-image.tar.xz
ok "xz: skopeo reads it" skopeo inspect docker-archive:xz.tar
fails "xz of an OCI directory" "" pack "$store" -f oci -C xz -o layout tool
ok "xz of an OCI directory: nothing there" test ! -e layout

# --- Guix's names.

ok "docker-layered: pack" pack layered -f docker-layered tool
same "docker-layered is docker" layered.tar none.tar
run_strata pack --help-docker-format
is "--help-docker-format: status" "$status$err" 0
like "--help-docker-format" "$out" '^      --entry-point=FILE'
for option in -mx -ex -d -rx -R -RR --manifest=x --expression=x --derivation \
    --root=x --relocatable --save-provenance --target=x -m; do
  fails "$option" 'needs Guix' pack "$store" "$option" tool
  like "$option: hint" "$err" '^hint: .'
done

plan
