#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Items with odd names, links, depths and sizes come out of an image as they
# went in.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
umask 022
cd "$tmp"
root=$tmp/root
item=$tmp/item
mkdir -p "$item"

# long LETTER COUNT: prints it so many times.
long ()
{
  printf "%0${2}d" 0 | tr 0 "$1"
}

# --- Names.

names=$item/names
mkdir "$names"
for name in 'a b' ' a' 'a ' $'a\nb' $'\n' $'a\tb' "a'b" 'a"b' 'a\b' '\' '\n' \
            -n --help -- .hidden ... '*' '?' '[a]' '$HOME' '`id`' 'a;b' '#a' \
            '~' 'a:b' 'a=b' 'a,b' 'a|b' 'a&b' '%s' $'\e[2J' $'\x01' $'\x7f' \
            ä 'ﬀ' '日本語' $'e\u0301' $'\u00e9' $'\U1F600' \
            $'\xff' $'\xc3' $'a\xfe\xffb' $'\xed\xa0\x80' \
            "$(long n 99)" "$(long n 100)" "$(long n 101)" "$(long n 155)" \
            "$(long n 156)" "$(long n 255)" "$(long ä 127)"; do
  printf 'the file %s\n' "$name" >"$names/$name"
done
mkdir "$names/.folder" "$names/empty folder" $'names/\xff folder' \
  2>/dev/null || mkdir "$names"/$'\xff folder'
printf 'x\n' >"$names"/$'\xff folder'/$'\xfe'
: >"$names/empty"
: >"$names/empty program"
chmod +x "$names/empty program"

# --- Links.

links=$item/links
mkdir "$links"
n=0
for target in x /x ../x ../../../../.. 'a b' $'a\nb' ä $'\xff' -n '\' \
              "$(long l 99)" "$(long l 100)" "$(long l 101)" "$(long l 255)" \
              "/$(long l 250)/$(long l 250)" \
              "$(printf '/%0200d%.0s' {1..20})"; do
  n=$((n + 1))
  ln -s -- "$target" "$links/link$n"
done
ln -s x "$links/$(long l 101)"
ln -s "$(long l 150)" "$links/$(long l 150)"
ln -s $'\xff' "$links"/$'\xfe'

# --- Depth: 200 folders, and a path of more than 3000 bytes.

(cd "$item"
 mkdir deep longer
 cd deep
 for ((i = 0; i < 200; i++)); do mkdir d; cd d; done
 printf 'deep\n' >file
 cd "$item/longer"
 for ((i = 0; i < 16; i++)); do mkdir "$(long p 200)"; cd "$(long p 200)"; done
 printf 'longer\n' >"$(long f 255)"
 ln -s "$(long t 300)" link)

# --- Sizes around the borders of blocks and buffers.

sizes=$item/sizes
mkdir "$sizes"
for size in 0 1 511 512 513 1023 1024 4095 4096 4097 65535 65536 65537 262143 \
            262144 262145 524288 1048575 1048576 1048577 4194303 4194304 \
            4194305; do
  head -c "$size" /dev/urandom >"$sizes/$size"
done
truncate -s 3000000 "$sizes/zeros"
(printf 'a'; head -c 3000000 /dev/zero; printf 'b') >"$sizes/nearly zeros"
chmod 4755 "$sizes/1"
chmod 000 "$sizes/2" 2>/dev/null || true
chmod 600 "$sizes/511"
chmod 1777 "$links"
ln "$sizes/512" "$sizes/512 again"

path=$(strata store add --store-root="$root" odd-1 "$item")
base=${path#/gnu/store/}
single=$(strata store add --store-root="$root" single "$sizes/1024")
empty=$(strata store add --store-root="$root" empty "$names/empty")
mkdir "$tmp/nothing"
nothing=$(strata store add --store-root="$root" nothing "$tmp/nothing")
mkdir -p "$tmp/both"
ln -s "$path" "$tmp/both/link"
ln -s "nowhere" "$tmp/both/dangling"
both=$(strata store add --store-root="$root" both "$tmp/both")
(cd "$tmp" && ln -s /a/b only-link)
link=$(strata store add --store-root="$root" link "$tmp/only-link")
ok "the store is good" strata store verify --store-root="$root"

# listing FOLDER: prints the kind, mode, name and target of all in it, and the
# digests of its files.
listing ()
{
  (cd "$1"
   find . -printf '%y %m %P -> %l\0' | sort -z | tr '\0\n' '\n\1'
   find . -type f -print0 | sort -z | xargs -0 sha256sum -z | tr '\0\n' '\n\1')
}

# content FOLDER: the same without modes.
content ()
{
  listing "$1" | sed -E 's/^([fdl]) [0-7]+ /\1 /' | sort
}

is "adding changes no content" "$(content "$root$path" | sha256sum)" \
  "$(content "$item" | sha256sum)"
is "modes in the store" \
  "$(find "$root/gnu/store" -mindepth 1 ! -type l -printf '%y %m\n' | sort -u |
       paste -sd,)" "d 555,f 444,f 555"

# layers FILE: prints the names of the layers in an archive, in order.
layers ()
{
  tar -xOf "$1" manifest.json | grep -o '"Layers":\[[^]]*' |
    grep -o 'blobs/sha256/[0-9a-f]*'
}

# unpack_layers FILE FOLDER: with tar alone, one layer over the other.
unpack_layers ()
{
  local layer
  mkdir "$2" "$2.blobs"
  tar -xf "$1" -C "$2.blobs"
  for layer in $(layers "$1"); do
    tar -xpf "$2.blobs/$layer" -C "$2" --delay-directory-restore \
      --warning=no-unknown-keyword --no-same-owner
  done
}

# remove FOLDER...
remove ()
{
  chmod -R u+w "$@"
  rm -rf "$@"
}

expected=$(listing "$root/gnu/store" | sha256sum)
for arguments in "none 1" "none 100" "gzip 2" "zstd 100"; do
  compressor=${arguments% *} count=${arguments#* }
  name="$compressor, at most $count layers"
  if [ "$compressor" = zstd ] && ! command -v zstd >/dev/null; then
    skip "$name" "program 'zstd' is missing"
    continue
  fi
  run_strata pack --store-root="$root" "$path" "$single" "$empty" "$nothing" \
    "$both" "$link" -C "$compressor" --max-layers="$count" -o image.tar
  is "$name: packed" "$status:$out" 0:image.tar
  ok "$name: inspect" strata inspect image.tar
  ok "$name: tar unpacks it" unpack_layers image.tar unpacked
  chmod u+w unpacked/gnu/store
  remove unpacked/gnu/store/*-profile
  is "$name: all is as in the store" \
    "$(listing unpacked/gnu/store | sed 's/^d 755  -> $/d 755  -> /' |
         sha256sum)" "$expected"
  remove unpacked unpacked.blobs
done

if command -v umoci >/dev/null && [ "$(id -u)" = 0 ]; then
  strata pack --store-root="$root" "$path" "$both" -f oci -o layout \
    --image-tag=odd:1 >/dev/null
  ok "umoci unpacks it" umoci unpack --image layout:1 bundle
  is "umoci: all is as in the store" \
    "$(listing "bundle/rootfs$path" | sha256sum)" \
    "$(listing "$root$path" | sha256sum)"
  remove bundle layout
else
  skip "umoci unpacks it" "needs umoci and root"
fi

# Names in messages and tables do not play with the terminal.
run_strata pack --store-root="$root" "$path" -o image.tar -v 2
is "no escapes in what is said" "$(grep -c $'\e' <<<"$out$err" || true)" 0

# --- A file of more than 8 GiB, without a database: its size comes from lstat.

large=/gnu/store/$(long 1 32)-large
size=$(((8 << 30) + 12345))
mkdir -p "$tmp/large/gnu/store"
truncate -s "$size" "$tmp/large$large"
printf 'end' | dd of="$tmp/large$large" bs=1 seek=$((size - 3)) conv=notrunc \
  status=none
printf '%s\n\n0\n' "$large" >graph
pack=(pack --store-root="$tmp/large" --reference-graph=graph "$large")

run_strata "${pack[@]}" -C none -n
is "over 8 GiB: plan" "$status" 0
like "over 8 GiB: its size" "$out" " 8192\.0 MiB  $large$"
# (A pax header, its two blocks, and a header come before the content.)
status=0
strata "${pack[@]}" -C gzip:1 -v 0 -o image.tar || status=$?
is "over 8 GiB: gzip" "$status" 0
layer=$(for name in $(layers image.tar); do
          tar -xOf image.tar "$name" | tar -tvzf - 2>/dev/null |
            awk -v size="$size" -v name="${large#/}" \
              '$3 == size && $NF == name { print "found" }'
        done)
is "over 8 GiB: gzip: tar finds a file of that size" "$layer" found

if [ -n "${STRATA_LONG-}" ]; then
  status=0
  strata "${pack[@]}" -C none -v 0 -o plain.tar || status=$?
  is "over 8 GiB: plain" "$status" 0
  is "over 8 GiB: plain: the layer in the archive" \
    "$(tar -tvf plain.tar | awk -v size="$size" '$3 > size' | wc -l)" 1
  ok "over 8 GiB: plain: inspect" strata inspect plain.tar
  same "over 8 GiB: plain: the content" "$tmp/large$large" \
    <(for name in $(layers plain.tar); do
        tar -xOf plain.tar "$name" | tar -xOf - "${large#/}" 2>/dev/null
      done)
fi

plan
