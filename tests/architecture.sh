#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Dependencies point one way: a folder of src includes itself and the folders
# before it, and each library has one folder that knows it.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1

# violations TREE: prints the includes that must not be.
violations ()
{
  local folder
  for folder in "$1"/*/; do
    folder=$(basename "$folder")
    find "$1/$folder" -name '*.cc' -o -name '*.hh' | sort |
      xargs -r awk -v folder="$folder" '
        BEGIN {
          count = split("base store tree plan layer image sink pack guile",
                        order)
          for (i = 1; i <= count; i++) rank[order[i]] = i
          owner["openssl"] = owner["json-c"] = owner["sqlite3.h"] = "base"
          owner["libintl.h"] = "base"
          owner["archive.h"] = owner["archive_entry.h"] = "layer"
          owner["libdeflate.h"] = owner["zstd.h"] = "layer"
          owner["zstd_errors.h"] = "layer"
          owner["bzlib.h"] = owner["lzlib.h"] = owner["lzma.h"] = "layer"
          owner["libguile.h"] = owner["libguile"] = "guile"
          split("arpa dirent.h fcntl.h langinfo.h linux net netinet poll.h " \
                "pthread.h sched.h signal.h spawn.h sys termios.h time.h " \
                "unistd.h", system_headers, " ")
          for (i in system_headers) is_system[system_headers[i]] = 1
          if (!(folder in rank)) print folder ": a folder of no known rank"
        }
        function complain() { print FILENAME ": " $0 }
        /^[ \t]*#[ \t]*include[ \t]*"/ {
          split($0, part, "\"")
          first = part[2]
          if (sub(/\/.*/, "", first) == 0 || !(first in rank) ||
              rank[first] > rank[folder] || part[2] ~ /\.\./)
            complain()
        }
        /^[ \t]*#[ \t]*include[ \t]*</ {
          split($0, part, /[<>]/)
          first = part[2]
          sub(/\/.*/, "", first)
          if (first in owner) { if (owner[first] != folder) complain() }
          else if (part[2] ~ /[.\/]/ && !(first in is_system)) complain()
        }'
  done
}

# not_in_build TREE: the sources that src/local.mk does not list.
not_in_build ()
{
  local file
  (cd "$1" && find src -name '*.cc' -o -name '*.hh') | sort |
    while read -r file; do
      grep -qF "%D%/${file#src/}" "$1/src/local.mk" || echo "$file"
    done
}

# not_translated TREE: the files with texts that POTFILES.in does not list.
not_translated ()
{
  local file
  (cd "$1" && find src scheme -name '*.cc' -o -name '*.hh' -o -name '*.scm' |
     xargs -r grep -lE '(^|[^A-Za-z_])(N?_|plural) ?\("|\(NG?_ "|\(G_ "') |
    sort |
    while read -r file; do
      grep -qxF "$file" "$1/po/POTFILES.in" || echo "$file"
    done
}

is "src: folders and libraries" "$(violations "$top_srcdir/src")" ""
is "src: every file is built" "$(not_in_build "$top_srcdir")" ""
is "every file with texts is translated" "$(not_translated "$top_srcdir")" ""

# The checks above see what they look for.
bad=$tmp/bad
mkdir -p "$bad/src/base" "$bad/src/layer" "$bad/po" "$bad/scheme"
# include FILE LINE
include ()
{
  echo "$2" >"$bad/src/$1"
  like "seen: $2 in $1" "$(violations "$bad/src")" "$1: "
  rm "$bad/src/$1"
}
include base/a.hh '#include "store/graph.hh"'
include layer/a.cc '#  include "guile/init.hh"'
include layer/b.cc '#include "b.hh"'
include layer/c.cc '#include "layer/../pack/pack.hh"'
include layer/d.cc '#include <sqlite3.h>'
include base/b.cc '#include <archive.h>'
include base/c.cc '#include <zstd.h>'
include base/d.cc '#include <libguile.h>'
include base/e.cc '#include <curl/curl.h>'
include layer/e.hh '#include <openssl/evp.h>'
include layer/f.hh ' #include <libintl.h>'

mkdir "$bad/src/extra"
like "seen: a folder of no known rank" \
  "$(touch "$bad/src/extra/a.cc"; violations "$bad/src")" "^extra: "
rm -r "$bad/src/extra"

printf '%s\n' '#include "base/a.hh"' '#include "layer/a.hh"' '#include <span>' \
  '#include <sys/stat.h>' '#include <archive_entry.h>' >"$bad/src/layer/a.cc"
is "nothing seen where all is well" "$(violations "$bad/src")" ""

echo 'x = _("text");' >"$bad/src/layer/a.cc"
: >"$bad/src/local.mk"
: >"$bad/po/POTFILES.in"
is "seen: a file that is not built" "$(not_in_build "$bad")" src/layer/a.cc
is "seen: texts that are not translated" "$(not_translated "$bad")" \
  src/layer/a.cc

# --- The tests in C++: without their library they are left out, which went
# unnoticed where it was installed after configure had run.

if [ "${CI-}" = true ]; then
  ok "the tests in C++ are built" \
    grep -q '^S\["HAVE_CHECK_TRUE"\]=""$' "$top_builddir/config.status"
fi

plan
