#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Items that cannot be packed or added: files of other kinds, whiteouts,
# unreadable files, and files that change while they are read.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
. "$top_srcdir/tests/support/bad-input.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1

root=$tmp/root
make_store "$root"
chmod 755 "$tmp"
chmod 1777 "${watched[@]}"
watched+=("$root")
folder=$root$tool # the item; what is in it changes below
chmod u+w "$folder" "$folder/bin"

# refuses NAME PATTERN: the item cannot be packed, however it is written, nor
# can its folder be added; PATTERN begins
# with a part of the item.
refuses ()
{
  local output
  for output in "-o image.tar" "-o image.tar -C none --max-layers=1" "-o -" \
                "-f oci -o image"; do
    # shellcheck disable=SC2086  # several arguments
    fails_cleanly "$1: pack $output" "$folder/$2" \
      pack --store-root="$root" tool $output
  done
}

refuses_add ()
{
  fails_cleanly "$1: add" "$folder/$2" \
    store add --store-root="$root" new "$folder"
}

mkfifo "$folder/bin/pipe"
refuses "FIFO" "bin/pipe.*: it is a socket, a device or a FIFO"
refuses_add "FIFO" "bin/pipe.*: it is a socket, a device or a FIFO"
hints "FIFO: add" "files, directories and symlinks only"
fails_cleanly "FIFO itself: add" "'$folder/bin/pipe': it is a socket" \
  store add --store-root="$root" new "$folder/bin/pipe"
rm "$folder/bin/pipe"

guile --no-auto-compile -c '(let ((s (socket PF_UNIX SOCK_STREAM 0)))
  (chdir (cadr (command-line)))
  (bind s AF_UNIX "socket"))' "$folder/bin"
refuses "socket" "bin/socket.*: it is a socket, a device or a FIFO"
refuses_add "socket" "bin/socket.*: it is a socket, a device or a FIFO"
rm "$folder/bin/socket"

if mknod "$folder/bin/null" c 1 3 2>/dev/null; then
  refuses "device" "bin/null.*: it is a socket, a device or a FIFO"
  refuses_add "device" "bin/null.*: it is a socket, a device or a FIFO"
  rm "$folder/bin/null"
else
  skip "device" "this user cannot make one"
fi

# A name that means a removed file is a problem of layers, not of stores.
for name in .wh.x .wh. .wh..wh..opq; do
  : >"$folder/bin/$name"
  for output in "-o image.tar" "-C none -o -" "-f oci -o image"; do
    # shellcheck disable=SC2086  # several arguments
    fails_cleanly "$name: pack $output" "'$tool/bin/$name'.*: names that begin" \
      pack --store-root="$root" tool $output
  done
  rm "$folder/bin/$name"
done
mkdir "$folder/.wh.folder"
fails_cleanly "whiteout folder" "/.wh.folder'" \
  pack --store-root="$root" tool
rmdir "$folder/.wh.folder"
ln -s x "$folder/.wh.link"
fails_cleanly "whiteout link" "/.wh.link'" pack --store-root="$root" tool
rm "$folder/.wh.link"

# --- Files that cannot be read.

chmod 000 "$folder/bin/run"
for output in "-o image.tar" "-C none -o image.tar" "-o -" "-f oci -o image"; do
  # shellcheck disable=SC2086  # several arguments
  fails_as_user "unreadable file: pack $output" \
    "'$folder/bin/run': Permission denied" \
    pack --store-root="$root" "$tool" $output
done
fails_as_user "unreadable file: verify" "$tool: .*bin/run': Permission denied" \
  store verify --store-root="$root"
mkdir "$tmp/out/source"
printf 'x\n' >"$tmp/out/source/secret"
mkdir "$tmp/out/own"
chmod 1777 "$tmp/out/own"
chmod 000 "$tmp/out/source/secret"
if as_user env strata store add --store-root="$tmp/out/own" x "$tmp/tool" \
     >/dev/null 2>&1; then
  fails_as_user "unreadable file: add" "source/secret': Permission denied" \
    store add --store-root="$tmp/out/own" y "$tmp/out/source"
  chmod 600 "$tmp/out/source/secret"
  chmod 000 "$tmp/out/source"
  fails_as_user "unreadable folder: add" "out/source': Permission denied" \
    store add --store-root="$tmp/out/own" y "$tmp/out/source"
  chmod 700 "$tmp/out/source"
else
  skip "unreadable file: add" "the other user cannot reach the command"
fi
chmod 755 "$folder/bin/run"
chmod 000 "$folder/bin"
fails_as_user "unreadable folder: pack" "'$folder/bin': Permission denied" \
  pack --store-root="$root" "$tool"
chmod 755 "$folder/bin"
rm -rf "$tmp/out/source"
chmod -R u+w "$tmp/out/own"
rm -rf "$tmp/out/own"

# --- Files that change while they are read.

# A file that takes a while to read, but no room on the disk.
large=$folder/bin/large
size=$((4 << 30))

# is_reading PID: does it have the large file open, between its ends?
is_reading ()
{
  local file key position
  for file in "/proc/$1/fd"/*; do
    [ "$file" -ef "$large" ] || continue
    { read -r key position <"/proc/$1/fdinfo/${file##*/}"; } 2>/dev/null ||
      continue
    [ "$key" = pos: ] && [ "$position" -gt 0 ] &&
      [ "$position" -lt "$size" ] && return
  done
  return 1
}

# changed_while_read NAME CHANGE ARGUMENT...: strata is halted while it reads
# the large file, CHANGE is done to that, and strata goes on.
changed_while_read ()
{
  local name=$1 change=$2 before pid status=0 halted=no
  shift 2
  rm -f "$large"
  truncate -s "$size" "$large"
  before=$(find "${watched[@]}" ! -name large | sort)
  strata "$@" >"$tmp/.out" 2>"$tmp/.err" </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    is_reading "$pid" || continue
    kill -STOP "$pid"
    wait_for 10 is_stopped "$pid" && is_reading "$pid" && halted=yes
    break
  done
  eval "$change"
  kill -CONT "$pid" 2>/dev/null || true
  wait "$pid" || status=$?
  err=$(cat "$tmp/.err")
  is "$name: halted while it reads" "$halted" yes
  is "$name: status" "$status" 1
  is "$name: one error" "$err" \
    "strata: error: cannot read '$large': it changes while it is read"
  is "$name: nothing is left" \
    "$(find "${watched[@]}" ! -name large | sort)" "$before"
}

is_stopped ()
{
  grep -q '^State:.*T' "/proc/$1/status"
}

shrink='truncate -s 1000 "$large"'
vanish='truncate -s 0 "$large"'
grow='truncate -s $((size + 1)) "$large"'
pack=(pack --store-root="$root" tool)
changed_while_read "shrinks: none" "$shrink" "${pack[@]}" -C none -o image.tar
changed_while_read "shrinks: gzip" "$shrink" "${pack[@]}" -o image.tar
changed_while_read "shrinks: zstd" "$shrink" "${pack[@]}" -C zstd -o image.tar
changed_while_read "shrinks: OCI" "$vanish" "${pack[@]}" -f oci -o image
changed_while_read "shrinks: add" "$shrink" \
  store add --store-root="$root" new "$folder"
size=$((1 << 30)) # it is read to its end
changed_while_read "grows: gzip" "$grow" "${pack[@]}" -o image.tar
changed_while_read "grows: add" "$grow" \
  store add --store-root="$root" new "$folder"

# To a pipe, a plain layer is read twice: what changed in between is noticed
# even if the size stayed.  The writer waits for us in the middle of the file.
rm -f "$large"
head -c 4000000 /dev/zero >"$large"
rm -f "$tmp/fifo"
mkfifo "$tmp/fifo"
strata "${pack[@]}" -C none -o - 2>"$tmp/.err" >"$tmp/fifo" &
pid=$!
{
  head -c 1000 >/dev/null
  printf 'x' | dd of="$large" bs=1 seek=3999999 conv=notrunc status=none
  cat >/dev/null
} <"$tmp/fifo"
status=0
wait "$pid" || status=$?
is "changed between two readings: status" "$status" 1
like "changed between two readings" "$(cat "$tmp/.err")" \
  "^strata: error: .*changed while the image was made"
like "a layer that changed: its file is named" "$(cat "$tmp/.err")" \
  "^strata: error: cannot write the layer of '$tool/bin/large': "
is "changed between two readings: one error" \
  "$(grep -c '^strata: error' "$tmp/.err")" 1
rm "$large"

plan
