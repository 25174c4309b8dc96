#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Guix's build-docker-image, through the overlay that stands in for Guix's
# module: what becomes of each keyword, as tar and skopeo see it.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata guile skopeo tar jq
export LC_ALL=C

cd "$tmp"

# --- A store with three items: tool refers to base, profile to tool.

add ()
{
  strata store add --store-root="$tmp/root" "$@"
}
mkdir -p base/lib tool/bin profile
printf 'data\n' >base/lib/data
printf 'lib\n' >base/lib/Guile.so
base=$(add base-1.0 base)
printf '#!%s\n' "$base/lib/data" >tool/bin/guile
chmod +x tool/bin/guile
ln -s "$base/lib" tool/lib
tool=$(add tool-2.0 tool)
ln -s "$tool/bin" profile/bin
profile=$(add profile profile)
database=$tmp/root/var/guix/db/db.sqlite

# build NAME EXPRESSION...: calls build-docker-image for NAME.tar with all three
# items and EXPRESSIONs as further arguments.
build ()
{
  local name=$1
  shift
  guile --no-auto-compile -L "$top_srcdir/scheme/guix-overlay" -c "
    (use-modules (guix docker) (srfi srfi-19) (strata errors)
                 (ice-9 exceptions))
    (define paths '(\"$base\" \"$tool\" \"$profile\"))
    (guard (condition ((strata-error? condition)
                       (display (strata-error-message condition)
                                (current-error-port))
                       (primitive-exit 3)))
      (build-docker-image \"$tmp/$name.tar\" paths \"$profile\"
                          #:store-root \"$tmp/root\" $*))"
}

# config NAME FILTER: of the image, by jq.
config ()
{
  skopeo inspect --config "docker-archive:$1.tar" | jq -r "$2"
}

# layers NAME: the names of the layers, the lowest first.
layers ()
{
  tar -xOf "$1.tar" manifest.json | jq -r '.[0].Layers[]'
}

# unpack NAME: all layers, one after another, as root of the folder NAME.d.
unpack ()
{
  local layer
  mkdir "$1.d" "$1.d.blobs"
  tar -xf "$1.tar" -C "$1.d.blobs"
  layers "$1" | while read -r layer; do
    tar --delay-directory-restore -xpf "$1.d.blobs/$layer" -C "$1.d"
  done
}

# list FOLDER: type, mode (of links 777), name and target of all in it.
list ()
{
  (cd "$1" && find . -mindepth 1 -printf '%y %m %P %l\n' | sort)
}

# refused NAME PATTERN EXPRESSION...: an error, and no file.
refused ()
{
  local name=$1 pattern=$2 status=0
  shift 2
  build refused "$@" >"$tmp/.out" 2>"$tmp/.err" || status=$?
  is "$name: an error" "$status" 3
  like "$name: message" "$(cat "$tmp/.err")" "$pattern"
  ok "$name: no file" test ! -e refused.tar
}


# --- Guix's own test: a profile with a link, localstatedir, 100 layers and one.

directives="'((directory \"/tmp\" 1000 1000 #o1777)
  (\"/bin/Guile\" -> \"$profile/bin/guile\"))"
for count in 100 '#f'; do
  name=guix${count#\#}
  ok "max-layers $count: build" build "$name" \
     "#:database \"$database\" #:max-layers $count #:extra-files $directives"
  ok "max-layers $count: unpack" unpack "$name"
  ok "max-layers $count: the program" test -x "$name.d$tool/bin/guile"
  ok "max-layers $count: tmp" test -d "$name.d/tmp"
  is "max-layers $count: mode of tmp" "$(stat -c %a "$name.d/tmp")" 1777
  is "max-layers $count: bin" "$(readlink "$name.d$profile/bin")" "$tool/bin"
  is "max-layers $count: bin/Guile" "$(readlink "$name.d/bin/Guile")" \
     "$profile/bin/guile"
  same "max-layers $count: database" "$name.d/var/guix/db/db.sqlite" \
       "$database"
  is "max-layers $count: mode of the database" \
     "$(stat -c %a "$name.d/var/guix/db/db.sqlite")" 644
  is "max-layers $count: gcroots" \
     "$(readlink "$name.d/var/guix/gcroots/profiles")" /var/guix/profiles
  is "max-layers $count: generation" \
     "$(readlink "$name.d/var/guix/profiles/per-user/root/guix-profile-1-link")" \
     "$profile"
  is "max-layers $count: root's profile" \
     "$(readlink "$name.d/var/guix/profiles/per-user/root/guix-profile")" \
     guix-profile-1-link
done
is "100: layers" "$(layers guix100 | wc -l)" 4
is "#f: layers" "$(layers guixf | wc -l)" 1
is "both hold the same" "$(list guix100.d)" "$(list guixf.d)"
is "owners are 0:0" \
   "$(tar --numeric-owner -tvf "guixf.d.blobs/$(layers guixf)" |
        awk '{print $2}' | sort -u)" 0/0


# --- As GNU tar has it: transformations, directives, nothing else.

ok "transformations: build" build transformed \
   "#:transformations '((\"$base\" -> \"/opt/base\") (\"$tool/\" -> \"\"))
    #:max-layers 1"
ok "transformations: unpack" unpack transformed
mkdir by-tar
tar -C root -cf - --sort=name "${base#/}" "${tool#/}" "${profile#/}" \
    --transform "flags=rSH;s,^${base#/},opt/base," \
    --transform "flags=rSH;s,^${tool#/}/*,," 2>/dev/null |
  tar -xpf - -C by-tar
# What tar does not name it makes on its way: parents are left out of it.
is "transformations: as tar" \
   "$(list transformed.d | grep -vE ' (gnu|gnu/store|opt) ')" \
   "$(list by-tar | grep -vE ' (gnu|gnu/store|opt) ')"
is "transformations: not of link targets" \
   "$(readlink "transformed.d/lib")" "$base/lib"
ok "transformations: content" diff -r transformed.d/opt/base base

ok "all directives: build" build directives "#:extra-files
   '((directory \"/\") (directory \"a/b\") (directory \"/c\" 5 6)
     (directory \"/d/e\" 5 6 #o700) (file \"/f\") (file \"/g/h\" \"text\")
     (\"i\" -> \"../x\"))"
ok "all directives: unpack" unpack directives
is "all directives" \
   "$(list directives.d | grep -vE ' gnu(/| )')" \
   "d 700 d/e 
d 755 a 
d 755 a/b 
d 755 c 
d 755 d 
d 755 g 
f 644 f 
f 644 g/h 
l 777 i ../x"
is "all directives: empty file" "$(cat directives.d/f)" ""
is "all directives: text" "$(cat directives.d/g/h)" text

ok "owners: build" build owners "#:extra-files '((directory \"/srv/data\" 0 0))
   #:owners '((\"/srv/data\" 1000 100))"
ok "owners: unpack" unpack owners
is "owners: only what was asked for" \
   "$(tar --numeric-owner -tvf "owners.d.blobs/$(layers owners)" |
        awk '$2 == "1000/100" {print $NF}')" srv/data/

# --- Roots.

mkdir -p system/etc system/var/log
printf 'root:x:0:0::/:/bin/sh\n' >system/etc/passwd
chmod 1777 system/var/log
ln -s ../var/log system/etc/log
ln -s . system/here                     # these lead round, but to an end
ln -s ../../here/etc system/var/log/up
ln -s "$base/bin" system/bin
ln -s /run/nothing system/etc/nothing
ok "root-system: build" build root-system "#:root-system \"$tmp/system\"
   #:max-layers 10"
ok "root-system: unpack" unpack root-system
is "root-system" "$(list root-system.d | grep -vE ' gnu(/| )')" "$(list system)"

is "root-system: is the last layer" \
   "$(tar -tf "root-system.d.blobs/$(layers root-system | tail -n 1)" | sort)" \
   "$(cd system && find . -mindepth 1 -printf '%P\n' |
        sed -E 's,^(etc|var|var/log)$,&/,' | sort)"
ok "root-system, one layer: build" build one-root "#:root-system \"$tmp/system\""
ok "root-system, one layer: unpack" unpack one-root
is "root-system, one layer: it holds all" "$(layers one-root | wc -l)" 1
is "root-system, one layer: the same files" \
   "$(list one-root.d)" "$(list root-system.d)"

ok "a folder outside the store: build" \
   guile --no-auto-compile -c "
     (use-modules (strata docker))
     (build-docker-image \"$tmp/folder.tar\"
                         '(\"$tmp/system\" \"$base\") \"$base\"
                         #:store-root \"$tmp/root\"
                         #:transformations '((\"$tmp/system\" -> \"\")))"
ok "a folder outside the store: unpack" unpack folder
is "a folder outside the store" \
   "$(list folder.d | grep -vE ' gnu(/| )')" "$(list system)"
ok "nothing but such a folder: build" \
   guile --no-auto-compile -c "
     (use-modules (strata docker))
     (build-docker-image \"$tmp/alone.tar\" '(\"$tmp/system\") \"$base\"
                         #:transformations '((\"$tmp/system\" -> \"\")))"
ok "nothing but such a folder: unpack" unpack alone
is "nothing but such a folder" "$(list alone.d)" "$(list system)"

# --- The config.

ok "config: build" build config "
  #:repository \"My/Repo Name\" #:system \"aarch64\"
  #:environment '((\"PATH\" . \"$profile/bin\") (\"X\" . \"a=b\"))
  #:entry-point '(\"$profile/bin/guile\" \"-q\")
  #:creation-time (make-time time-utc 0 86400)
  #:user \"1:2\" #:working-directory \"/w\" #:stop-signal \"SIGINT\"
  #:labels '((\"k\" . \"v\")) #:exposed-ports '(\"80/tcp\")
  #:volumes '(\"/v\") #:command '(\"c\" \"d\")"
is "architecture" "$(config config .architecture)" arm64
is "created" "$(config config .created)" 1970-01-02T00:00:00Z
is "the whole config" \
   "$(config config '.config | del(.Labels["org.gnu.strata.plan"]) | tostring')" \
   "{\"User\":\"1:2\",\"ExposedPorts\":{\"80/tcp\":{}},\
\"Env\":[\"PATH=$profile/bin\",\"X=a=b\"],\
\"Entrypoint\":[\"$profile/bin/guile\",\"-q\"],\"Cmd\":[\"c\",\"d\"],\
\"Volumes\":{\"/v\":{}},\"WorkingDir\":\"/w\",\"Labels\":{\"k\":\"v\"},\
\"StopSignal\":\"SIGINT\"}"

tag_of ()
{
  build tag "$@" && tar -xOf tag.tar manifest.json | jq -r '.[0].RepoTags[]'
}
is "name that is normalised" "$(tag_of '#:repository "My/Repo Name"')" \
   my.repo.name:latest
is "short name" "$(tag_of '#:repository "X"')" xa:latest
is "name that Guix would spoil" "$(tag_of '#:repository "a+.b"')" a-b:latest
is "valid name" "$(tag_of '#:repository "example.org:5000/a/b:1"')" \
   example.org:5000/a/b:1
is "default name" "$(tag_of '')" guix:latest
is "tags" "$(tag_of "#:tags '(\"a:1\" \"b\")")" "a:1
b:latest"

# --- Compressors: of the whole archive, and of layers.

for command in '"gzip" "-9n"' '"xz" "-0"' '"bzip2"' '"zstd" "-3"' '"base64"'; do
  name=$(tr -d '" ' <<<"${command%% *}")
  for layers in '#f' 3; do
    ok "compressor $name, max-layers $layers: build" build compressed \
       "#:compressor '($command) #:max-layers $layers"
    case $name in
      base64) decompress="base64 -d";;
      *)      decompress="$name -dc";;
    esac
    like "compressor $name, max-layers $layers: plain inside" \
      "$($decompress <compressed.tar | tar -tf - 2>/dev/null)" '^manifest.json$'
  done
done
ok "layer-compression: build" build layer '#:layer-compression "zstd:5"'
like "layer-compression" \
  "$(tar -xOf layer.tar index.json >index.json; tar -xOf layer.tar \
       "blobs/sha256/$(jq -r '.manifests[0].digest[7:]' index.json)")" \
  'tar\+zstd'

# --- Where references come from; the layers are the same if the plan is, which
# tells the references.

printf '%s\n\n0\n%s\n\n1\n%s\n%s\n\n1\n%s\n' "$base" "$tool" "$base" \
  "$profile" "$tool" >graph
by_size='#:max-layers 10 #:strategy "size"'
ok "reference graph: build" build graph \
   "#:reference-graphs '(\"$tmp/graph\") $by_size"
ok "no references: build" build without "$by_size"
is "the same layers with and without references" "$(layers graph)" \
   "$(layers without)"
not_ok "the plans tell references" cmp -s graph.tar without.tar
ok "again, elsewhere, no /tmp to write to" env TMPDIR=/nonexistent \
   HOME=/nonexistent PATH="$PATH" bash -c "$(declare -f build)
     top_srcdir='$top_srcdir' tmp='$tmp' base='$base' tool='$tool' \
     profile='$profile'; build again '$by_size'"
same "the same again" again.tar without.tar

# --- Built on another image.

build below "#:labels '((\"x\" . \"1\")) #:max-layers 2"
build above "#:base \"$tmp/below.tar\" #:labels '((\"y\" . \"2\"))"
is "base: its layers lie lowest" "$(layers above | head -n -1)" \
   "$(layers below)"
is "base: labels" \
   "$(config above '.config.Labels | del(.["org.gnu.strata.plan"]) | tojson')" \
   '{"x":"1","y":"2"}'


# --- What is refused.

refused "directive" "invalid populate directive '\(link" \
        "#:extra-files '((link \"x\"))"
refused "directive with a bad mode" "invalid populate directive" \
        "#:extra-files '((directory \"x\" 0 0 99999))"
refused "directive that climbs" "leads out of the root" \
        "#:extra-files '((file \"/a/../../x\" \"\"))"
refused "link that hides the store" "hide the store" \
        "#:extra-files '((\"/gnu\" -> \"x\"))"
for name in ../../etc/x a/../b a/./b a//b; do
  refused "transformation to $name" "a name has no parts that are empty" \
          "#:transformations '((\"$base\" -> \"$name\"))"
done
refused "transformation that removes files" "mean removed files there" \
        "#:transformations '((\"$base\" -> \".wh.x/y\"))"
refused "variable" "invalid variable 'A=B'" "#:environment '((\"A=B\" . \"x\"))"
refused "variable without a name" "invalid variable ''" \
        "#:environment '((\"\" . \"x\"))"
refused "transformation" "invalid transformation" "#:transformations '((1 2))"
refused "owner" "invalid owner" "#:owners '((\"/x\" root))"
refused "owner of nothing" "cannot give '/x' an owner" \
        "#:owners '((\"/x\" 1 1))"
refused "system" "unknown system 'vax-linux'" '#:system "vax"'
refused "layers" "cannot have 0 layers" '#:max-layers 0'
refused "time" "not a creation time" '#:creation-time "now"'
refused "database" "nothing.sqlite" "#:database \"$tmp/nothing.sqlite\""
ln -s loop loop
refused "root-system, a link to itself" "loop" "#:root-system \"$tmp/loop\""
mkdir -p looping/etc
ln -s ../etc/b looping/etc/a
ln -s /etc/a looping/etc/b
for layers in 10 '#f'; do
  refused "root-system with links that go round, $layers" \
          "invalid link '/etc/a': it leads back to itself" \
          "#:root-system \"$tmp/looping\" #:max-layers $layers"
done
refused "directives that make links that go round" \
        "invalid link '/b': it leads back to itself" \
        "#:extra-files '((\"/x/a\" -> \"../b\") (\"/b\" -> \"x/a/c\"))"
refused "root-system" "nonexistent" '#:root-system "/nonexistent"'
refused "compressor that fails" "false" '#:compressor (list "false")'
# Once these gave an empty image, and one that was cut off.
refused "compressor that reads nothing" "'sh'" \
        "#:compressor '(\"sh\" \"-c\" \"sleep 1\")"
refused "compressor that reads a part" "'head'" \
        "#:compressor '(\"head\" \"-c\" \"100\")"

plan
