# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What every shell test begins with:
#   . "${top_srcdir:-.}/tests/support/tap.sh"
# It prints TAP, and gives a temporary folder, $tmp, that is gone at the end.
# A test ends with `plan`; one that dies before counts as an error.

set -euo pipefail
export LC_ALL=C.UTF-8
unset LANGUAGE SOURCE_DATE_EPOCH

top_srcdir=${top_srcdir:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
top_builddir=${top_builddir:-$top_srcdir}
test_count=0
failure_count=0
tmp=$(mktemp -d "${TMPDIR:-/tmp}/strata-test.XXXXXX")
# No test depends on what others left in the user's cache.
export XDG_CACHE_HOME=$tmp/.cache
# Commands to run at the end, last one first.
at_exit=()

finish ()
{
  local status=$? i point
  trap '' INT TERM HUP
  set +e
  cd /
  for ((i = ${#at_exit[@]} - 1; i >= 0; i--)); do
    eval "${at_exit[i]}"
  done
  awk -v tmp="$tmp/" 'index($2 "/", tmp) == 1 { print $2 }' /proc/mounts | tac |
    while read -r point; do umount -l "$point"; done
  chmod -R u+w "$tmp" 2>/dev/null
  rm -rf "$tmp"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# result yes|no NAME
result ()
{
  test_count=$((test_count + 1))
  if [ "$1" = yes ]; then
    echo "ok $test_count - $2"
  else
    failure_count=$((failure_count + 1))
    echo "not ok $test_count - $2"
  fi
}

# say FILE: shows FILE as comments.
say ()
{
  sed 's/^/# /' "$1"
}

# ok NAME COMMAND...: COMMAND succeeds.  Its output is shown if it does not.
ok ()
{
  local name=$1
  shift
  if ("$@") >"$tmp/.output" 2>&1 </dev/null; then
    result yes "$name"
  else
    result no "$name"
    echo "# failed: $*"
    say "$tmp/.output"
  fi
}

# not_ok NAME COMMAND...: COMMAND fails.
not_ok ()
{
  local name=$1
  shift
  if ("$@") >"$tmp/.output" 2>&1 </dev/null; then
    result no "$name"
    echo "# succeeded: $*"
    say "$tmp/.output"
  else
    result yes "$name"
  fi
}

# is NAME ACTUAL EXPECTED
is ()
{
  if [ "$2" = "$3" ]; then
    result yes "$1"
  else
    result no "$1"
    printf '%s\n' "is:" "$2" "should be:" "$3" | sed 's/^/# /'
  fi
}

# like NAME TEXT PATTERN: TEXT has a line that the regexp PATTERN matches.
like ()
{
  if grep -Eq -e "$3" <<<"$2"; then
    result yes "$1"
  else
    result no "$1"
    printf '%s\n' "no match for: $3" "in:" "$2" | sed 's/^/# /'
  fi
}

# same NAME FILE OTHER-FILE
same ()
{
  ok "$1" cmp -- "$2" "$3"
}

# skip NAME REASON
skip ()
{
  test_count=$((test_count + 1))
  echo "ok $test_count - $1 # SKIP $2"
}

# skip_all REASON: leaves out the whole file.  In CI that is a failure: there
# everything is there to test with.
skip_all ()
{
  if [ "${CI-}" = true ]; then
    echo "1..1"
    echo "not ok 1 - all there is to test with ($1)"
    exit 1
  fi
  echo "1..0 # SKIP $1"
  exit 0
}

# need_program NAME...: leaves out the file where one is missing.
need_program ()
{
  local name
  PATH=$PATH:/usr/sbin:/sbin
  for name; do
    command -v "$name" >/dev/null || skip_all "program '$name' is missing"
  done
}

need_root ()
{
  [ "$(id -u)" = 0 ] || skip_all "needs root"
}

# plan: the end of a test.
plan ()
{
  echo "1..$test_count"
  [ "$failure_count" = 0 ]
  exit
}

# run_strata ARGUMENT...: sets $status, $out and $err.
run_strata ()
{
  status=0
  strata "$@" >"$tmp/.out" 2>"$tmp/.err" </dev/null || status=$?
  out=$(cat "$tmp/.out")
  err=$(cat "$tmp/.err")
}

# fails NAME PATTERN ARGUMENT...: `strata ARGUMENT...` prints one error, which
# PATTERN matches, maybe a hint, and nothing else.
fails ()
{
  local name=$1 pattern=$2
  shift 2
  run_strata "$@"
  if { [ "$status" = 1 ] || [ "$status" = 2 ]; } && [ -z "$out" ] &&
     [ "$(grep -c '^strata: error: ' <<<"$err")" = 1 ] &&
     ! grep -qEi 'backtrace|in procedure|\.scm:' <<<"$err" &&
     grep -Eq -e "$pattern" <<<"$err"; then
    result yes "$name"
  else
    result no "$name"
    printf '%s\n' "strata $*" "should fail with one error like: $pattern" \
      "status $status, output:" "$out" "errors:" "$err" | sed 's/^/# /'
  fi
}

# use_demo_store: sets $demo_store, the root of a store that all tests share
# and none changes.
use_demo_store ()
{
  need_program patchelf hello dpkg-query
  demo_store=$top_builddir/tests/demo-store
  (
    flock 9
    [ "$demo_store.done" -nt "$top_srcdir/demo/functions.sh" ] || {
      rm -rf "$demo_store"
      "$top_srcdir/demo/make-demo-store" "$demo_store" >"$demo_store.done.new"
      mv "$demo_store.done.new" "$demo_store.done"
    }
  ) 9>"$demo_store.lock" >&2
}
