#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Docker's engine loads images and runs programs in them.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
use_demo_store
start_dockerd

items=(bash coreutils hello)
pipeline='echo b a | tr " " "\n" | sort | head -n 1'
engine=$(docker version --format '{{.Server.Version}}')

# pack_demo ARGUMENT...
pack_demo ()
{
  strata pack --store-root="$demo_store" "$@"
}

# in_image TAG COMMAND...: prints what COMMAND prints in a container.
in_image ()
{
  docker run --rm --pull never --network none "$@" 2>&1
}

# image_field TAG TEMPLATE
image_field ()
{
  docker image inspect --format "$2" "$1"
}

# The engine keeps no layer of an image that is gone, so that the next one is
# read whole.
remove_images ()
{
  docker image ls --quiet | sort -u | xargs --no-run-if-empty \
    docker image rm --force >"$tmp/.removed"
  is "no image is left" "$(docker image ls --quiet)" ""
}

# most_layers: what the demo image has at most, each item of the closure, the
# profile and the root in one of its own.
most_layers ()
{
  local closure
  closure=$(strata store query requisites --store-root="$demo_store" \
                   "${items[@]}")
  echo $(($(wc -l <<<"$closure") + 2))
}

# runs NAME TAG: hello and a pipeline run.
runs ()
{
  is "$1: hello" "$(in_image "$2" hello)" "Hello, world!"
  is "$1: pipeline" "$(in_image "$2" bash -c "$pipeline")" "a"
}


# --- Numbers of layers, and compressors.

most=$(most_layers)
like "the demo store has many items" "$most" '^[0-9]{2,}$'

for compression in none gzip; do
  for layers in 1 2 5 100; do
    name="$compression, at most $layers"
    ok "$name: pack" pack_demo --max-layers="$layers" -C "$compression" \
       -o "$tmp/image.tar" --image-tag=demo:1 "${items[@]}"
    ok "$name: load" docker load --input "$tmp/image.tar"
    is "$name: layers" "$(image_field demo:1 '{{len .RootFS.Layers}}')" \
       "$((layers < most ? layers : most))"
    runs "$name" demo:1
    remove_images
  done
done

for compression in xz:1 bzip2:1; do
  ok "$compression: pack" pack_demo -C "$compression" -o "$tmp/image.tar" \
     --image-tag=demo:1 "${items[@]}"
  ok "$compression: load" docker load --input "$tmp/image.tar"
  runs "$compression" demo:1
  remove_images
done

ok "zstd: pack" pack_demo -C zstd -o "$tmp/image.tar" --image-tag=demo:1 \
   "${items[@]}"
if [ "${engine%%.*}" -ge 23 ]; then
  ok "zstd: load" docker load --input "$tmp/image.tar"
  runs "zstd" demo:1
else
  # The format's limit, not ours: engines before 23 do not know zstd.
  like "zstd: an engine before 23 says that it does not know it" \
       "$(docker load --input "$tmp/image.tar" 2>&1)" 'invalid tar header'
fi
remove_images


# --- What the engine sees.

# From a pipe; links and tags.
for compression in none gzip; do
  like "$compression: load from a pipe" \
       "$(pack_demo -o - -C "$compression" -S /bin=bin --image-tag=piped \
            "${items[@]}" | docker load)" '^Loaded image: piped:latest$'
  runs "$compression, from a pipe" piped
  is "$compression, from a pipe: /bin" "$(in_image piped /bin/sh -c /bin/hello)" \
     "Hello, world!"
  remove_images
done

ok "tags: pack" pack_demo -o "$tmp/image.tar" --image-tag=demo \
   --image-tag=tools/demo:1.2 --image-tag=example.org:5000/a/b:3 "${items[@]}"
ok "tags: load" docker load --input "$tmp/image.tar"
is "tags" "$(image_field demo '{{join .RepoTags "\n"}}' | sort)" \
   "demo:latest
example.org:5000/a/b:3
tools/demo:1.2"
runs "full reference" example.org:5000/a/b:3

profile=$(image_field demo '{{join .Config.Env "\n"}}' |
            sed -n 's,^PATH=\(/gnu/store/[0-9a-z]*-profile\)/bin$,\1,p')
like "PATH leads to the profile" "$profile" '^/gnu/store/[0-9a-z]{32}-profile$'
is "the profile is where PATH says" \
   "$(in_image demo bash -c 'command -v hello')" "$profile/bin/hello"
is "no entry point" "$(image_field demo '{{json .Config.Entrypoint}}')" "null"
is "architecture" "$(image_field demo '{{.Architecture}}')" \
   "$(docker version --format '{{.Server.Arch}}')"
is "system" "$(image_field demo '{{.Os}}')" "linux"
is "created" "$(image_field demo '{{.Created}}')" "1970-01-01T00:00:01Z"
is "one line of history for each layer" \
   "$(docker history --quiet demo | wc -l)" \
   "$(image_field demo '{{len .RootFS.Layers}}')"
is "the history names items" \
   "$(docker history --format '{{.Comment}}' --no-trunc demo |
        grep -cE '^(bash|coreutils|hello|libc6)-[0-9]')" 4
is "/tmp" "$(in_image demo stat --format '%a %u %g' /tmp)" "1777 0 0"
is "anyone can write in /tmp" \
   "$(in_image --user 1234:1234 demo bash -c 'echo x >/tmp/y; cat /tmp/y')" "x"
is "modes in the store" \
   "$(in_image demo stat --format '%a %u %g %Y' /gnu/store "$profile" \
               "$profile/manifest")" \
   "755 0 0 1
555 0 0 1
444 0 0 1"
is "nothing else but what engines make" \
   "$(in_image demo ls -A / |
        grep -vxE '\.dockerenv|dev|etc|proc|sys' | tr '\n' ' ')" "gnu tmp "
remove_images

ok "entry point: pack" pack_demo -o "$tmp/image.tar" --image-tag=demo \
   --entry-point=bin/bash -A -c -A 'echo "<$0> <$1>"' -A 'first one' \
   -S /bin=bin -S /usr/bin/env=bin/env "${items[@]}"
ok "entry point: load" docker load --input "$tmp/image.tar"
is "entry point: with its arguments and the user's" \
   "$(in_image demo 'and another')" "<first one> <and another>"
is "entry point: in the profile" \
   "$(image_field demo '{{index .Config.Entrypoint 0}}')" "$profile/bin/bash"
is "links" \
   "$(in_image --entrypoint /bin/readlink demo /bin /usr/bin/env)" \
   "$profile/bin
$profile/bin/env"
remove_images


# --- As many layers as an engine can stack.

cp -a "$demo_store" "$tmp/many"
ok "add 130 items" guile --no-auto-compile -c '
  (use-modules (strata store))
  (define directory (cadr (command-line)))
  (do ((i 0 (+ i 1))) ((= i 130))
    (let ((file (string-append directory "/tiny")))
      (call-with-output-file file
        (lambda (port) (write i port)))
      (add-to-store (string-append "tiny" (number->string i)) file
                    #:root (string-append directory "/many"))))' "$tmp"
mapfile -t tiny < <(cd "$tmp/many" && printf '/%s\n' gnu/store/*-tiny*)
is "130 items are there" "${#tiny[@]}" 130
ok "125 layers: pack" strata pack --store-root="$tmp/many" -C none \
   --max-layers=125 --strategy=size -o "$tmp/image.tar" --image-tag=demo \
   "${items[@]}" "${tiny[@]}"
ok "125 layers: load" docker load --input "$tmp/image.tar"
is "125 layers" "$(image_field demo '{{len .RootFS.Layers}}')" 125
runs "125 layers" demo
is "125 layers: every item is there" \
   "$(in_image demo cat "${tiny[@]}" | tr -d '\n' | wc -c)" \
   "$((10 + 2 * 90 + 3 * 30))"

plan
