# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Stores beside Nix's own tools: a real daemon's database while a second
# process adds items, when the daemon is idle, and when it is gone; for root
# and for a user who may do nothing special; and names, hashes and sizes of
# what `strata store add` makes.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/servers.sh" || exit 1

need_program nix-build nix-hash setpriv sqlite3
start_nix_daemon
chmod 711 "$tmp"
unprivileged=(setpriv --reuid=65534 --regid=65534 --clear-groups
              env HOME=/nonexistent)
"${unprivileged[@]}" strata --version >/dev/null 2>&1 || {
  skip "the answers for another user" "the build folder is closed to others"
  unprivileged=()
}
location=(--store="$NIX_STORE_DIR" --database="$nix/var/db/db.sqlite")

# Items that refer to others, to themselves, and to nothing; the file of a
# reference graph.
cat >"$tmp/items.nix" <<'END'
let
  item = name: command: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" command ];
  };
  a = item "a-1.0" "echo a > $out";
  b = item "b-1.0" "echo ${a} > $out";
  c = item "c-1.0" "echo ${a} ${b} $out > $out";
in {
  inherit a c;
  graph = derivation {
    name = "graph";
    system = builtins.currentSystem;
    builder = "/bin/sh";
    exportReferencesGraph = [ "file" c ];
    args = [ "-c" "while read -r line; do echo \"$line\"; done < file > $out" ];
  };
}
END
build ()
{
  with_nix nix-build "$tmp/items.nix" -A "$1" --no-out-link </dev/null \
    2>>"$tmp/nix-build.log"
}
if ! c=$(build c) || ! graph=$(build graph) || ! a=$(build a); then
  say "$tmp/nix-build.log"
  exit 1
fi

# What Nix says, in bytewise order.
nix_closure ()
{
  with_nix nix-store --query --requisites "$c" | sort
}

# What we say, sorted alike; the arguments go before the command.
our_closure ()
{
  "$@" strata store query requisites "${location[@]}" "$c" | sort
}

# The sizes of the items of the closure.
nix_sizes ()
{
  local path
  for path in $(nix_closure); do
    echo "$path $(with_nix nix-store --query --size "$path")"
  done
}
our_sizes ()
{
  "$@" strata store query size --bytes "${location[@]}" "$c" |
    awk '$NF ~ /^\// { print $NF, $2 }' | sort
}

state_of_database ()
{
  (cd "$nix/var/db" && stat -c '%n %s %y' -- * && sha256sum -- *)
}

compare ()
{
  is "$1: closure" "$(our_closure)" "$(nix_closure)"
  is "$1: sizes" "$(our_sizes)" "$(nix_sizes)"
  is "$1: closure, for another user" \
     "$(our_closure "${unprivileged[@]}")" "$(nix_closure)"
  is "$1: references" "$(strata store query references "${location[@]}" "$c")" \
     "$(with_nix nix-store --query --references "$c" | sort)"
  is "$1: referrers" "$(strata store query referrers "${location[@]}" "$a")" \
     "$(with_nix nix-store --query --referrers "$a" | sort)"
}

# --- While a second process adds items.

add_for_ever ()
{
  local i
  for ((i = 0; ; i++)); do
    echo "$i" >"$tmp/content"
    with_nix nix-store --add "$tmp/content" >/dev/null 2>&1
  done
}
expected=$(nix_closure)
add_for_ever &
adder=$!
wrong=0
for i in 1 2 3 4 5 6 7 8; do
  [ "$(our_closure)" = "$expected" ] || wrong=$((wrong + 1))
  [ "$(our_closure "${unprivileged[@]}")" = "$expected" ] ||
    wrong=$((wrong + 1))
done
is "right each time while items are added" "$wrong" 0
compare "while items are added"
kill "$adder"
wait "$adder" 2>/dev/null || true
ok "items were added meanwhile" test -e "$tmp/content"

# --- The daemon is idle, then gone.

# What the last client added may still be written.
ok "the daemon becomes idle" wait_for 20 test ! -e "$nix/var/db/db.sqlite-wal"
compare "idle daemon"
before=$(state_of_database)
our_closure >/dev/null
our_closure "${unprivileged[@]}" >/dev/null
is "idle daemon: nothing made or changed" "$(state_of_database)" "$before"
ok "every item is as Nix registered it" strata store verify "${location[@]}"

stop_server "$nix_daemon_pid" nix-daemon
before=$(state_of_database)
is "no daemon: closure" "$(our_closure)" "$expected"
is "no daemon: closure, for another user" \
   "$(our_closure "${unprivileged[@]}")" "$expected"
is "no daemon: nothing made or changed" "$(state_of_database)" "$before"

# --- The file of the reference graph.

is "closure from a reference graph" \
   "$(strata store query requisites --store="$NIX_STORE_DIR" \
        --reference-graph="$graph" "$c" | sort)" "$expected"

# --- Adding.

tree=$tmp/tree
mkdir -p "$tree/bin"
echo '#!/bin/sh' >"$tree/bin/program"
chmod 700 "$tree/bin/program"
ln -s bin/program "$tree/link"
added=$(strata store add --store-root="$tmp/root" --store="$NIX_STORE_DIR" \
          --database="$tmp/root/db.sqlite" tree "$tree")
is "added under the name that Nix gives" "$added" \
   "$(env -u NIX_REMOTE nix-store --option build-users-group '' --add "$tree")"
is "added with the NAR hash of nix-hash" \
   "$(sqlite3 "$tmp/root/db.sqlite" 'SELECT hash FROM ValidPaths' \
        2>"$tmp/sqlite.log" || cat "$tmp/sqlite.log")" \
   "sha256:$(nix-hash --type sha256 "$tmp/root$added")"
ok "what was added passes verification" strata store verify \
   --store-root="$tmp/root" --store="$NIX_STORE_DIR" \
   --database="$tmp/root/db.sqlite"

plan
