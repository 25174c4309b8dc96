#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Bad values of options: names, numbers, links, compressors.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
make_store "$root"
watched+=("$root")
store=--store-root=$root

# refuses NAME PATTERN OPTION...: it cannot be packed with these options.
refuses ()
{
  local name=$1 pattern=$2
  shift 2
  fails_cleanly "$name" "$pattern" pack "$store" tool "$@"
}

# refuses_usage NAME PATTERN OPTION...: likewise, with status 2.
refuses_usage ()
{
  refuses "$@"
  is "$1: status" "$status" 2
}

for value in 0 -1 x '' 1.5 1e3 0x10 ' 1' '#xf' ٣ \
             1000000000000000000000000000000 18446744073709551617; do
  refuses_usage "--max-layers='$value'" \
    "^strata: error: --max-layers: '$value' is not a whole number" \
    --max-layers="$value"
done
refuses_usage "--max-layers alone" "'--max-layers' needs a value" --max-layers
refuses_usage "--jobs=-1" "--jobs: '-1' is not a whole number" --jobs=-1
refuses_usage "--jobs=1000000" "--jobs: '1000000' is not" --jobs=1000000

run_strata pack "$store" tool --max-layers=126 -n
is "as many layers as are needed: no warning" "$status:$err" 0:

# Once they were taken as not given, as where a variable is not set.
for option in base cache database fleet output plan-file previous \
              reference-graph rules store store-root timings; do
  refuses_usage "--$option=''" "^strata: error: --$option: '' is the name of no" \
    --$option=
done
for option in plan-file previous store-root svg html; do
  fails_cleanly "plan --$option=''" "error: --$option: '' is the name of no" \
    plan "$store" tool --$option=
done
fails_cleanly "stream --store-root=''" "--store-root: '' is the name of no" \
  stream --store-root= image.json

refuses "entry point missing" "entry point: 'bin/no' is not in the profile" \
  --entry-point=bin/no
hints "entry point missing" "give a file of one of the items"
refuses "entry point without name" "entry point: '' is not in the profile" \
  --entry-point=
refuses "entry point above the profile" "entry point: '../x' is not in" \
  --entry-point=../x
refuses "entry point in the store, missing" "'$tool/bin/no' does not exist" \
  --entry-point="$tool/bin/no"
refuses "entry point of another item" "'$other/bin/other' does not exist" \
  --entry-point="$other/bin/other"
refuses "entry point that is a directory" "entry point: '.*/bin' is a directory" \
  --entry-point=bin
hints "entry point that is a directory" "give a program of one of the items"
refuses "entry point that is an item" "entry point: '$tool' is a directory" \
  --entry-point="$tool"
refuses "entry point not in the store" "entry point: '/bin/sh' is not in" \
  --entry-point=/bin/sh

refuses_usage "-S without =" "'x' is not of the form SOURCE=TARGET" -S x
hints "-S without =" "'/bin=bin'"
refuses_usage "-S without source" "'=bin' is not of the form" -S =bin
refuses_usage "-S without target" "'/bin=' is not of the form" --symlink=/bin=
refuses "-S, relative" "'bin': its name must be an absolute path" -S bin=bin
refuses "-S, the root" "symlink '/': .*the root" -S /=bin
refuses "-S, with dots" "'/a/../b': its name must not have '.' or '..'" \
  -S /a/../b=bin
refuses "-S, target missing" "symlink '/x': 'no' is not in the profile" -S /x=no
refuses "-S in the store" "'/gnu/store/x': it would hide the store" \
  -S /gnu/store/x=bin
refuses "-S in an item" "'$tool/x': it would hide the store" -S "$tool/x=bin"
refuses "-S above the store" "'/gnu': it would hide the store" -S /gnu=bin
refuses "-S below a link" "'/a/b' into the image: it leads through" \
  -S /a=bin -S /a/b=bin
refuses "-S for a whiteout" "'/.wh.x'" -S /.wh.x=bin
run_strata pack "$store" tool -S /a=bin -S /a=bin/run -o twice.tar
is "-S twice: success" "$status:$out" 0:twice.tar
is "-S twice: a warning" "$err" \
  "strata: warning: '/a' is asked for twice: the last one is taken"
rm twice.tar

# refuses_tag NAME CAUSE: a hint says how names look.
refuses_tag ()
{
  refuses "tag '${1:0:30}'" "invalid image name .*: $2" --image-tag="$1"
  hints "tag '${1:0:30}'" 'HOST\[:PORT\]/\]PATH\[:TAG\]'
}
long=$(printf 'a%.0s' {1..256})
for name in '' : Upper a//b /a a/ a..b -a a- é 'a b' "a'b" 'a/B'; do
  refuses_tag "$name" '.*is no path of lower-case letters'
done
refuses_tag $'a\nb' "'a.012b' is no path"
refuses_tag $'a\e[2Jb' "'a.033\[2Jb' is no path"
for name in a: a:b:c a:-x a:.x "a:${long:0:129}" 'a: b'; do
  refuses_tag "$name" "'.*' is no tag"
done
for name in example.org:99999/a example.org:/a a_b.org/a [::1/a [::g]/a; do
  refuses_tag "$name" "'.*' is no host"
done
refuses_tag "$long" "it has more than 255 characters"
refuses_tag "a@sha256:${long:0:64}" "a digest cannot be chosen"

refuses_usage "-C rar" "-C: unknown compression 'rar'" -C rar
hints "-C rar" "none, gzip, zstd"
refuses_usage "-C ''" "-C: unknown compression ''" -C ''
for value in gzip:0 gzip:99 gzip:x gzip: zstd:0 zstd:1.5 zstd:99 zstd:-1; do
  refuses "-C $value" "compressor ${value%:*} has no level '${value#*:}'" \
    -C "$value"
  hints "-C $value" "its levels are 1 to [12][2]"
done
refuses "-C none:1" "compressor none has no level '1'" -C none:1
is "-C none:1: no hint" "$(grep hint <<<"$err" || true)" ""
refuses_usage "-f zip" "-f: unknown image format 'zip'" -f zip
hints "-f zip" "docker, oci"
refuses "--strategy=luck" "unknown strategy 'luck'" --strategy=luck
hints "--strategy=luck" "size"
refuses "--system=vax" "unknown system 'vax'" --system=vax
hints "--system=vax" "x86_64-linux"
refuses_usage "--created=soon" "--created: 'soon' is not a creation time" \
  --created=soon
refuses_usage "--created=-1" "--created: '-1' is not" --created=-1
refuses_usage "--created, no such day" "'2026-02-30' is not" \
  --created=2026-02-30
export SOURCE_DATE_EPOCH=x
refuses "SOURCE_DATE_EPOCH" "SOURCE_DATE_EPOCH: 'x' is not a number of seconds"
unset SOURCE_DATE_EPOCH

refuses_usage "unknown option" "unknown option '--outptu'" --outptu=x
hints "unknown option" "did you mean '--output'\?"
refuses_usage "unknown letter" "unknown option '-Z'" -nZ
refuses_usage "argument that is not UTF-8" "argument '.*.377' is not UTF-8" \
  -o $'\xff'
refuses_usage "value with an escape" "'.033\[2J' is not a whole number" \
  --max-layers=$'\e[2J'

plan
