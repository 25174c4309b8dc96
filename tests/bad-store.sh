#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Stores that are damaged, and items that are not there.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata sqlite3
. "$top_srcdir/tests/support/bad-input.sh" || exit 1

root=$tmp/root
make_store "$root"
chmod 755 "$tmp"
watched+=("$root")
database=$root/var/guix/db/db.sqlite
good=$tmp/good.sqlite
cp "$database" "$good"
copy=$tmp/out/copy.sqlite

# refuses_database NAME PATTERN: the database in the file $copy, which it names.
refuses_database ()
{
  fails_cleanly "$1" "'$copy'.*$2" \
    pack --store-root="$root" --database="$copy" tool
}

# refuses_change NAME PATTERN SQL: that database after the change.
refuses_change ()
{
  cp "$good" "$copy"
  sqlite3 "$copy" "PRAGMA foreign_keys = off; $3"
  refuses_database "$1" "$2"
}

# --- Files that are no database.

refuses_database "no database" "No such file or directory"
hints "no database" "'--store-root', '--store' or '--database'"
mkdir "$tmp/empty"
fails_cleanly "no store" "'$tmp/empty/var/guix/db/db.sqlite': No such file" \
  pack --store-root="$tmp/empty" tool
fails_cleanly "no folder" "'$tmp/no/var/guix/db/db.sqlite': No such file" \
  store verify --store-root="$tmp/no"
fails_cleanly "another prefix" "cannot find the database of the store '/x'" \
  pack --store=/x tool
hints "another prefix" "'--database'"
fails_cleanly "relative prefix" "the store directory 'x'.*absolute" \
  pack --store=x --database="$good" tool
fails_cleanly "another store" "'$tool' is no item of the store '/nix/store'" \
  pack --store=/nix/store --store-root="$root" --database="$good" tool
hints "another store" "'--store'"

mkdir "$copy"
refuses_database "a folder" "not a regular file"
rmdir "$copy"
mkfifo "$copy"
refuses_database "a FIFO" "not a regular file"
rm "$copy"
: >"$copy"
refuses_database "an empty file" "it has no table 'ValidPaths'"
hints "an empty file" "only databases of Guix and Nix"
head -c 20000 /dev/urandom >"$copy"
refuses_database "garbage" "not a database"
head -c 100 "$good" >"$copy"
refuses_database "a header only" "not a database|malformed"
cp "$good" "$copy"
chmod 000 "$copy"
fails_as_user "an unreadable file" "'$copy'.*(Permission denied|unable to open)" \
  pack --store-root="$root" --database="$copy" tool
rm -f "$copy"

# What is asked of the store, with the database in the file $1.
answer ()
{
  strata store query requisites --store-root="$root" --database="$1" \
    "$other" "$other2"
}
expected=$(answer "$good")
page_count=$(($(stat -c %s "$good") / 4096))

# is_refused_or_right NAME: the database in $copy; some of its pages are not
# needed for the answer.
is_refused_or_right ()
{
  run_strata store query requisites --store-root="$root" --database="$copy" \
    "$other" "$other2"
  if [ "$status" = 0 ]; then
    is "$1: the right answer" "$out" "$expected"
  else
    refuses_database "$1" "malformed|not a database|no table|schema|is none|\
no item of|not there|corrupt"
  fi
}

for ((page = 0; page < page_count; page++)); do
  head -c $((page * 4096 + 1000)) "$good" >"$copy"
  is_refused_or_right "cut in page $page"
  cp "$good" "$copy"
  head -c 4096 /dev/zero | tr '\0' '\377' |
    dd of="$copy" bs=4096 seek="$page" conv=notrunc status=none
  is_refused_or_right "page $page overwritten"
done
table_page=$(sqlite3 "$good" \
  "SELECT rootpage FROM sqlite_master WHERE name = 'ValidPaths'")
cp "$good" "$copy"
head -c 4096 /dev/urandom |
  dd of="$copy" bs=4096 seek=$((table_page - 1)) conv=notrunc status=none
refuses_database "the page of ValidPaths overwritten" "malformed"
head -c $(((table_page - 1) * 4096)) "$good" >"$copy"
refuses_database "cut before ValidPaths" "malformed"

# --- Databases that say other things.

rm "$copy"
sqlite3 "$copy" "CREATE TABLE songs (title text)"
refuses_database "another schema" "it has no table 'ValidPaths'"
hints "another schema" "only databases of Guix and Nix"
refuses_change "no table Refs" "it has no table 'Refs'" "DROP TABLE Refs"
refuses_change "no column" "no such column" \
  "ALTER TABLE ValidPaths RENAME COLUMN narSize TO size"
hints "no column" "only databases of Guix and Nix"
refuses_change "a view" "it has no table 'ValidPaths'" \
  "ALTER TABLE ValidPaths RENAME TO other;
   CREATE VIEW ValidPaths AS SELECT * FROM other"
refuses_change "a path outside the store" \
  "'/etc/passwd' is no item of the store" \
  "UPDATE ValidPaths SET path = '/etc/passwd' WHERE path = '$tool'"
refuses_change "a path with dots" "/\.\.' is no item of the store" \
  "UPDATE ValidPaths SET path = '/gnu/store/..' WHERE path = '$tool'"
refuses_change "a path with an escape" "033\[2J.* is no item of the store" \
  "UPDATE ValidPaths SET path = path || char(27) || '[2J' WHERE path = '$tool'"
refuses_change "a bad hash" "the hash of '$tool' is none" \
  "UPDATE ValidPaths SET hash = 'sha256:xyz' WHERE path = '$tool'"
refuses_change "no hash" "the hash of '$tool' is none" \
  "UPDATE ValidPaths SET hash = '' WHERE path = '$tool'"
for size in -1 "'many'" 1e30 9223372036854775807; do
  refuses_change "a size of $size" "the size of '$tool' is none" \
    "UPDATE ValidPaths SET narSize = $size WHERE path = '$tool'"
done
refuses_change "a reference to nothing" "item number 99, which is not there" \
  "INSERT INTO Refs SELECT id, 99 FROM ValidPaths WHERE path = '$tool'"
refuses_change "a reference from nothing" "item number 99, which is not there" \
  "INSERT INTO Refs SELECT 99, id FROM ValidPaths WHERE path = '$tool'"

cp "$good" "$copy"
sqlite3 "$copy" "INSERT INTO Refs SELECT a.id, b.id FROM ValidPaths a,
  ValidPaths b WHERE a.path = '$tool' AND b.path = '$other'"
fails_cleanly "a cycle" "in a cycle: .*$tool -> $other -> $tool|\
in a cycle: .*$other -> $tool -> $other" \
  pack --store-root="$root" --database="$copy" tool
cp "$good" "$copy"
sqlite3 "$copy" "DELETE FROM ValidPaths; DELETE FROM Refs"
fails_cleanly "no items" "'tool'.*no item of the store '/gnu/store' has this name" \
  pack --store-root="$root" --database="$copy" tool
rm "$copy"

# --- Items.

# refuses_item NAME ITEM CAUSE
refuses_item ()
{
  local command
  for command in pack "store query size"; do
    # shellcheck disable=SC2086  # its words
    fails_cleanly "$command: $1" "'$2'.*$3" \
      $command --store-root="$root" "$2"
  done
}

refuses_item "an unknown name" toool "no item of the store '/gnu/store' has this name"
hints "an unknown name" "did you mean"
refuses_item "an empty name" "" "no item"
refuses_item "an ambiguous name" other "ambiguous"
hints "an ambiguous name" "$other, .*$other2|$other2, .*$other"
refuses_item "an unknown version" tool@2.0 "no item"
refuses_item "not valid" "/gnu/store/${tool:11:31}z-tool-1.0" "."
mkdir "$root/gnu/store/${tool:11:31}y-tool-1.0"
refuses_item "on disk, not registered" "/gnu/store/${tool:11:31}y-tool-1.0" \
  "not valid|not registered"
rmdir "$root/gnu/store/${tool:11:31}y-tool-1.0"
refuses_item "outside the store" "$tmp/tool" "outside the store '/gnu/store'"
refuses_item "a file outside the store" /dev/null "outside the store"
refuses_item "the store" /gnu/store "outside|not that of an item"
refuses_item "below an item" "$tool/bin/run" "a path below an item"
hints "below an item" "'$tool'"
refuses_item "no item's name" /gnu/store/.links "No such file"
ln -s nowhere "$tmp/dangling"
refuses_item "a dangling link" "$tmp/dangling" "No such file"
ln -s loop "$tmp/loop"
refuses_item "a link to itself" "$tmp/loop" "Too many levels"
refuses_item "a long name" "$(printf 'a%.0s' {1..5000})" "no item"
refuses_item "a long path" "/$(printf 'a%.0s' {1..5000})" "File name too long"

chmod u+w "$root$tool" # only who may write to a folder can move it
mv "$root$tool" "$tmp/moved"
refuses_item "registered, not on disk" "$tool" "not on disk|not exist"
fails_cleanly "a reference that is not on disk" "'$tool' is registered, but" \
  pack --store-root="$root" "$other"
fails_cleanly "verify: not on disk" "$tool: '$root$tool' does not exist" \
  store verify --store-root="$root"
mkdir "$root$tool"
fails_cleanly "verify: emptied" "$tool: its NAR has [0-9]+ bytes instead of" \
  store verify --store-root="$root"
rmdir "$root$tool"
mv "$tmp/moved" "$root$tool"
chmod u-w "$root$tool"

# --- Adding.

# refuses_add NAME PATTERN ARGUMENT...
refuses_add ()
{
  local name=$1 pattern=$2
  shift 2
  fails_cleanly "add: $name" "$pattern" store add --store-root="$root" "$@"
}

for name in '' .hidden 'a b' a/b é "$(printf 'a%.0s' {1..212})"; do
  refuses_add "name '${name:0:20}'" "'$name' cannot be the name of an item" \
    "$name" "$tmp/tool"
  hints "add: name '${name:0:20}'" "at most 211"
done
# Nothing is there to add, should a guard fail.
ln -s / "$tmp/top"
for top in / /. "$tmp/top" "$tmp/top/"; do
  fails_cleanly "add: below '$top'" "the store of this machine belongs to" \
    store add --store-root="$top" name "$tmp/no"
done
mkdir -p "$tmp/elsewhere"
fails_cleanly "add: database elsewhere" \
  "'$tmp/elsewhere/db.sqlite' is not below the store root" \
  store add --store-root="$root" --database="$tmp/elsewhere/db.sqlite" name \
  "$tmp/tool"
mkdir "$tmp/inner"
ln -s "$tmp/elsewhere" "$tmp/inner/away"
fails_cleanly "add: store led elsewhere by a link" "is not below the store root" \
  store add --store-root="$tmp/inner" --store="/away/store" \
  --database="$tmp/inner/db" name "$tmp/tool"

refuses_add "no file" "'$tmp/no': No such file" name "$tmp/no"
refuses_add "the store itself" "the store lies in it" name "$tmp"
cp "$good" "$database"
sqlite3 "$database" "ALTER TABLE ValidPaths ADD COLUMN ultimate integer;
  DROP TABLE FailedPaths"
refuses_add "a store of Nix" "'$database'" name "$tmp/tool"
printf 'garbage, and no database at all\n' >"$database"
refuses_add "no database" "'$database'.*not a database" name "$tmp/tool"

# --- Reference graphs.

graph=$tmp/graph
{
  printf '%s\n\n0\n' "$tool"
  printf '%s\n\n2\n%s\n%s\n' "$other" "$other" "$tool"
} >"$graph"
run_strata pack --store-root="$root" --reference-graph="$graph" other -n
is "a good reference graph" "$status" 0

# refuses_graph NAME PATTERN: the one in the file $graph.
refuses_graph ()
{
  fails_cleanly "graph: $1" "$2" \
    pack --store-root="$root" --reference-graph="$graph" other
}

# refuses_lines NAME PATTERN LINE...
refuses_lines ()
{
  printf '%s\n' "${@:3}" >"$graph"
  refuses_graph "$1" "'$graph', line $2"
}

cp "$graph" "$tmp/good-graph"
size=$(stat -c %s "$graph")
first=$((${#tool} + 4)) # bytes of the entry of the first item
for cut in 1 $((first - 3)) $((first - 1)) $((first + 1)) $((size - 70)) \
           $((size - 1)); do
  head -c "$cut" "$tmp/good-graph" >"$graph"
  refuses_graph "cut after $cut bytes" "'$graph', line [0-9]+: .*too early"
done
tail -n +4 "$tmp/good-graph" >"$graph"
refuses_graph "a reference to what is not declared" \
  "'$graph', line 5: .*'$tool', which is not declared"
: >"$graph"
refuses_graph "empty" "'$graph', line 1: it lists no items"
head -c 5000 /dev/urandom >"$graph"
refuses_graph "garbage" "'$graph', line 1: "
refuses_lines "no path" "1: 'x' is no item of the store" x "" 0
refuses_lines "another store" "1: .* is no item of the store '/gnu/store'" \
  "/nix/store/${tool#/gnu/store/}" "" 0
refuses_lines "an escape" "1: '.033\[2J' is no item" $'\e[2J' "" 0
refuses_lines "a bad deriver" "2: 'x' is no item" "$tool" x 0
for count in -1 x '' 1.5 0x1 ' 1'; do
  refuses_lines "count '$count'" "3: '$count' is no number" "$tool" "" "$count"
done
for count in 18446744073709551615 1000000000000000000000000000000 4000000000; do
  refuses_lines "count $count" "3: the number of references is too large" \
    "$tool" "" "$count"
done
refuses_lines "declared twice" "4: '$tool' is declared otherwise" \
  "$tool" "" 0 "$tool" "" 1 "$tool"
printf '%s\n' "$tool" "" 1 "$other" "$other" "" 1 "$tool" >"$graph"
refuses_graph "a cycle" "in a cycle: .* -> "
rm "$graph"
refuses_graph "no file" "'$graph': No such file"
mkdir "$graph"
refuses_graph "a folder" "'$graph': Is a directory"

plan
