#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Images of whole systems: what stands outside the store, the config, the
# database, the types, and what is refused.  Nothing boots here.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata guile umoci skopeo sqlite3 jq
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
store=--store-root=$root
add ()
{
  strata store add "$store" "$@"
}

# part NAME [LINE...]: adds an item that is a file of LINEs; prints its path.
part ()
{
  printf '%s\n' "${@:2}" >"$tmp/part"
  add "$1" "$tmp/part"
}

# make_guile VERSION: adds an item with an executable that is never run.
make_guile ()
{
  mkdir -p "$tmp/guile/bin"
  echo "guile $1" >"$tmp/guile/bin/guile"
  chmod +x "$tmp/guile/bin/guile"
  add "guile-$1" "$tmp/guile"
}

# make_system NAME [ITEM...]: adds a system that refers to ITEMs, with $boot,
# $activate, $profile and $etc as far as they are not empty.
make_system ()
{
  local name=$1 folder=$tmp/system link
  rm -rf "$folder"
  mkdir "$folder"
  for link in boot activate profile etc; do
    [ -z "${!link}" ] || ln -s "${!link}" "$folder/$link"
  done
  shift
  printf '%s\n' "$@" >"$folder/services"
  add "$name" "$folder"
}

mkdir -p "$tmp/profile/bin" "$tmp/etc" "$tmp/daemon/bin"
guile=$(make_guile 3.0.9)
ln -s "$guile/bin/guile" "$tmp/profile/bin/guile"
echo hello >"$tmp/etc/motd"
profile=$(add profile "$tmp/profile")
etc=$(add etc "$tmp/etc")
activate=$(part activate "uses $guile")
boot=$(part boot "uses $activate")
one=$(part service-one "the first service")
two=$(part service-two "the second service")
system=$(make_system system "$one" "$two")
watched+=("$root")

# image NAME ARGUMENT...: writes the image NAME; ARGUMENTs follow the options.
image ()
{
  local name=$1
  shift
  strata system image "$store" -o "$name" -v0 "$@"
}

# unpack LAYOUT: into $tmp/bundle.
unpack ()
{
  local rootless=
  [ "$(id -u)" = 0 ] || rootless=--rootless
  chmod -R u+w "$tmp/bundle" 2>/dev/null || true
  rm -rf "$tmp/bundle"
  umoci unpack $rootless --image "$1:latest" "$tmp/bundle"
}

# entries: all that umoci has unpacked outside the items, one entry a line:
# name, type, mode, target.
entries ()
{
  (cd "$tmp/bundle/rootfs" &&
     find . -mindepth 1 ! -path './gnu/store/*' -printf '/%P %y %m %l\n' |
       sed 's/ $//' | sort)
}


# --- The root, entry by entry (FORMATS, fact 26).

table="/bin d 755
/boot-program f 555
/etc d 755
/etc/group f 644
/etc/passwd f 644
/gnu d 755
/gnu/store d 1775
/home d 755
/mnt d 755
/root d 700
/run d 755
/tmp d 1777
/var d 755
/var/db d 755
/var/empty d 755
/var/guix d 755
/var/guix/gcroots d 755
/var/guix/gcroots/booted-system l 777 /run/booted-system
/var/guix/gcroots/current-system l 777 /run/current-system
/var/guix/gcroots/profiles l 777 /var/guix/profiles
/var/guix/profiles d 755
/var/guix/profiles/per-user d 755
/var/guix/profiles/per-user/root d 755
/var/guix/profiles/system l 777 system-1-link
/var/guix/profiles/system-1-link l 777 $system
/var/lock d 1777
/var/log d 755
/var/run d 755
/var/tmp d 1777"

for layers in 1 3 100; do
  name="$layers layers"
  ok "$name: image" image "oci-$layers" -t oci --max-layers="$layers" \
     --image-tag=system "$system"
  ok "$name: unpack" unpack "oci-$layers"
  is "$name: root" "$(entries)" "$(sort <<<"$table")"
  is "$name: layers, at most" \
     "$(strata inspect "oci-$layers" | grep -Ec '^ +[0-9]+ ')" \
     "$((layers < 9 ? layers : 9))"
done
if [ "$(id -u)" = 0 ]; then
  is "owners" "$(find "$tmp/bundle/rootfs" -printf '%U:%G\n' | sort -u)" 0:0
else
  skip "owners" "umoci gives others only as root"
fi
is "passwd" "$(cat "$tmp/bundle/rootfs/etc/passwd")" \
   "root:x:0:0:root:/root:/bin/sh"
is "group" "$(cat "$tmp/bundle/rootfs/etc/group")" "root:x:0:"
program=$tmp/bundle/rootfs/boot-program
is "boot program: the interpreter" "$(head -n 1 "$program")" \
   "#!$guile/bin/guile --no-auto-compile"
is "the items" \
   "$(cd "$tmp/bundle/rootfs" && printf '/%s\n' gnu/store/* | sort)" \
   "$(strata store query requisites "$store" "$system" | sort)"
is "the system's files" "$(cat "$tmp/bundle/rootfs$system/services")" \
   "$(printf '%s\n' "$one" "$two")"

# The boot program does what it should, with the machine's Guile as the one in
# the store, and a system that tells of it.
mkdir "$tmp/fake"
echo '(format #t "~a ~s ~a~%" (getpid) (command-line)
        (getenv "GUIX_NEW_SYSTEM"))' >"$tmp/fake/boot"
sed "s,$guile/bin/guile,$(command -v guile),g" "$program" >"$tmp/boot-program"
chmod +x "$tmp/boot-program"
bash -c "echo \$\$; exec $tmp/boot-program $tmp/fake" >"$tmp/told"
is "boot program: the same process boots the system" "$(tail -n 1 "$tmp/told")" \
   "$(head -n 1 "$tmp/told") (\"$tmp/fake/boot\") $tmp/fake"
echo '(kill (getpid) SIGTERM) (sleep 60)' >"$tmp/fake/boot"
ok "boot program: a signal while the system boots ends it" \
   timeout 30 "$tmp/boot-program" "$tmp/fake"


# --- The config.

ok "archive" image image.tar --label=a=b --env=LANG=C "$system"
# config IMAGE: its config, without the plan.
config ()
{
  skopeo inspect --config "docker-archive:$1" |
    jq -c '.config | del(.Labels["org.gnu.strata.plan"])'
}
is "config" "$(config image.tar)" \
   "$(jq -nc --arg system "$system" \
        '{Env: ["PATH=/run/current-system/profile/bin:" +
                "/run/current-system/profile/sbin", "LANG=C"],
          Entrypoint: ["/boot-program", $system],
          Labels: {a: "b"}, StopSignal: "SIGTERM"}')"
like "name" "$(strata inspect image.tar)" 'system:latest'
ok "own PATH and signal" image own.tar --env=PATH=/x --stop-signal=SIGINT \
   "$system"
is "own PATH and signal: config" \
   "$(config own.tar | jq -c '[.Env, .StopSignal]')" '[["PATH=/x"],"SIGINT"]'
run_strata system image "$store" --help-docker-format
like "--help-docker-format" "$out" '^ +--stop-signal=SIGNAL'
is "--help-docker-format: no entry point" "$(grep entry <<<"$out" || true)" ""
run_strata system image "$store" -n --max-layers=3 "$system"
like "--dry-run" "$out" '^3 layers, '

# A symlink to the system, and its name.
ln -s "$root$system" link
ok "a symlink to the system" image by-link.tar --label=a=b --env=LANG=C link
same "a symlink to the system: the same" image.tar by-link.tar
ok "its name" image by-name.tar --label=a=b --env=LANG=C system
same "its name: the same" image.tar by-name.tar

if [ "$(id -u)" = 0 ] && as_user test -x "$(command -v strata)"; then
  chmod 711 "$tmp"
  mkdir -m 777 "$tmp/free"
  as_user env TMPDIR="$tmp/free" strata system image "$store" -v0 \
          -o "$tmp/free/image.tar" --label=a=b --env=LANG=C "$system" \
          >"$tmp/said"
  same "another user makes the same bytes" image.tar "$tmp/free/image.tar"
else
  skip "another user makes the same bytes" "needs root and a reachable command"
fi


# --- Types.

is "types" "$(strata system image --list-image-types)" \
   "$(printf '%s\n' docker docker-layered oci tarball)"
ok "docker-layered" image layered.tar -t docker-layered --label=a=b \
   --env=LANG=C "$system"
same "docker-layered: the same" image.tar layered.tar
for action in docker-image docker-layered-image; do
  run_strata system "$action" "$store" -o old.tar --label=a=b --env=LANG=C \
             "$system"
  is "$action: warning" "$status:$err" \
     "0:strata: warning: action '$action' is deprecated: use 'image'"
  same "$action: the same" image.tar old.tar
done

# As the layer of an image with one.
layer=$(jq -r '.layers[0].digest' \
           "oci-1/$(jq -r '.manifests[0].digest' oci-1/index.json |
                      sed 's,^sha256:,blobs/sha256/,')")
ok "tarball" image tarball.tar.gz -t tarball "$system"
same "tarball: the only layer" tarball.tar.gz "oci-1/blobs/sha256/${layer#*:}"
strata system image "$store" -o - -v0 -t tarball "$system" >piped.tar.gz
same "tarball: into a pipe" tarball.tar.gz piped.tar.gz
ok "tarball, plain" image tarball.tar -t tarball -C none "$system"
ok "tarball, plain: the same content" \
   bash -c 'gzip -dc tarball.tar.gz | cmp - tarball.tar'
ok "tarball, xz" image tarball.tar.xz -t tarball -C xz "$system"
ok "tarball, xz: the same content" \
   bash -c 'xz -dc tarball.tar.xz | cmp - tarball.tar'
mkdir names
for type in docker oci tarball; do
  (cd names && strata system image "$store" -v0 -t "$type" "$system") >>named
done
is "default names" "$(cat named)" \
   "$(printf '%s\n' system-docker-image.tar system-oci-image \
                    system-tarball.tar.gz)"
is "default names: are there" "$(ls names | sort)" "$(sort named)"

mkdir -p "$tmp/modules/strata/system/images"
cat >"$tmp/modules/strata/system/images/small.scm" <<'EOF'
(define-module (strata system images small)
  #:use-module (strata system image)
  #:export (small-image-type))
(define small-image-type
  (image-type #:name 'small
              #:constructor
              (lambda (os)
                (image #:inherit docker-image #:operating-system os
                       #:max-layers 2 #:labels '(("size" . "small"))))))
EOF
export GUILE_LOAD_PATH=$tmp/modules:${GUILE_LOAD_PATH-}
is "a user's type is listed" "$(strata system image --list-image-types)" \
   "$(printf '%s\n' docker docker-layered oci tarball small)"
ok "a user's type" image small.tar -t small --label=x=y "$system"
is "a user's type: labels" "$(config small.tar | jq -c .Labels)" \
   '{"size":"small","x":"y"}'
is "a user's type: layers" \
   "$(strata inspect small.tar | grep -Ec '^ +[0-9]+ ')" 2
echo '(define-module (strata system images broken)) (error "no good")' \
     >"$tmp/modules/strata/system/images/broken.scm"
fails_cleanly "a user's module that is broken" \
  'module \(strata system images broken\): no good' \
  system image "$store" -t other "$system"
ok "a user's broken module does not hinder others" image ok.tar "$system"
rm -r "$tmp/modules"


# --- The database.

is "no daemon, no database" "$(grep -c db.sqlite <(tar -tzf tarball.tar.gz))" 0
echo daemon >"$tmp/daemon/bin/guix-daemon"
daemon=$(add guix-1.4 "$tmp/daemon")
with_daemon=$(make_system system-with-daemon "$one" "$two" "$daemon")

# database NAME ARGUMENT...: unpacks the database of an image.
database ()
{
  image "$1.tar" -t tarball -C none "${@:2}"
  tar -xOf "$1.tar" var/guix/db/db.sqlite >"$1.sqlite"
}
ok "a daemon" database daemon "$with_daemon"
is "database: integrity" \
   "$(sqlite3 daemon.sqlite 'PRAGMA integrity_check')" ok
is "database: the closure and nothing else" \
   "$(sqlite3 daemon.sqlite 'SELECT path FROM ValidPaths ORDER BY path')" \
   "$(strata store query requisites "$store" "$with_daemon" | LC_ALL=C sort)"
references="SELECT a.path, b.path FROM Refs
  JOIN ValidPaths a ON a.id = referrer JOIN ValidPaths b ON b.id = reference"
is "database: references" \
   "$(sqlite3 daemon.sqlite "$references ORDER BY 1, 2")" \
   "$(sqlite3 "file:$root/var/guix/db/db.sqlite?mode=ro" \
        "$references WHERE a.path IN ($(
           strata store query requisites "$store" "$with_daemon" |
             sed "s/.*/'&'/" | paste -sd,)) ORDER BY 1, 2")"
hashes="SELECT path, hash, narSize FROM ValidPaths ORDER BY path"
is "database: hashes and sizes" \
   "$(sqlite3 daemon.sqlite "$hashes" |
        grep -Fxvf <(sqlite3 "file:$root/var/guix/db/db.sqlite?mode=ro" \
                       "$hashes") || true)" ""
ok "--register-closure" database asked --register-closure "$system"
is "--register-closure: integrity" \
   "$(sqlite3 asked.sqlite 'PRAGMA integrity_check')" ok
not_ok "--no-register-closure" database refused --no-register-closure \
       "$with_daemon"
is "--no-register-closure: no database" \
   "$(tar -tf refused.tar | grep db.sqlite || true)" ""


# --- The passwd and group that the system has.

echo "root:x:0:0::/:/own/sh" >"$tmp/etc/passwd"
etc=$(add etc "$tmp/etc")
own=$(make_system own)
ok "own passwd" image own.tar -t tarball -C none "$own"
is "own passwd: is copied" "$(tar -xOf own.tar etc/passwd)" \
   "root:x:0:0::/:/own/sh"
like "own passwd: a regular file" "$(tar -tvf own.tar etc/passwd)" \
     '^-rw-r--r-- 0/0 '
is "own passwd: group is the minimal one" "$(tar -xOf own.tar etc/group)" \
   "root:x:0:"


# --- Which Guile boots.

# booted_by NAME GUILE SYSTEM
booted_by ()
{
  strata system image "$store" -v0 -t tarball -C none -o guile.tar "$3" \
    >"$tmp/said"
  is "$1" "$(tar -xOf guile.tar boot-program | head -n 1)" \
     "#!$2/bin/guile --no-auto-compile"
}
newer=$(make_guile 3.0.10)
older=$(make_guile 2.2.7)
profile=$(part empty "no reference")
profile=$(mkdir "$tmp/empty" && add empty-profile "$tmp/empty")
etc=$profile
plain=$(part plain "no reference")
boot=$plain activate=$plain
booted_by "the highest version" "$newer" \
          "$(make_system many "$older" "$newer" "$guile")"
boot=$(part boot-old "uses $older")
booted_by "the one that boot refers to" "$older" \
          "$(make_system direct "$older" "$newer" "$guile")"
boot=$plain activate=$(part activate-old "uses $guile")
booted_by "the one that activate refers to" "$guile" \
          "$(make_system direct2 "$older" "$newer" "$guile")"


# --- Two systems that differ in a service.

changed=$(part service-two "the second service, changed")
boot=$(part boot "uses $activate")
first=$(make_system first "$one" "$two")
second=$(make_system first "$one" "$changed")
digests ()
{
  jq -r '.layers[].digest' \
     "$1/$(jq -r '.manifests[0].digest' "$1/index.json" |
             sed 's,^sha256:,blobs/sha256/,')" | sort
}
ok "first system" image first -t oci "$first"
ok "second system" image second -t oci "$second"
is "only service, system and root differ" \
   "$(comm -13 <(digests first) <(digests second) | wc -l)" 3
is "all others are shared" \
   "$(comm -12 <(digests first) <(digests second) | wc -l)" \
   "$(($(digests first | wc -l) - 3))"


# --- What is refused.

fails_cleanly "no system" "'$one' is not a system: it has no 'boot', 'activate', \
'profile', 'etc'" system image "$store" "$one"
hints "no system" "'guix system build'"
boot=
partial=$(make_system partial "$guile")
fails_cleanly "no boot" "is not a system: it has no 'boot'$" \
  system image "$store" "$partial"
boot=$profile
partial=$(make_system partial "$guile")
fails_cleanly "boot is a folder" "it has no 'boot'$" \
  system image "$store" "$partial"
boot=boot
partial=$(make_system loop "$guile")
fails_cleanly "boot is a link to itself" "it has no 'boot'$" \
  system image "$store" "$partial"
boot=$plain activate=$plain
partial=$(make_system no-guile)
fails_cleanly "no Guile" "the closure of '$partial' has no Guile to boot it" \
  system image "$store" "$partial"
hints "no Guile" "executable 'bin/guile'"
fails_cleanly "unknown type" "-t: unknown image type 'dokcer'" \
  system image "$store" -t dokcer "$system"
hints "unknown type" "did you mean 'docker'\? known are: docker, .*tarball"
fails_cleanly "tarball with layers" "a tarball has no layers" \
  system image "$store" -t tarball --max-layers=3 "$system"
hints "tarball with layers" "'docker' or 'oci'"
fails_cleanly "--network" "option '--network' needs Guix" \
  system image "$store" --network "$system"
hints "--network" "guix system image --network"
fails_cleanly "--volatile" "option '--volatile' needs Guix" \
  system image "$store" --volatile "$system"
hints "--volatile" "docker run --rm"
fails_cleanly "no such item" "'nope'" system image "$store" nope
fails_cleanly "no system given" "missing system" system image "$store"
fails_cleanly "two systems" "extra operand 'b'" system image "$store" a b
fails_cleanly "unknown action" "unknown action 'imag'" system imag "$system"
fails_cleanly "an option of pack alone" "unknown option '--entry-point'" \
  system image "$store" --entry-point=x "$system"

plan
