#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The database of a closure, as a derivation writes it: sqlite3 looks at it.

. "${top_srcdir:-.}/tests/support/tap.sh"
need_program strata guile sqlite3

cd "$tmp"
add ()
{
  strata store add --store-root="$tmp/root" "$@"
}
printf 'base\n' >base
base=$(add z-base base)
printf '%s\n' "$base" >tool
tool=$(add a-tool tool)
printf '%s\n%s\n' "$base" "$tool" >top
top=$(add m-top top)
printf 'other\n' >other
other=$(add other other)
database=$tmp/root/var/guix/db/db.sqlite

# As a daemon writes it: by path, with a reference to itself.
{
  printf '%s\n' "$tool" "" 2 "$base" "$tool"
  printf '%s\n' "$base" "" 0
  printf '%s\n' "$top" "" 2 "$base" "$tool"
} >graph

# write FILE OPEN-ARGUMENT... : the database of the closure of top
write ()
{
  local file=$1
  shift
  guile --no-auto-compile -c "
    (use-modules (strata store))
    (write-store-database \"$file\"
                          (open-store #:root \"$tmp/root\" $*)
                          '(\"$top\"))"
}
# query FILE SQL
query ()
{
  sqlite3 "file:$1?mode=ro&immutable=1" "$2"
}

ok "from a reference graph" write graph.sqlite "#:reference-graphs '(\"graph\")"
ok "from a database" write database.sqlite
ok "again, one thread, another zone" env TZ=Asia/Tokyo \
   bash -c "$(declare -f write); tmp='$tmp' top='$top'; write again.sqlite"
same "the same bytes again" again.sqlite database.sqlite

is "integrity" "$(query graph.sqlite 'PRAGMA integrity_check')" ok
is "foreign keys" "$(query graph.sqlite 'PRAGMA foreign_key_check')" ""
is "tables" \
   "$(query graph.sqlite "SELECT name FROM sqlite_master
        WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")" \
   "DerivationOutputs
FailedPaths
Refs
ValidPaths"
is "items, references first" \
   "$(query graph.sqlite 'SELECT path FROM ValidPaths ORDER BY id')" \
   "$base
$tool
$top"
columns='path, hash, narSize, deriver'
is "hashes and sizes are the store's" \
   "$(query graph.sqlite "SELECT $columns FROM ValidPaths ORDER BY path")" \
   "$(query "$database" "SELECT $columns FROM ValidPaths
        WHERE path <> '$other' ORDER BY path")"
is "times" \
   "$(query graph.sqlite 'SELECT DISTINCT registrationTime FROM ValidPaths')" 1
names='SELECT a.path, b.path FROM Refs JOIN ValidPaths a ON referrer = a.id
         JOIN ValidPaths b ON reference = b.id ORDER BY a.path, b.path'
is "references are the store's" "$(query database.sqlite "$names")" \
   "$(query "$database" "$names")"
is "a reference to itself is kept" \
   "$(query graph.sqlite "$names" | grep -c "^$tool|$tool$")" 1
ok "a daemon can write on" sqlite3 graph.sqlite \
   "DELETE FROM ValidPaths WHERE path = '$top'; VACUUM"

printf '%s\n' "$base" "" 1 "$base-gone" >broken
not_ok "a broken graph" write broken.sqlite "#:reference-graphs '(\"broken\")"
ok "a broken graph: no file" test ! -e broken.sqlite
chmod -R u+w root
rm "root$tool"
not_ok "an item that is not there" \
       write gone.sqlite "#:reference-graphs '(\"graph\")"
ok "an item that is not there: no file" test ! -e gone.sqlite

plan
