#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What a plan shall look at and cannot: each is one error that names it.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/bad-input.sh"
need_program strata

make_store "$tmp/store"
make_store "$tmp/nix/store"
pack=(pack --store-root="$tmp/store" --strategy=expected)
strata "${pack[@]}" -o "$tmp/good.tar" --plan-file="$tmp/good.json" tool \
  >/dev/null

# refuses NAME PATTERN OPTION...: with these options no image is made.
refuses ()
{
  fails_cleanly "$1" "$2" "${pack[@]}" "${@:3}" tool
}

# --- Files that are not there.

for option in previous sibling; do
  refuses "$option: no such file" "cannot open 'nowhere/x.tar'|nowhere/x.tar" \
    --$option=nowhere/x.tar
done
refuses "no such item" "no-such-item" --sibling=no-such-item
refuses "no such fleet" "cannot open '$tmp/nowhere'" --fleet="$tmp/nowhere"
refuses "a plan in a folder that is not there" "$tmp/nowhere/plan" \
  --plan-file="$tmp/nowhere/plan"
refuses "no such image in the file" "it holds no image 'other'" \
  --previous="$tmp/good.tar:other"
refuses "an image in a plan" "it holds no image 'other'" \
  --previous="$tmp/good.json:other"

# --- The plan would take the place of the image.

ln -s "$tmp/same.tar" "$tmp/same.json"
for file in "$tmp/same.tar" "$tmp/./same.tar" "$tmp/same.json"; do
  fails "the plan in the place of the image: ${file#"$tmp"}" \
    "cannot be both image and plan" \
    pack --store-root="$tmp/store" -o "$tmp/same.tar" --plan-file="$file" tool
  ok "there is neither: ${file#"$tmp"}" test ! -e "$tmp/same.tar"
done
mkdir "$tmp/layout"
fails "the plan in the folder of the image" \
  "cannot be both image and plan" \
  pack --store-root="$tmp/store" -f oci -o "$tmp/layout" \
  --plan-file="$tmp/layout/plan.json" tool
is "the folder is still empty" "$(ls "$tmp/layout")" ""

mkdir "$tmp/rootfs"

# --- One file for two things, in whatever spelling.

refuses "the trace in the place of the image" \
  "'./image.tar' cannot be both image and timings" \
  -o image.tar --timings=./image.tar
ln -s "$tmp/out/x" "$tmp/link"
refuses "the trace in the place of the plan" \
  "cannot be both plan and timings" \
  --plan-file="$tmp/link" --timings="$tmp/out/./x"
# Once the image was overwritten, with success.
for name in /dev/stdout /dev/fd/1 out.tar; do
  is "standard output, a file, by the name $name" \
    "$(strata "${pack[@]}" -o - --timings="$name" tool 2>&1 >out.tar
       strata "${pack[@]}" -o - --plan-file="$name" tool 2>&1 >out.tar)" \
    "strata: error: '$name' cannot be both image and timings
strata: error: '$name' cannot be both image and plan"
  is "it stays empty: $name" "$(cat out.tar)" ""
done
ok "another file than standard output" \
  strata "${pack[@]}" -o - --timings="$tmp/timings.json" tool
rm out.tar
# plan_refuses NAME PATTERN OPTION...: of strata plan.
plan_refuses ()
{
  fails_cleanly "$1" "$2" plan --store-root="$tmp/store" "${@:3}" tool
}
plan_refuses "picture and page" "'./a' cannot be both picture and page" \
  --svg=a --html=./a --plan-file=b
plan_refuses "plan and picture" "'./b' cannot be both plan and picture" \
  --svg=./b --plan-file=b
plan_refuses "nothing to explain" "is not an item of the image" \
  --explain=other@1.0 --plan-file=b --svg=a
fails_cleanly "strata diff" "'./a' cannot be both picture and page" \
  diff --svg=a --html=./a "$tmp/good.json" "$tmp/good.tar"
for option in svg html; do
  plan_refuses "--$option: a folder that is not there" "nowhere" \
    --$option=nowhere/x --plan-file=b
  plan_refuses "--$option: a folder" "it is a folder" --$option="$tmp/rootfs" \
    --plan-file=b
  for input in "--previous=$tmp/good.tar" "--sibling=$tmp/good.tar:tool" \
    "--base=$tmp/good.tar"; do
    plan_refuses "--$option in the place of ${input%%=*}" \
      "cannot be both input and (picture|page)" "$input" --$option="$tmp/good.tar"
  done
  fails_cleanly "strata diff: --$option" "cannot be both input and" \
    diff "$tmp/good.json" "$tmp/good.tar" --$option="$tmp/good.tar"
done
refuses "the trace in the place of the base image" \
  "cannot be both input and timings" --base="$tmp/good.tar" \
  --timings="$tmp/good.tar"
strata plan --store-root="$tmp/store" --plan-file=- tool >"$tmp/stdout.json"
same "a plan on standard output is there alone" "$tmp/stdout.json" \
  "$tmp/good.json"
# Once the plan was there, and was the previous one of the next.
for option in svg html; do
  plan_refuses "a full device for --$option: no plan" \
    "'/dev/full': No space left" --plan-file=b --$option=/dev/full
done
plan_refuses "a full device for the page: no picture" \
  "'/dev/full': No space left" --svg=a --html=/dev/full
plan_refuses "a full device for the plan: no picture" \
  "'/dev/full': No space left" --svg=a --plan-file=/dev/full
echo old >a
strata plan --store-root="$tmp/store" --svg=a --html=a.html --plan-file=b tool \
  2>"$tmp/.err" >/dev/full || true
is "full standard output: no plan" "$(cat "$tmp/.err" a):$(ls)" \
  "strata: error: cannot write to 'standard output': No space left on device
old:a"
rm a
ok "a device takes everything" strata plan --store-root="$tmp/store" \
  --svg=/dev/null --html=/dev/null --plan-file=/dev/null tool

# --- No part of the store is replaced.

# Once the trace, the picture and the image took the place of the database.
cp -a "$tmp/store" "$tmp/kept"
watched+=("$tmp/kept")
db=$tmp/kept/var/guix/db/db.sqlite
ln -s "$db" "$tmp/db-link"
for file in "$db" "$db-wal" "$tmp/db-link"; do
  for option in svg html; do
    fails_cleanly "--$option: ${file##*/}" \
      "cannot write to '$file': it belongs to the database of the store" \
      plan --store-root="$tmp/kept" --$option="$file" tool
  done
  fails_cleanly "--output: ${file##*/}" "'$file': it belongs to the database" \
    pack --store-root="$tmp/kept" --output="$file" tool
  fails_cleanly "--timings: ${file##*/}" "'$file': it belongs to the database" \
    pack --store-root="$tmp/kept" -o image.tar --timings="$file" tool
done
fails_cleanly "--database: --svg" "'$db': it belongs to the database" \
  plan --store-root="$tmp/store" --database="$db" --svg="$db" tool
for file in "$tool/bin/run" "$tool/new" "$other"; do
  for option in output plan-file timings; do
    fails_cleanly "--$option: ${file#*-}" "'$tmp/kept$file': it belongs to an item" \
      pack --store-root="$tmp/kept" -o image.tar \
      --$option="$tmp/kept$file" tool
  done
  fails_cleanly "--svg: ${file#*-}" "'$tmp/kept$file': it belongs to an item" \
    plan --store-root="$tmp/kept" --svg="$tmp/kept$file" tool
done
# As the builder of a derivation does.
ok "an image as a new item" strata pack --store-root="$tmp/kept" \
  -o "$tmp/kept/gnu/store/image.tar" tool

# --- Only a plan is replaced by a plan.

strata "${pack[@]}" -f oci -o "$tmp/read" tool >/dev/null
cp "$tmp/read/index.json" "$tmp/index.json"
refuses "a file of a layout that is read" "read/index.json" \
  --previous="$tmp/read" --plan-file="$tmp/read/index.json"
same "it is as it was" "$tmp/index.json" "$tmp/read/index.json"
: >"$tmp/empty.json"
ok "an empty file is no plan yet" \
  strata "${pack[@]}" -o "$tmp/empty.tar" --plan-file="$tmp/empty.json" tool
same "it has the plan then" "$tmp/good.json" "$tmp/empty.json"

# --- Another store.

sed 's,/gnu/store,/nix/store,' "$tmp/good.json" >"$tmp/nix.json"
for option in previous sibling plan-file; do
  refuses "$option: another store" \
    "$tmp/nix.json': its items are in the store '/nix/store'" \
    --$option="$tmp/nix.json"
done
echo 1 >"$tmp/rootfs/file"
tar -cf "$tmp/layer.tar" -C "$tmp/rootfs" file
digest=$(sha256sum "$tmp/layer.tar" | cut -c 1-64)
mkdir "$tmp/foreign"
cp "$tmp/layer.tar" "$tmp/foreign/layer.tar"
printf '{"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$digest" \
  >"$tmp/foreign/config.json"
printf '[{"Config":"config.json","RepoTags":["a:b"],"Layers":["layer.tar"]}]' \
  >"$tmp/foreign/manifest.json"
tar -cf "$tmp/foreign.tar" -C "$tmp/foreign" .
refuses "an image without items" "foreign.tar': it holds no items of a store" \
  --previous="$tmp/foreign.tar"

# --- Damage.

# damaged NAME PATTERN: a plan on standard input, which is no pipe, as checks
# in a subshell are not counted.  For the OPTIONS alone, if they are given.
damaged ()
{
  cat >"$tmp/damaged.json"
  for option in ${3-previous sibling plan-file}; do
    refuses "$option: $1" "damaged.json.*$2" --$option="$tmp/damaged.json"
  done
}

damaged "an empty file" "cannot read|JSON" "previous sibling" </dev/null
damaged "half a plan" "JSON" < <(head -c 100 "$tmp/good.json")
damaged "a later version" "version 2 is not known" \
  < <(sed 's/"version":1/"version":2/' "$tmp/good.json")
damaged "a reference to nothing" "refers to an item that is not there" \
  < <(sed 's/\[0/[99/' "$tmp/good.json")
damaged "a negative size" "whole number" \
  < <(sed 's/",[0-9]*,/",-1,/' "$tmp/good.json")
damaged "a name that is none" "is not the name of an item" \
  < <(sed 's/\(-tool-1.0\)"/\1\/x"/' "$tmp/good.json")
head -c 100 "$tmp/good.tar" >"$tmp/short.tar"
refuses "half an archive" "short.tar" --previous="$tmp/short.tar"
echo nonsense >"$tmp/nonsense"
refuses "neither plan nor image" "nonsense" --previous="$tmp/nonsense"
refuses "a folder that is no image" "'$tmp/rootfs' is no image" \
  --previous="$tmp/rootfs"
printf '%s\n\n0\n' "$tool" >"$tmp/graph"
refuses "a graph is no previous image" "neither a plan nor an image" \
  --previous="$tmp/graph"
printf '%s\n\nmany\n' "$tool" >"$tmp/graph"
refuses "a damaged graph" "graph', line 3" --sibling="$tmp/graph"

# --- Fleets.

echo 'one' >"$tmp/fleet"
refuses "an image without items in a fleet" "line 1: the image 'one' has no items" \
  --fleet="$tmp/fleet"
hints "an image without items in a fleet" 'NAME ITEM'
printf 'one tool\n# two\none other@1.0\n' >"$tmp/fleet"
refuses "an image twice in a fleet" "line 3: the image 'one' is there twice" \
  --fleet="$tmp/fleet"
echo 'one tool no-such-item' >"$tmp/fleet"
refuses "an item of a fleet that is not there" "no-such-item" \
  --fleet="$tmp/fleet"
# Once all images but the first were left out, with success.
for byte in '\351' '\0'; do
  printf "one tool # caf$byte\ntwo other@1.0\n" >"$tmp/fleet"
  refuses "a fleet with the byte $byte" \
    "cannot read '$tmp/fleet', line 1: it is not text in UTF-8" \
    --fleet="$tmp/fleet"
done
# Once these were two items.
printf 'one tool\eother@1.0\n' >"$tmp/fleet"
refuses "an item of a fleet with ESC" "'tool.033other@1.0'" \
  --fleet="$tmp/fleet"
printf 'one\ttool\r\n\r\ntwo other@1.0\r\n' >"$tmp/fleet"
ok "a fleet with CRLF" strata "${pack[@]}" -n --fleet="$tmp/fleet" tool

# --- Options that do not go together.

for strategy in size popularity single; do
  fails_cleanly "$strategy: --previous" "strategy '$strategy' does not look" \
    pack --store-root="$tmp/store" --strategy=$strategy \
    --previous="$tmp/good.tar" tool
  hints "$strategy: --previous" expected
  fails_cleanly "$strategy: --sibling" "strategy '$strategy' does not look" \
    pack --store-root="$tmp/store" --strategy=$strategy --sibling=other@1.0 tool
done
echo 'layer a *' >"$tmp/rules"
refuses "rules for another strategy" "'--rules' needs '--strategy=manual'" \
  --rules="$tmp/rules"
refuses "manual without rules" "'manual' needs '--rules'" --strategy=manual
manual=(--strategy=manual --rules="$tmp/rules")
echo 'layr a *' >"$tmp/rules"
refuses "a rule that is none" "$tmp/rules.*line 1" "${manual[@]}"
refuses "no such rules" "cannot open '$tmp/nowhere'" --strategy=manual \
  --rules="$tmp/nowhere"
printf 'layer all *\nlayer none nothing-*\n' >"$tmp/rules"
ok "rules that match all and nothing" \
  strata "${pack[@]}" "${manual[@]}" -n tool
like "a rule that matches nothing is told" \
  "$(strata "${pack[@]}" "${manual[@]}" -n tool 2>&1 >/dev/null)" \
  "warning: .*line 2: 'nothing-\*' matches no item"
printf 'layer one tool-*\nlayer two profile\n' >"$tmp/rules"
refuses "more layers than there may be" "$tmp/rules|layers" "${manual[@]}" \
  --max-layers=2

refuses "the plan in place of the image" "both image and plan" \
  -o image.tar --plan-file=image.tar
refuses "the plan in place of the timings" "both plan and timings" \
  --timings=x.json --plan-file=x.json
refuses "fewer layers than the base image has" "layer is not enough" \
  --base="$tmp/good.tar" --max-layers=1 --previous="$tmp/good.tar"
for value in x -1 1001 ''; do
  refuses "--sharing=$value" "sharing" --sharing="$value"
done
for value in x -1 1Q; do
  refuses "--min-layer-size=$value" "min-layer-size.*size such as" \
    --min-layer-size="$value"
done
plan
