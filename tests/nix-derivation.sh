#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Images made by a build daemon: Strata, Guile and their libraries are items of
# its store and inputs of the derivations; the sandbox has nothing else.  Nix's
# function, the gexp of the manual, and programs in Scheme.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1
need_program nix-build nix-hash patchelf hello dpkg-query strata guile jq
start_nix_daemon
. "$top_srcdir/tests/support/nix-store.sh" || exit 1
fill_nix_store
start_dockerd

system=$(with_nix nix-instantiate --eval --expr builtins.currentSystem |
           tr -d '"')
bash=${item_of[bash]}
hello=${item_of[hello]}
guile=${item_of[guile]}
strata=${item_of[strata]}

# write_expression NAME EXPRESSION: $tmp/NAME.nix, where the items have names.
write_expression ()
{
  local name
  { echo "let"
    for name in bash hello guile strata; do
      echo "  $name = builtins.storePath ${item_of[$name]};"
    done
    cat <<END
  images = import ${strata}/share/strata/nix/strata.nix { inherit strata; };
  inherit (images) layeredImage;
  # A derivation whose builder is the program FILE in Scheme.
  program = name: file: variables: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "\${guile}/bin/guile";
    args = [ "--no-auto-compile" file ];
    GUILE_LOAD_PATH = "\${strata}/share/guile/site/3.0";
    GUILE_LOAD_COMPILED_PATH = "\${strata}/lib/guile/3.0/site-ccache";
  } // variables);
in
$2
END
  } >"$tmp/$1.nix"
}

# build NAME [OPTION...]: the derivation in $tmp/NAME.nix, without /bin/sh in
# its sandbox, which this daemon has for others.  Sets $built, and $log.
build ()
{
  local status=0
  built=$(with_nix nix-build "$tmp/$1.nix" --no-out-link \
            --option sandbox-paths '' "${@:2}" </dev/null 2>"$tmp/.log") ||
    status=$?
  log=$(cat "$tmp/.log")
  [ "$status" = 0 ] || cat "$tmp/.log" >&2
  return "$status"
}

# builds NAME [TITLE]: and a second build has the same bytes.
builds ()
{
  local title=${2:-$1}
  if build "$1" 2>"$tmp/.errors"; then
    result yes "$title: build"
  else
    result no "$title: build"
    say "$tmp/.errors"
  fi
  ok "$title: a second build has the same bytes" build "$1" --check
}

# in_image COMMAND...: what it prints in a container.
in_image ()
{
  docker run --rm --pull never --network none "$@" 2>&1
}

# items_in FILE: the items in an image, sorted.
items_in ()
{
  local layer
  tar -xOf "$1" manifest.json | jq -r '.[0].Layers[]' |
    while read -r layer; do tar -xOf "$1" "$layer" | tar -tzf -; done |
    sed -nE "s,^(${NIX_STORE_DIR#/}/[^/]+)/?\$,/\\1,p" | sort -u
}

closure_of ()
{
  with_nix nix-store --query --requisites "$@" | sort -u
}

# --- The sandbox.

write_expression outside 'derivation {
  name = "outside"; system = builtins.currentSystem; builder = "/bin/sh";
  args = [ "-c" "echo > $out" ];
}'
not_ok "the sandbox has no shell" build outside

# A second build that differs is seen.
cat >"$tmp/random.scm" <<'END'
(call-with-output-file (getenv "out")
  (lambda (port) (write (gettimeofday) port)))
END
write_expression random "program \"random\" $tmp/random.scm { }"
ok "a build that is never the same" build random
not_ok "seen: the second build has other bytes" build random --check
like "seen: why" "$(cat "$tmp/.log")" 'may not be deterministic'

# --- The function.

write_expression image 'layeredImage {
  name = "example.org:5000/tools/demo";
  tag = "1.2";
  contents = [ bash hello ];
  maxLayers = 4;
  compression = "gzip:4";
  created = "2026-01-31T12:00:00Z";
  symlinks = { "/bin" = "bin"; "/etc/x y" = "bin/hello"; };
  config = {
    Cmd = [ "-c" "hello; echo \"$GREETING $0\"" "ä \"b\"" ];
    Entrypoint = [ "bin/bash" ];
    Env = [ "GREETING=good  day" "LIBRARY=${hello}/lib" ];
    ExposedPorts = { "80/tcp" = { }; "53/udp" = { }; };
    Labels = { a = "b=c"; "org.example" = "grüß dich"; };
    StopSignal = "SIGINT";
    User = "7:8";
    Volumes = { "/data" = { }; };
    WorkingDir = "/tmp";
  };
}'
builds image "layeredImage"
image=$built
like "its name in the store" "$image" \
  "^$NIX_STORE_DIR/[0-9a-z]{32}-demo-docker-image.tar\$"
tag=example.org:5000/tools/demo:1.2
ok "load" docker load --input "$image"
is "run" "$(in_image "$tag")" \
   'Hello, world!
good  day ä "b"'
is "links" "$(in_image --entrypoint '/etc/x y' "$tag")" \
   "Hello, world!"
is "layers" \
   "$(docker image inspect --format '{{len .RootFS.Layers}}' "$tag")" 4
config=$(docker image inspect "$tag" | jq '.[0]')
# field FILTER EXPECTED
field ()
{
  is "config: $1" "$(jq -c "$1" <<<"$config")" "$2"
}
field .Created '"2026-01-31T12:00:00Z"'
field .Config.Cmd '["-c","hello; echo \"$GREETING $0\"","ä \"b\""]'
field '.Config.Entrypoint | map(sub(".*-profile";"P"))' '["P/bin/bash"]'
field '.Config.Env | map(select(startswith("PATH") | not)) | sort' \
      "[\"GREETING=good  day\",\"LIBRARY=$hello/lib\"]"
field '.Config.ExposedPorts | keys' '["53/udp","80/tcp"]'
field '.Config.Labels | del(.["org.gnu.strata.plan"])' \
      '{"a":"b=c","org.example":"grüß dich"}'
field .Config.StopSignal '"SIGINT"'
field .Config.User '"7:8"'
field '.Config.Volumes | keys' '["/data"]'
field .Config.WorkingDir '"/tmp"'
is "the closure, the profile, nothing else" \
   "$(items_in "$image" | grep -v -- '-profile$')" \
   "$(closure_of "$bash" "$hello")"

# Outside of the daemon, from the database, the same.
ok "the same on the command line" strata pack -o "$tmp/same.tar" \
   --store="$NIX_STORE_DIR" --database="$nix/var/db/db.sqlite" \
   --image-tag="$tag" --max-layers=4 \
   --compression=gzip:4 --created=2026-01-31T12:00:00Z --system="$system" \
   --symlink=/bin=bin --symlink='/etc/x y=bin/hello' \
   --cmd=-c --cmd='hello; echo "$GREETING $0"' --cmd='ä "b"' \
   --entry-point=bin/bash --env='GREETING=good  day' \
   --env="LIBRARY=$hello/lib" --expose=53/udp --expose=80/tcp --label=a=b=c \
   --label='org.example=grüß dich' --stop-signal=SIGINT --user=7:8 \
   --volume=/data --working-directory=/tmp "$bash" "$hello"
same "the same bytes on the command line" "$image" "$tmp/same.tar"

# What only the configuration names is in the image.
write_expression command 'layeredImage {
  name = "command";
  config.Cmd = [ "${hello}/bin/hello" "-g" "from ${bash}." ];
}'
builds command "no contents"
ok "no contents: load" docker load --input "$built"
is "no contents: run" "$(in_image command)" "from $bash."
is "no contents: items" "$(items_in "$built" | grep -v -- '-profile$')" \
   "$(closure_of "$bash" "$hello")"

# An image to build on, and one item that is no list.
write_expression base 'layeredImage {
  name = "based";
  fromImage = layeredImage { name = "base"; contents = bash;
                             config.Env = [ "X=base" ]; };
  contents = hello;
  compression = "none";
  config.Entrypoint = [ "${bash}/bin/bash" "-c" "hello; echo $X" ];
}'
builds base "fromImage"
ok "fromImage: load" docker load --input "$built"
is "fromImage: run" "$(in_image based)" "Hello, world!
base"

# refused NAME PATTERN EXPRESSION
refused ()
{
  write_expression refused "$3"
  not_ok "$1" build refused
  like "$1: message" "$(cat "$tmp/.log")" "$2"
}
refused "unknown field" "unknown field 'Entrypiont' of config" \
        'layeredImage { name = "x"; config.Entrypiont = [ ]; }'
refused "no items" "missing item" 'layeredImage { name = "x"; }'
refused "unknown compression" "unknown compression 'lz'" \
        'layeredImage { name = "x"; contents = hello; compression = "lz"; }'

# --- A builder in Scheme: the gexp of the manual.  A gexp is a program with
# --- holes; these modules fill them as Guix does, with what the daemon says.

mkdir -p "$tmp/guix/guix" "$tmp/guix/gnu/packages"
cat >"$tmp/guix/guix/gexp.scm" <<'END'
(define-module (guix gexp)
  #:export (computed-file with-extensions file-append output strata))
(for-each (lambda (character)
            (read-hash-extend character (lambda (_ port) (read port))))
          '(#\~ #\$))
(define-syntax-rule (with-extensions extensions program) program)
(define* (computed-file name result #:key options) result)
(define (file-append . parts) (apply string-append parts))
(define output (getenv "out"))
(define strata #f)
END
cat >"$tmp/guix/guix/store.scm" <<'END'
(define-module (guix store) #:export (%store-prefix))
(define (%store-prefix) (getenv "NIX_STORE"))
END
cat >"$tmp/guix/gnu/packages/base.scm" <<'END'
(define-module (gnu packages base) #:export (hello))
(define hello (getenv "hello"))
END
write_expression gexp "program \"hello-docker-image.tar\"
  ${top_srcdir}/doc/example-gexp.scm {
    inherit hello;
    exportReferencesGraph = [ \"graph\" hello ];
    GUILE_LOAD_PATH =
      \"\${$tmp/guix}:\${strata}/share/guile/site/3.0\";
  }"
builds gexp "the gexp of the manual"
ok "gexp: load" docker load --input "$built"
is "gexp: run" "$(in_image hello)" "Hello, world!"
is "gexp: items" "$(items_in "$built")" "$(closure_of "$hello")"
ok "the manual shows it" \
   grep -q '^@verbatiminclude example-gexp.scm$' "$top_srcdir/doc/strata.texi"

# --- As many threads as the daemon allows; and neither HOME nor a folder for
# --- temporary files.

cat >"$tmp/threads.scm" <<'END'
(use-modules (ice-9 ftw) (strata docker) (strata store))
(unsetenv "HOME")
(setenv "TMPDIR" "/nonexistent")
(define most 0)
(define (count-threads . _)
  (set! most (max most (length (scandir "/proc/self/task")))))
(define store
  (open-store #:directory (getenv "NIX_STORE")
              #:reference-graphs '("graph")))
(define item (getenv "item"))
(build-docker-image "image.tar" (store-closure store (list item)) item
                    #:reference-graphs '("graph")
                    #:layer-compression "gzip:12"
                    #:progress count-threads)
(call-with-output-file (getenv "out")
  (lambda (port) (write most port)))
END
# threads CORES: how many there were at most.
threads ()
{
  write_expression threads "program \"threads-$1\" $tmp/threads.scm {
    item = bash;
    exportReferencesGraph = [ \"graph\" bash ];
  }"
  build threads --cores "$1" && cat "$built"
}
one=$(threads 1)
like "one core: there are threads" "$one" '^[0-9]+$'
is "three cores: two threads more" "$(threads 3)" "$((one + 2))"
is "no limit: one thread for each core" "$(threads 0)" \
   "$((one + $(nproc) - 1))"

plan
