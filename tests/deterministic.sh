#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The same request gives the same bytes, whoever makes them, wherever, how
# often and from what.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program unshare
use_demo_store

# A store with what may tempt: files that are equal, names that are long or
# not ASCII or not even text.
store=$tmp/store
cp -a "$demo_store" "$store"
mkdir -p "$tmp/odd/Straße"
echo equal >"$tmp/odd/one"
echo equal >"$tmp/odd/Straße/other"
echo x >"$tmp/odd/"$'not-utf8-\xff'
: >"$tmp/odd/$(printf 'long-%0200d' 0)"
ln -s "Straße/other" "$tmp/odd/link"
cp "$store"/gnu/store/*-hello-*/bin/hello "$tmp/odd/hello"
ok "add an item with odd names" \
   strata store add --store-root="$store" odd "$tmp/odd"
items=(bash hello odd)

# pack STORE ARGUMENT...: "${settings[@]}" are options, too.
settings=()
pack ()
{
  local store=$1
  shift
  strata pack --store-root="$store" "${settings[@]}" \
    --image-tag=demo:1 -S /bin=bin "$@" "${items[@]}"
}

# gives NAME COMMAND...: COMMAND, a way to run `pack` with the arguments that
# follow, makes the file $wanted.
gives ()
{
  local name="$label: $1"
  shift
  rm -f "$tmp/image.tar"
  if "$@" -o "$tmp/image.tar" >"$tmp/.said" 2>&1; then
    same "$name" "$tmp/image.tar" "$wanted"
  else
    result no "$name"
    say "$tmp/.said"
  fi
}

# in_folder FOLDER COMMAND...
in_folder ()
{
  (cd "$1" && "${@:2}")
}

# with_umask MASK COMMAND...
with_umask ()
{
  (umask "$1" && "${@:2}")
}

# with_variable NAME=VALUE COMMAND...
with_variable ()
{
  (export "${1?}" && "${@:2}")
}

# as_another_user ARGUMENT...: packs as a user who can read everything here.
as_another_user ()
{
  chmod -R a+rX "$tmp"
  "${another_user[@]}" env HOME=/nonexistent TMPDIR="$tmp/theirs" \
    strata pack --store-root="$store" "${settings[@]}" --image-tag=demo:1 \
    -S /bin=bin -o "$tmp/theirs/image.tar" "${items[@]}"
}

# Another user is one of the machine where we are root and the build folder can
# be read, else one of a namespace.
another_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
"${another_user[@]}" strata --version >"$tmp/.said" 2>&1 ||
  another_user=(unshare --user)

# through_pipe COMMAND... -o FILE: standard output is a pipe.
through_pipe ()
{
  "${@:1:$#-2}" -o - | cat >"${!#}"
}

# to_standard_output COMMAND... -o FILE: standard output is a file.
to_standard_output ()
{
  "${@:1:$#-2}" -o - >"${!#}"
}

# through_fifo COMMAND... -o FILE
through_fifo ()
{
  local reader status=0
  rm -f "$tmp/fifo"
  mkfifo "$tmp/fifo"
  cat "$tmp/fifo" >"${!#}" &
  reader=$!
  "${@:1:$#-2}" -o "$tmp/fifo" || status=$?
  # A packer that never opened the FIFO would leave its reader waiting.
  [ "$status" = 0 ] || : >>"$tmp/fifo"
  wait "$reader"
  return "$status"
}

# over_old_file COMMAND... -o FILE: where there was another, longer file.
over_old_file ()
{
  cp "$wanted" "${!#}"
  cat "$wanted" >>"${!#}"
  "$@"
}

# query QUESTION ITEM...
query ()
{
  strata store query --store-root="$store" "$@"
}

# reference_graph DERIVER: the reference-graph file of the items, as a build
# daemon writes it: by path; each item's path, deriver, number of references
# and references.
reference_graph ()
{
  local item references
  query requisites "${items[@]}" | sort | while read -r item; do
    references=$(query references "$item")
    printf '%s\n' "$item" "$1" "$(grep -c . <<<"$references")"
    [ -z "$references" ] || printf '%s\n' "$references"
  done
}

# hard_link_equal_files FOLDER: as `nix-store --optimise` would.
hard_link_equal_files ()
{
  local digest file last='' kept=''
  find "$1" -type d -exec chmod u+w {} +
  find "$1" -type f -exec sha256sum {} + | sort >"$tmp/.sums"
  while read -r digest file; do
    if [ "$digest" = "$last" ]; then
      ln -f "$kept" "$file"
    else
      last=$digest kept=$file
    fi
  done < <(grep -av '^\\' "$tmp/.sums")
  find "$1" -type d -exec chmod u-w {} +
}

cp -a "$store" "$tmp/linked"
hard_link_equal_files "$tmp/linked/gnu/store"
like "the other store has hard links" \
     "$(find "$tmp/linked/gnu/store" -type f -links +1 | wc -l)" '^[2-9]'
reference_graph "" >"$tmp/graph"
reference_graph "/gnu/store/00000000000000000000000000000000-any.drv" \
  >"$tmp/graph-with-derivers"
like "the reference graph has items and references" \
     "$(grep -c '^/gnu/store/' "$tmp/graph")" '^[1-9][0-9]'
# The graph is all that is known of this store.
cp -a "$store" "$tmp/bare"
rm -r "$tmp/bare/var"
mkdir "$tmp/elsewhere"
mkdir -m 777 "$tmp/theirs"


for compression in none gzip zstd; do
  label=$compression
  wanted=$tmp/wanted.tar
  settings=(-C "$compression" --max-layers=6)
  rm -f "$wanted"
  ok "$label: pack" pack "$store" -o "$wanted"

  gives "again" pack "$store"
  gives "over an old file" over_old_file pack "$store"
  gives "hard links in the store" pack "$tmp/linked"
  for jobs in 1 2 7; do
    gives "$jobs threads" pack "$store" --jobs="$jobs"
  done

  gives "umask 0" with_umask 0 pack "$store"
  gives "umask 077" with_umask 077 pack "$store"
  for variable in TZ=Asia/Tokyo TZ=America/St_Johns LC_ALL=C LC_ALL=POSIX \
                  LC_ALL=de_DE.UTF-8 LANGUAGE=de HOME=/nonexistent; do
    gives "$variable" with_variable "$variable" pack "$store"
  done
  gives "in another folder" in_folder "$tmp/elsewhere" pack "$store"
  gives "by a relative name" in_folder "$tmp" pack store
  ok "$label: as another user: pack" as_another_user
  same "$label: as another user" "$tmp/theirs/image.tar" "$wanted"
  rm -f "$tmp/theirs/image.tar"

  gives "from a reference graph" pack "$tmp/bare" \
    --reference-graph="$tmp/graph"
  gives "from a reference graph with derivers" pack "$tmp/bare" \
    --reference-graph="$tmp/graph-with-derivers"

  gives "through a pipe" through_pipe pack "$store"
  gives "to standard output" to_standard_output pack "$store"
  gives "through a FIFO" through_fifo pack "$store"
  ok "$label: the FIFO is still one" test -p "$tmp/fifo"
  ok "$label: to /dev/null" pack "$store" -o /dev/null
  ok "$label: /dev/null is still a device" test -c /dev/null

  # The same image as a folder.
  ok "$label, OCI directory: pack" pack "$store" -f oci -o "$tmp/layout"
  ok "$label, OCI directory: under other circumstances" \
     with_umask 077 with_variable TZ=Asia/Tokyo with_variable LC_ALL=C \
     in_folder "$tmp/elsewhere" pack "$tmp/linked" -f oci --jobs=7 \
     -o "$tmp/other-layout"
  ok "$label, OCI directory: the same" \
     diff -r "$tmp/layout" "$tmp/other-layout"
  ok "$label, OCI directory: from a reference graph" pack "$tmp/bare" \
     -f oci --reference-graph="$tmp/graph" -o "$tmp/graph-layout"
  ok "$label, OCI directory from a reference graph: the same" \
     diff -r "$tmp/layout" "$tmp/graph-layout"
  is "$label, OCI directory: its blobs are the archive's" \
     "$(cd "$tmp/layout" && find blobs -type f | sort)" \
     "$(tar -tf "$wanted" | grep '^blobs/.*[^/]$' | sort)"
  rm -r "$tmp/layout" "$tmp/other-layout" "$tmp/graph-layout"
done

# A test of the tests: what must differ does.
settings=(--max-layers=6)
ok "another request: pack" pack "$store" -o "$tmp/image.tar" -S /x=bin
ok "one more: pack" pack "$store" -o "$tmp/other.tar"
not_ok "another request gives another image" \
       cmp "$tmp/image.tar" "$tmp/other.tar"

plan
