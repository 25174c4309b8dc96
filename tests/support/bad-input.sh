# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# For tests of what goes wrong, to be read after tap.sh.  The test works in
# $tmp/out, where images go; TMPDIR is $tmp/temporary.

# Folders in which a failed command leaves everything as it was.
watched=("$tmp/out" "$tmp/temporary")
mkdir -p "${watched[@]}"
export TMPDIR=$tmp/temporary
cd "$tmp/out"

# snapshot: prints all that is in the watched folders, but for what this user
# may not read.
snapshot ()
{
  { find "${watched[@]}" -printf '%p %y %m %l' \
      \( -type d -printf '\n' -o -type p -printf '\n' -o -printf ' %s %i %T@\n' \) \
      2>/dev/null || true; } | sort
}

# fails_cleanly NAME PATTERN ARGUMENT...: as `fails`; and it says no more than
# the error and what helps, and leaves nothing behind.
fails_cleanly ()
{
  local before after
  before=$(snapshot)
  fails "$@"
  is "$1: one error, and what helps" \
    "$(grep -Ev "^(strata: (error|warning): |hint: |Try 'strata )" \
         <<<"$err" || true)" ""
  after=$(snapshot)
  is "$1: nothing is left" \
    "$(diff <(echo "$before") <(echo "$after") || true)" ""
}

# hints NAME PATTERN: the command that failed last gave such a hint.
hints ()
{
  like "$1: hint" "$err" "^hint: .*$2"
}

# make_store ROOT: a store with the items tool-1.0, other-1.0 and other-2.0.
make_store ()
{
  mkdir -p "$tmp/tool/bin" "$tmp/other/bin"
  printf 'tool\n' >"$tmp/tool/bin/run"
  chmod +x "$tmp/tool/bin/run"
  tool=$(strata store add --store-root="$1" tool-1.0 "$tmp/tool")
  printf 'uses %s\n' "$tool" >"$tmp/other/bin/other"
  other=$(strata store add --store-root="$1" other-1.0 "$tmp/other")
  printf 'more\n' >>"$tmp/other/bin/other"
  other2=$(strata store add --store-root="$1" other-2.0 "$tmp/other")
}

# as_user COMMAND...: as a user who may not read everything.
as_user ()
{
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/ "$@"
  else
    "$@"
  fi
}

# fails_as_user NAME PATTERN ARGUMENT...: as `fails_cleanly`, as that user.
fails_as_user ()
{
  if as_user test -x "$(command -v strata)"; then
    strata () { as_user env strata "$@"; }
    fails_cleanly "$@"
    unset -f strata
  else
    skip "$1" "the other user cannot reach the command"
  fi
}
