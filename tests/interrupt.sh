#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Signals at many moments: the command ends soon, by that signal, and leaves
# all as it was.  After SIGKILL there is nothing under the final name.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata

patience=2000 # milliseconds that the end may take
declare -A number=([INT]=2 [TERM]=15 [HUP]=1 [KILL]=9)
signals=(INT TERM HUP)

# On a file system in memory the times do not depend on a disk.
if [ "$(id -u)" = 0 ]; then
  mount -t tmpfs -o size=2g strata-test "$tmp"
fi
mkdir "$tmp/out" "$tmp/temporary" "$tmp/sources"
export TMPDIR=$tmp/temporary
cd "$tmp/out"

# 300 MB in 6 items, one of them of many files.
root=$tmp/root
for name in one two three four five; do
  mkdir "$tmp/sources/$name"
  head -c 50000000 /dev/urandom >"$tmp/sources/$name/data"
done
mkdir "$tmp/sources/six"
(cd "$tmp/sources/six" &&
   head -c 50000000 /dev/urandom | split -b 50000 -a 3)
for name in one two three four five six; do
  strata store add --store-root="$root" "$name-1" "$tmp/sources/$name" \
    >/dev/null
done
items=(one two three four five six)

# state: prints what must stay as it was.
state ()
{
  find "$tmp/out" "$tmp/temporary" "$root" \
    ! -name 'db.sqlite*' -printf '%p %y %l' \
    \( -type d -printf '\n' -o -type p -printf '\n' -o -printf ' %s %i %T@\n' \) | sort
}

# shape: prints what a signal that comes when all is done finds there.
shape ()
{
  find "$tmp/out" "$tmp/temporary" -printf '%p %y' \
    \( -type f -printf ' %s\n' -o -printf '\n' \) | sort
}

# milliseconds: prints the time.
milliseconds ()
{
  echo $(($(date +%s%N) / 1000000))
}

# strata_in_background ARGUMENT...: sets $pid.  The shell would let it ignore
# SIGINT.
strata_in_background ()
{
  env --default-signal=INT strata "$@" >"$tmp/.out" 2>"$tmp/.err" \
    </dev/null &
  pid=$!
}

# interrupt SIGNAL DELAY ARGUMENT...: strata with ARGUMENTs gets SIGNAL after
# DELAY milliseconds.  Sets $status, $how and $took.
interrupt ()
{
  local signal=$1 delay=$2 begin
  shift 2
  strata_in_background "$@"
  sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
  begin=$(milliseconds)
  kill -"$signal" "$pid" 2>/dev/null || true
  status=0
  wait "$pid" || status=$?
  took=$(($(milliseconds) - begin))
}

# problems SIGNAL: prints what is wrong with the end of the last command.
problems ()
{
  [ "$status" = $((128 + number[$1])) ] || echo "status $status"
  [ "$took" -le "$patience" ] || echo "ended after $took ms"
  grep -Eiv '^strata: (interrupted by SIG|warning: )' "$tmp/.err" || true
  [ ! -s "$tmp/.out" ] || echo "said $(head -c 100 "$tmp/.out")"
}

# interrupted NAME COUNT UNDO ARGUMENT...: strata is interrupted at COUNT
# moments spread over the time that it takes for ARGUMENTs.  UNDO is what
# brings back the state before, for the run that measures that time and for
# those that were too quick.
interrupted ()
{
  local name=$1 count=$2 undo=$3 before begin time i signal delay wrong= late=0 done
  shift 3
  before=$(state)
  begin=$(milliseconds)
  strata_in_background "$@"
  wait "$pid"
  time=$(($(milliseconds) - begin))
  # Where the whole takes long, on a busy machine or a slow disk, so may the end.
  local patience=$((patience + time))
  done=$(shape)
  mv "$tmp/.out" "$tmp/.all"
  eval "$undo"
  for ((i = 1; i <= count; i++)); do
    signal=${signals[i % 3]}
    delay=$((time * i / (count + 1)))
    before=$(state)
    interrupt "$signal" "$delay" "$@"
    if [ "$status" = 0 ] ||
        { [ -s "$tmp/.all" ] && cmp -s "$tmp/.out" "$tmp/.all"; } ||
        { [ "$(shape)" = "$done" ] && [ "$(state)" != "$before" ]; }; then
      # The machine had more to do when the time was taken.
      late=$((late + 1))
      time=$delay
      eval "$undo"
      continue
    fi
    wrong+=$(problems "$signal"
             diff <(echo "$before") <(state) || true)
    [ -z "$wrong" ] || { wrong+=$'\n'"($signal after $delay of $time ms)"; break; }
  done
  is "$name: interrupted at $count moments" "$wrong" ""
  like "$name: not all were too late" "$((late < count))" 1
}

pack=(pack --no-cache --store-root="$root" "${items[@]}")
for compressor in none gzip zstd; do
  interrupted "$compressor, new file" 6 'rm -f new.tar' \
    "${pack[@]}" -C "$compressor" -o new.tar
done
printf 'old\n' >old.tar
interrupted "old file" 6 'printf "old\n" >old.tar' \
  "${pack[@]}" -C none --max-layers=1 -o old.tar
interrupted "new OCI directory" 6 'rm -rf layout' \
  "${pack[@]}" -C zstd -f oci -o layout
strata pack --store-root="$root" one -C none -f oci -o layout >/dev/null
cp -a layout "$tmp/layout"
interrupted "old OCI directory" 6 \
  'rm -rf layout; cp -a "$tmp/layout" layout' \
  "${pack[@]}" -C zstd -f oci -o layout
mkdir empty
interrupted "empty folder" 6 'rm -rf empty; mkdir empty' \
  "${pack[@]}" -C zstd -f oci -o empty
mkfifo fifo
for compressor in none zstd; do
  cat fifo >/dev/null &
  reader=$!
  exec 9>fifo # so that the reader stays
  interrupted "FIFO, $compressor" 4 : "${pack[@]}" -C "$compressor" -o fifo
  exec 9>&-
  wait "$reader"
done
rm fifo

strata pack --store-root="$root" "${items[@]}" -C gzip -o image.tar >/dev/null
interrupted "inspect" 6 : inspect image.tar
interrupted "inspect, OCI directory" 3 : inspect layout
interrupted "store verify" 6 : store verify --store-root="$root"
rm image.tar

# A reader of the pipe that does not read must not keep it.
mkfifo fifo
exec 9<>fifo
strata_in_background "${pack[@]}" -C none -o fifo
sleep 1.5
begin=$(milliseconds)
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
took=$(($(milliseconds) - begin))
is "a pipe that nobody reads" "$(problems TERM)" ""
exec 9<&-
rm fifo

# --- Adding: an item that was not added is not registered.

mkdir "$tmp/sources/new"
ln "$tmp"/sources/*/* "$tmp/sources/new" 2>/dev/null || true
registered=$(strata store query requisites --store-root="$root" "${items[@]}")

# remove_item NAME: prints the commands that remove an item, if it is there, and
# what was to become one.
remove_item ()
{
  cat <<END
chmod -R u+w "$root"/gnu/store/*-$1 "$root"/gnu/store/.strata-* 2>/dev/null ||
  true
rm -rf "$root"/gnu/store/*-$1 "$root"/gnu/store/.strata-*
sqlite3 "$root/var/guix/db/db.sqlite" \
  "DELETE FROM ValidPaths WHERE path LIKE '%-$1'"
END
}

interrupted "store add" 9 "$(remove_item new-1)" \
  store add --store-root="$root" new-1 "$tmp/sources/new"
is "store add: what was there is there" \
  "$(strata store query requisites --store-root="$root" "${items[@]}")" \
  "$registered"
ok "store add: the store is good" strata store verify --store-root="$root"

# --- SIGKILL: a hidden temporary may stay.

# names: prints what has its final name.
names ()
{
  find "$tmp/out" "$root/gnu/store" -maxdepth 2 ! -path '*/.strata-*' | sort
}

# killed NAME UNDO WHOLE ARGUMENT...: strata is killed at moments spread over
# the time that it takes for ARGUMENTs.  Then nothing new has its final name,
# or the command WHOLE finds it complete.  UNDO brings back the state before.
killed ()
{
  local name=$1 undo=$2 whole=$3 before begin time i wrong= dead=0
  shift 3
  before=$(names)
  begin=$(milliseconds)
  strata "$@" >/dev/null
  time=$(($(milliseconds) - begin))
  eval "$undo"
  for i in 1 2 3 4 5; do
    interrupt KILL $((time * i / 6)) "$@"
    [ "$status" = 0 ] || dead=$((dead + 1))
    if [ "$(names)" = "$before" ]; then
      wrong+=$(problems KILL)
    else
      eval "$whole" >/dev/null || wrong+="not whole after $i/6 of $time ms"
    fi
    eval "$undo" || wrong+="not undone after $i/6 of $time ms"
  done
  is "$name: killed at 5 moments" "$wrong" ""
  ok "$name: not all were too late" test "$dead" -gt 0
}

forget='rm -rf .strata-* new.tar new'
killed "gzip" "$forget" 'strata inspect new.tar' "${pack[@]}" -o new.tar
killed "OCI directory" "$forget" 'strata inspect new' \
  "${pack[@]}" -f oci -o new
killed "empty folder" \
  'strata pack --store-root="$root" one -C none -f oci -o empty >/dev/null &&
   strata inspect empty >/dev/null && rm -rf empty && mkdir empty' \
  'strata inspect empty' "${pack[@]}" -C zstd -f oci -o empty
is "old file: killed" "$(cat old.tar)" old
killed "store add" "$(remove_item new-2)" \
  'diff -r "$root"/gnu/store/*-new-2 "$tmp/sources/new" &&
   strata store verify --store-root="$root"' \
  store add --store-root="$root" new-2 "$tmp/sources/new"
ok "store add: killed: the store is good" \
  strata store verify --store-root="$root"
ok "store add: killed: it can be added" \
  strata store add --store-root="$root" new-2 "$tmp/sources/new"

# --- An item that has its name but is not registered, as when SIGKILL comes
# between the two, is replaced.

sqlite3 "$root/var/guix/db/db.sqlite" \
  "DELETE FROM ValidPaths WHERE path LIKE '%-new-2'"
ok "store add: an item that is not registered is added" \
  strata store add --store-root="$root" new-2 "$tmp/sources/new"
like "store add: now it is registered" \
  "$(strata store query requisites --store-root="$root" new-2)" -new-2

plan
