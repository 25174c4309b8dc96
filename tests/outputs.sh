#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What goes where: results to standard output, all else to standard error;
# names, links and modes of images; progress.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
make_store "$root"
store=--store-root=$root

run_strata pack "$store" tool
is "the name is all that is said" "$status:$out:$err" \
  "0:tool-docker-image.tar:"
ok "the image is there" test -f tool-docker-image.tar
run_strata pack "$store" tool other@1.0
is "name of two items" "$status:$out" "0:tool-other-docker-image.tar"
run_strata pack "$store" tool -f oci
is "name of an OCI directory" "$status:$out" "0:tool-oci-image"
ok "the OCI directory is there" test -f tool-oci-image/index.json

# Standard output may be closed.
for arguments in "pack $store tool -o -" "pack $store tool -o closed.tar" \
                 "store query size $store tool" --version; do
  closed=0
  said=$(timeout -k 5 60 strata $arguments 2>&1 >&-) || closed=$?
  is "closed standard output: $arguments: status" "$closed" 1
  like "closed standard output: $arguments: error" "$said" \
       "^strata: error: .*No space left on device"
done

# Images that processes add at the same time all stay.
strata pack "$store" tool -f oci -o shared --image-tag=t0:0 -v 0 >/dev/null
for i in 1 2 3 4 5 6 7 8; do
  strata pack "$store" tool -f oci -o shared -C none --image-tag="t$i:$i" -v 0 \
    >/dev/null &
done
wait
is "images added at the same time" \
   "$(strata inspect shared | sed -n 's/.*:\([0-9]\)$/\1/p' | sort -u | xargs)" \
   "0 1 2 3 4 5 6 7 8"

# at_once PREPARE: several make the layout `fresh` at the same time, where
# PREPARE left it; prints what is wrong.
at_once ()
{
  local i round found pids
  for round in 1 2 3 4; do
    rm -rf fresh
    eval "$1"
    pids=()
    for i in 1 2 3 4; do
      strata pack "$store" tool -f oci -o fresh --image-tag="t$i:$i" \
        --env="I=$i" -v 0 2>&1 >/dev/null &
      pids+=($!)
    done
    for i in "${pids[@]}"; do
      wait "$i" || echo "status $?"
    done
    found=$(strata inspect fresh | sed -n 's/.*:\([0-9]\)$/\1/p' |
              sort -u | xargs)
    echo "$found" | grep -vx "1 2 3 4" || true
    if command -v skopeo >/dev/null; then
      for i in 1 2 3 4; do
        skopeo inspect "oci:fresh:$i" 2>&1 >/dev/null || true
      done
    fi
    find . -name '.strata-*'
  done
}
is "images added at the same time to a new layout" "$(at_once :)" ""
is "images added at the same time to an empty folder" \
   "$(at_once 'mkdir fresh')" ""
rm -r fresh

run_strata pack "$store" tool --output="$tmp/out/a b.tar"
is "a name that was chosen" "$status:$out" "0:$tmp/out/a b.tar"
run_strata pack "$store" tool -v 0 --max-layers=200 -o x.tar
is "-v 0: no warning" "$status:$out:$err" "0:x.tar:"
run_strata pack "$store" tool -v 2 -o x.tar
is "-v 2: standard output" "$status:$out" "0:x.tar"
like "-v 2: layers on standard error" "$err" "^ +[0-9]+ .* $tool$"
strata pack "$store" tool -o - >x.tar 2>"$tmp/.err"
is "-o -: nothing is said" "$(cat "$tmp/.err")" ""
same "-o -: the image" x.tar tool-docker-image.tar
strata pack "$store" tool -o - -v 2 >x.tar 2>"$tmp/.err"
like "-o - -v 2: layers on standard error" "$(cat "$tmp/.err")" " $tool$"
same "-o - -v 2: the image" x.tar tool-docker-image.tar
rm -r ./*

before=$(snapshot)
run_strata pack "$store" tool -n
is "-n: status" "$status$err" 0
like "-n: heading" "$out" "^layer +size +items$"
like "-n: an item" "$out" "^ +[0-9]+ +[0-9.]+ KiB  $tool$"
like "-n: the root layer" "$out" " root$"
like "-n: the sum" "$out" "^3 layers, [0-9.]+ KiB$"
is "-n: nothing is written" "$(snapshot)" "$before"
run_strata pack "$store" tool -n -f oci
is "-n -f oci" "$status$err" 0
run_strata pack "$store" tool -n -f oci -C xz
is "-n -f oci -C xz: status" "$status$out" 1
like "-n -f oci -C xz" "$err" "cannot compress an OCI directory as a whole"
run_strata pack "$store" tool -n --max-layers=1
like "-n --max-layers=1" "$out" "^1 layer, "
run_strata pack "$store" tool -C none -o x.tar
run_strata inspect x.tar
like "inspect: the layers" "$out" "^ +[0-9]+ +[0-9.]+ KiB  $tool$"
is "inspect: the same table as -n" \
  "$(sed -n '/^layer/,$p' <<<"$out")" "$(strata pack "$store" tool -n)"

# --- Names that are there already.

rm -r ./*
mkdir folder
printf 'old\n' >folder/real.tar
ln -s folder/real.tar link.tar
run_strata pack "$store" tool -o link.tar
is "-o LINK: status" "$status:$out" "0:link.tar"
is "-o LINK stays a link" "$(readlink link.tar)" folder/real.tar
ok "-o LINK writes where it leads" strata inspect folder/real.tar
is "-o LINK: nothing else" "$(ls -A . folder)" $'.:\nfolder\nlink.tar

folder:\nreal.tar'
ln -sf folder/new.tar link.tar
run_strata pack "$store" tool -o link.tar
is "-o LINK to nothing: status" "$status" 0
ok "-o LINK to nothing: an image" strata inspect link.tar
mkdir layout
ln -s layout link
run_strata pack "$store" tool -f oci -o link
is "-f oci -o LINK: status" "$status" 0
is "-f oci -o LINK stays a link" "$(readlink link)" layout
ok "-f oci -o LINK writes where it leads" strata inspect layout
run_strata pack "$store" tool -o /dev/null
is "-o /dev/null" "$status:$out:$(stat -c %F /dev/null)" \
  "0:/dev/null:character special file"
mkfifo fifo
cat fifo >x.tar &
run_strata pack "$store" tool -o fifo
wait
is "-o FIFO" "$status:$out:$(stat -c %F fifo)" "0:fifo:fifo"
same "-o FIFO: the image" x.tar folder/real.tar
rm -r ./*

# mode UMASK: of a new image, of a new layout's index and of its folder.
mode ()
{
  (umask "$1"
   rm -rf new.tar new
   strata pack "$store" tool -o new.tar
   strata pack "$store" tool -f oci -o new) >/dev/null
  stat -c %a new.tar new/index.json new | paste -sd' '
}
is "umask 022" "$(mode 022)" "644 644 755"
is "umask 077" "$(mode 077)" "600 600 700"
is "umask 002" "$(mode 002)" "664 664 775"

# --- Pipes that end early.

# in_pipe COMMAND...: the status of strata before `head -c 1`, and its messages.
in_pipe ()
{
  (set +o pipefail
   { "$@" 2>"$tmp/.err" || echo "status $?" >>"$tmp/.err"; } |
     head -c 1 >/dev/null)
  cat "$tmp/.err"
}
rm -rf ./*
head -c 3000000 /dev/urandom >"$tmp/large"
large=$(strata store add "$store" large "$tmp/large")
for compressor in none gzip zstd; do
  is "a pipe that ends: $compressor" \
    "$(in_pipe strata pack "$store" "$large" -o - -C "$compressor" |
         grep -v 'is no folder')" "status 141"
done
is "a pipe that ends: nothing is left" "$(ls -A . "$tmp/temporary" | sort)" \
  "$(printf '\n.:\n%s:' "$tmp/temporary" | sort)"
# Once temporaries were left.
cache=$tmp/cache
for arguments in "--no-cache --timings=t --plan-file=p" "--cache=$cache -C zstd"
do
  # shellcheck disable=SC2086  # several arguments
  is "a pipe that ends: $arguments" \
    "$(in_pipe strata pack "$store" "$large" -o - $arguments |
         grep -v 'is no folder')" "status 141"
done
is "a pipe that ends: nothing is left of other files" \
  "$(ls -A . "$tmp/temporary" | sort; find "$cache" -name '.strata-*')" \
  "$(printf '\n.:\n%s:' "$tmp/temporary" | sort)"
is "a pipe that ends, SIGPIPE ignored" \
  "$(trap '' PIPE
     in_pipe strata pack "$store" "$large" -o - | grep -v 'is no folder')" \
  "strata: error: cannot write to 'standard output': Broken pipe
status 1"
mkfifo fifo
head -c 1 fifo >/dev/null &
run_strata pack "$store" "$large" -o fifo
wait
is "a FIFO that ends" "$status:$out:$(grep -v 'is no folder' <<<"$err")" \
  "1::strata: error: cannot write to 'fifo': Broken pipe"
rm fifo
for ((i = 0; i < 300; i++)); do
  printf '/gnu/store/%032d-item-with-a-long-name-%0150d\n\n0\n' "$i" "$i"
done >"$tmp/graph"
mkdir -p "$tmp/many/gnu/store"
sed -n 's,^/,/,p' "$tmp/graph" | (cd "$tmp/many" && sed 's,^/,,' | xargs mkdir)
# shellcheck disable=SC2046  # items have no spaces
in_pipe strata store query requisites --store-root="$tmp/many" \
  --reference-graph="$tmp/graph" $(grep store "$tmp/graph") >"$tmp/said"
is "store query into a pipe that ends" "$(grep -v '^status 141' "$tmp/said")" ""

# --- Progress: on a terminal only, for work of more than a second.

need_program script
strata_on_terminal ()
{
  TERM=xterm script -qec "strata $*" /dev/null </dev/null
}
said=$(strata_on_terminal pack "$store" tool -o quick.tar)
is "progress of quick work" "${said%$'\r'}" quick.tar
truncate -s 3G "$root$large.new"
mv -f "$root$large.new" "$root$large"
said=$(strata_on_terminal pack "$store" "$large" -C none -o /dev/null -v 1)
like "progress of long work" "$said" "writing layers \[#* *\] +[0-9]+%"
like "progress: it is gone at the end" "$said" $'\e\\[K/dev/null'
said=$(TERM=dumb strata_on_terminal pack "$store" "$large" -C none \
         -o /dev/null -v 0)
is "-v 0: no progress" "$(grep -c writing <<<"$said")" 0
strata pack "$store" "$large" -C none -o /dev/null >"$tmp/said" 2>&1
is "no progress in a pipe" "$(grep -c 'writing' "$tmp/said")" 0

plan
