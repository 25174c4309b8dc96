#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# `strata stream`: its images, beside those of Nix's Python program where that
# is there, and in Docker's engine where one can be started.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_program strata skopeo tar jq

cd "$tmp"
peer=$top_srcdir/../shared/peers/stream_layered_image.py

# --- A store of 97 items with all that a file can be, and a last layer.

mkdir -p first/bin first/a.d second
printf 'program\n' >first/bin/run
chmod +x first/bin/run
ln -s bin/run first/link
ln first/bin/run first/hard
printf 'x\n' >first/a.d/file
printf 'x\n' >first/a
: >first/empty
head -c 100000 /dev/zero >first/zeros
for ((i = 1; i <= 97; i++)); do
  [ "$i" -gt 1 ] || source=first
  [ "$i" -eq 1 ] || { echo "$i" >"file$i"; source=file$i; }
  strata store add --store-root=root "item-$i" "$source" </dev/null
done >items
store=$tmp/root/gnu/store

mkdir -p custom/etc last
printf 'root:x:0:0::/:/bin/sh\n' >custom/etc/passwd
tar -C custom --mtime=@1 --owner=0 --group=0 -cf last/layer.tar etc
sha256sum <last/layer.tar | cut -c1-64 >last/checksum

# Each item is a layer, under the place where it really is.
jq -Rn --arg root "$tmp/root" --arg last "$tmp/last" '{
    architecture: "amd64", os: "linux", created: "2001-02-03T04:05:06+00:00",
    repo_tag: "example.org/streamed:1", from_image: null,
    store_dir: ($root + "/gnu/store"),
    store_layers: [inputs | [$root + .]], customisation_layer: $last,
    config: {Env: ["A=1"], Cmd: ["/x"], Labels: {k: "v"}}
  }' <items >conf.json

# edited FILTER: conf.json, changed by jq.
edited ()
{
  jq "$1" conf.json >edited.json
}

# unpack NAME: NAME.tar as the folder NAME.
unpack ()
{
  rm -rf "$1"
  mkdir "$1"
  tar -xf "$1.tar" -C "$1"
}

# layers NAME: the files of the layers, the lowest first.
layers ()
{
  jq -r '.[0].Layers[]' "$1/manifest.json" | sed "s|^|$1/|"
}

# entries LAYER: name, mode, size, time, owner and link target of each entry,
# without the parents of the store, and the digest of what is in files.
entries ()
{
  local folder=$tmp/entries
  rm -rf "$folder"
  mkdir "$folder"
  tar -xpf "$1" -C "$folder" 2>/dev/null
  tar --full-time -tvf "$1" 2>/dev/null | awk '{print $2, $4, $5}' | sort -u
  (
    cd "$folder"
    if [ -d "./$store" ]; then cd "./$store"; fi
    find . -mindepth 1 -printf '%y %m %s %T@ %P %l\n' |
      sed -E 's/^(d [0-9]+) [0-9]+/\1/' | sort
    find . -type f -exec sha256sum {} + | sort
  )
  chmod -R u+w "$folder"
}

ok "98 layers: stream" bash -c 'strata stream conf.json >ours.tar'
unpack ours
is "98 layers" "$(layers ours | wc -l)" 98
ok "skopeo reads it" skopeo inspect docker-archive:ours.tar
is "name" "$(jq -r '.[0].RepoTags[]' ours/manifest.json)" \
   example.org/streamed:1
skopeo inspect --config docker-archive:ours.tar >config
is "config" "$(jq -c .config config)" \
   '{"Env":["A=1"],"Cmd":["/x"],"Labels":{"k":"v"}}'
is "created" "$(jq -r .created config)" 2001-02-03T04:05:06Z
same "the last layer is the one given" "$(layers ours | tail -n 1)" \
  last/layer.tar
first=$(layers ours | sed -n 1p)
is "times and owners" \
   "$(tar --full-time -tvf "$first" | awk '{print $2, $4, $5}' | sort -u)" \
   "root/root 2001-02-03 04:05:06"
ok "again, one thread" bash -c 'strata stream --jobs=1 conf.json >again.tar'
same "the same again" again.tar ours.tar

is "a pipe that ends" \
  "$(bash -c 'strata stream conf.json | head -c 1 >/dev/null
              echo "${PIPESTATUS[0]}"' 2>&1)" 141

if command -v python3 >/dev/null && [ -e "$peer" ]; then
  ok "the Python program: stream" \
     bash -c "python3 '$peer' conf.json >theirs.tar"
  unpack theirs
  is "the Python program: as many layers" "$(layers theirs | wc -l)" 98
  for i in 1 2 50 97 98; do
    is "the Python program: layer $i has the same content" \
       "$(entries "$(layers ours | sed -n "${i}p")")" \
       "$(entries "$(layers theirs | sed -n "${i}p")")"
  done
  is "the Python program: the same config" "$(jq -S .config config)" \
     "$(skopeo inspect --config docker-archive:theirs.tar | jq -S .config)"
else
  skip "the Python program" "it or python3 is missing"
fi

# --- Fields that override the usual form.

edited '.mtime = "1999-01-01T00:00:00Z" | .uid = 1000 | .gid = 100
        | .uname = "me" | .gname = "us"'
ok "owners and mtime: stream" bash -c 'strata stream edited.json >edited.tar'
unpack edited
layer=$(layers edited | sed -n 1p)
is "mtime and names" \
   "$(tar --full-time -tvf "$layer" | awk '{print $2, $4, $5}' | sort -u)" \
   "me/us 1999-01-01 00:00:00"
is "numbers" \
   "$(tar --numeric-owner -tvf "$layer" | awk '{print $2}' | sort -u)" 1000/100

edited "(.store_dir, .store_layers[][]) |= ltrimstr(\"$tmp/root\")"
ok "--store-root: stream" \
   bash -c 'strata stream --store-root=root edited.json >edited.tar'
unpack edited
like "--store-root: names" "$(tar -tf "$(layers edited | sed -n 1p)")" \
  '^gnu/store/[0-9a-z]{32}-item-1/bin/run$'

# --- On another image.

edited '.from_image = "ours.tar" | .store_layers = [] | .config = {
  Env: ["B=2", "A=3"], Entrypoint: ["/y"]} | .customisation_layer = null'
ok "from_image: stream" bash -c 'strata stream edited.json >onto.tar'
unpack onto
is "from_image: its layers" "$(layers onto | sed 's|onto/||')" \
   "$(layers ours | sed 's|ours/||')"
is "from_image: config" \
   "$(skopeo inspect --config docker-archive:onto.tar | jq -cS .config)" \
   '{"Entrypoint":["/y"],"Env":["A=3","B=2"],"Labels":{"k":"v"}}'

# --- What is refused.

# refused NAME PATTERN FILTER
refused ()
{
  edited "$3"
  fails "$1" "$2" stream edited.json
}
refused "no time" "created: 'soon' is not a time" '.created = "soon"'
refused "no such day" "created: " '.created = "2001-02-29T00:00:00Z"'
refused "before 1970" "mtime: " '.mtime = "1969-12-31T23:59:59Z"'
refused "os" "os: 'hurd'" '.os = "hurd"'
refused "uid" "uid" '.uid = 4294967296'
refused "negative uid" "uid" '.uid = -1'
refused "uname" "uname: 'é'" '.uname = "é"'
refused "name" "'Upper'" '.repo_tag = "Upper"'
refused "item outside" "'/etc/passwd' is not an item" \
  '.store_layers[0] = ["/etc/passwd"]'
refused "item that climbs" "is not an item" \
  '.store_layers[0][0] += "/../../x"'
refused "item twice" "is in two layers" '.store_layers[1] = .store_layers[0]'
refused "item that is not there" "zzzzzzzz" \
  '.store_layers[0][0] |= sub("/[0-9a-z]{32}-"; "/" + ("z" * 32) + "-")'
refused "layers that are none" "store_layers" '.store_layers = "x"'
refused "absent member" "repo_tag" 'del(.repo_tag)'
refused "type of a member" "config.Env" '.config.Env = ["x", 1]'
refused "nothing at all" "at least one layer" \
  '.store_layers = [] | .customisation_layer = null'
refused "base that is not there" "nothing.tar" '.from_image = "nothing.tar"'
# An item is looked for where the store is.
jq --arg item "$(strata store add --store-root=root last last)" \
  '.store_dir = "/gnu/store" | .store_layers = [] |
   .customisation_layer = $item' conf.json >rooted.json
strata stream --store-root=root rooted.json >rooted.tar
unpack rooted
same "a last layer in a store elsewhere" last/layer.tar "$(layers rooted)"

refused "last layer that is not there" "nothing" \
  '.customisation_layer = "nothing"'
cp -r last wrong
sha256sum </dev/null | cut -c1-64 >wrong/checksum
refused "wrong checksum" "its checksum is not the one" \
  '.customisation_layer = "wrong"'
echo x >wrong/checksum
refused "bad checksum" "does not hold a SHA-256" \
  '.customisation_layer = "wrong"'
echo '{' >broken.json
fails "no JSON" "broken.json" stream broken.json
fails "no file" "nothing.json" stream nothing.json
fails "no operand" "missing document" stream
fails "two operands" "extra operand" stream conf.json conf.json

# --- Docker.  It comes last: without it the rest stands.

if [ "$(id -u)" = 0 ] && command -v dockerd >/dev/null; then
  start_dockerd
  ok "Docker loads 98 layers" docker load -i ours.tar
  is "Docker: layers" \
     "$(docker image inspect --format '{{len .RootFS.Layers}}' \
          example.org/streamed:1)" 98
else
  skip "Docker loads 98 layers" "needs root and dockerd"
fi

plan
