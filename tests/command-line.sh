#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# How the command speaks and ends: help, bad usage, locales, pipes, signals.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

cd "$tmp"
mkdir -p tool/bin other/bin
printf 'tool\n' >tool/bin/run
head -c 1000000 /dev/urandom >tool/data
printf 'other\n' >other/bin/run
strata store add --store-root=root tool-1.0 tool >/dev/null
strata store add --store-root=root other-1.0 other >/dev/null
store=--store-root=$tmp/root

# usage NAME PATTERN ARGUMENT...: status 2, one error, and where to find more.
usage ()
{
  fails "$@"
  is "$1: status" "$status" 2
  like "$1: where to find more" "$err" "^Try 'strata .*--help' for more"
}

for command in "" pack system inspect store cache; do
  # shellcheck disable=SC2086  # no word if there is no command
  run_strata $command --help
  like "$command --help" "$out" '^Usage: strata '
  is "$command --help: nothing else" "$status$err" 0
  is "$command --help: at most 80 columns" "$(grep -E '.{81}' <<<"$out")" ""
  is "help $command" "$(strata help $command)" "$out"
done
run_strata --version
like "--version" "$out" '^strata [0-9]'

usage "no command" 'missing command'
usage "unknown command" "unknown command 'pakc'" pakc
like "unknown command: hint" "$err" "^hint: did you mean 'pack'\?$"
usage "unknown option before the command" "unknown option '--hepl'" --hepl
usage "unknown option" "unknown option '--max-layer'" pack --max-layer=3 tool
like "unknown option: hint" "$err" "^hint: did you mean '--max-layers'\?$"
usage "no item" 'missing item' pack "$store"
usage "no value" "'--output' needs a value" pack tool --output
usage "value of a flag" "'--dry-run' has no value" pack tool --dry-run=1
for value in 0 -1 x '' 1000000000000000000000000000000; do
  usage "--max-layers=$value" "max-layers: '$value' is not a whole number" \
    pack "$store" tool --max-layers "$value"
done
usage "--verbosity=-1" "'-1' is not a whole number" pack --verbosity=-1 tool
usage "--base-name alone" "'--base-name' needs '--base'" pack --base-name=x tool
usage "--format=zip" "unknown image format 'zip'" pack -f zip tool
usage "--compression=rar" "unknown compression 'rar'" pack -C rar tool
usage "--created=soon" "'soon' is not a creation time" pack --created=soon tool
usage "-S without =" "'bin' is not of the form SOURCE=TARGET" pack -S bin tool
usage "-S without target" "'/bin=' is not of the form" pack -S /bin= tool
usage "-A alone" "needs '--entry-point'" pack -A x tool
usage "database and graph" "exclude each other" \
  pack --database=a --reference-graph=b tool
usage "no image" 'missing image' inspect
usage "two images" "extra operand 'b'" inspect a b
usage "no action" 'missing action' store
usage "unknown action" "unknown action 'quer'" store quer
usage "no question" 'missing question' store query
usage "unknown question" "unknown question 'sizes'" store query sizes tool
usage "question without item" 'missing item' store query size
usage "add without root" "'--store-root' is missing" store add name tool
usage "add without file" 'missing name or file' store add name "$store"
usage "verify with operand" "extra operand 'x'" store verify x

fails "item that is not there" "'nope'" pack "$store" nope
is "item that is not there: status" "$status" 1
fails "-S, relative" "'bin': its name must be an absolute path" \
  pack "$store" -S bin=bin tool
fails "-S, target missing" "'/x': 'nope' is not in the profile" \
  pack "$store" -S /x=nope tool
fails "entry point missing" "entry point: 'nope' is not in the profile" \
  pack "$store" --entry-point=nope tool
fails "bad tag" "'Upper" pack "$store" --image-tag=Upper tool
export SOURCE_DATE_EPOCH=x
fails "bad SOURCE_DATE_EPOCH" "SOURCE_DATE_EPOCH: 'x'" pack "$store" tool
unset SOURCE_DATE_EPOCH
fails "control characters in a name" "'a\\\\033b'" pack "$store" $'a\033b'
fails "bytes that are not UTF-8" "argument 'a\\\\377' is not UTF-8" \
  pack "$store" $'a\377'
is "no output of what failed" "$(ls)" "$(printf 'other\nroot\ntool')"

# What goes where.
run_strata pack "$store" tool other
is "the output is printed" "$out" tool-other-docker-image.tar
like "a collision is told" "$err" '^strata: warning: .*bin/run'
is "and no more" "$(wc -l <<<"$err")" 1
run_strata pack "$store" -v0 tool other
is "-v 0" "$status$err" 0
run_strata pack tool -v 3 "$store" -o image.tar --max-layers 2
is "options after operands" "$out" image.tar
like "-v 3: the layers" "$err" '^ .* /gnu/store/.*-tool-1\.0$'
run_strata pack "$store" -n -- tool
like "-n: the layers" "$out" '^ +1 .*(KiB|MiB)  /gnu/store/.*-tool-1\.0$'
like "-n: their number" "$out" '^3 layers, '
run_strata pack "$store" --created=2026-01-31T12:00:00Z -o image.tar tool
like "inspect: created" "$(strata inspect image.tar)" \
  '^created: 2026-01-31T12:00:00Z$'
export SOURCE_DATE_EPOCH=86400
run_strata pack "$store" -o image.tar tool
like "inspect: SOURCE_DATE_EPOCH" "$(strata inspect image.tar)" \
  '^created: 1970-01-02T00:00:00Z$'
unset SOURCE_DATE_EPOCH
like "size" "$(strata store query size "$store" tool --bytes)" \
  '^ +1000[0-9]{3} +1000[0-9]{3} +100\.0%  /gnu/store/.*-tool-1\.0$'

# Any locale.
LC_ALL=C run_strata pack "$store" -o "naïve.tar" tool
is "a name in the C locale" "$out" "naïve.tar"
ok "is the file's name" test -s naïve.tar
LC_ALL=C fails "a name in an error, in the C locale" "'naïve'" \
  pack "$store" naïve

# Pipes and full disks.
pipe_status ()
{
  local all=("${PIPESTATUS[@]}")
  echo "${all[0]}"
}
is "a closed pipe ends it silently" \
  "$({ strata --help | true; pipe_status; } 2>&1)" 141
is "also where the image goes" \
  "$({ strata pack "$store" -C none -o - tool | true; pipe_status; } 2>&1)" 141
run_to_full ()
{
  strata "$@" >/dev/full
}
not_ok "a full disk behind standard output" run_to_full --help
like "is told" "$(run_to_full --help 2>&1 || true)" \
  '^strata: error: .*No space left on device$'

# interrupt SIGNAL NUMBER: while the image goes into a pipe, which cannot hold
# all of it.
mkdir large
head -c 1000000 /dev/zero >large/zeros
strata store add "$store" large-1.0 large >/dev/null
interrupt ()
{
  local pid status=0
  mkfifo pipe
  env --default-signal="$1" strata pack "$store" -C none -o pipe large \
    2>interrupted &
  pid=$!
  exec 8<pipe
  head -c 1 <&8 >/dev/null
  kill -s "$1" "$pid"
  cat <&8 >/dev/null
  wait "$pid" 2>/dev/null || status=$?
  exec 8<&-
  is "SIG$1: status" "$status" $((128 + $2))
  is "SIG$1: message" "$(cat interrupted)" "strata: interrupted by SIG$1"
  ok "SIG$1: the pipe stays" test -p pipe
  rm pipe
}
interrupt INT 2
interrupt TERM 15
interrupt HUP 1

plan
