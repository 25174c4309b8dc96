#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What is installed runs from where it was installed, with nothing set.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program guile

prefix=$tmp/prefix
guile=$(command -v guile-3.0 || command -v guile)

# make_here TARGET
make_here ()
{
  "${MAKE:-make}" -C "$top_builddir" "$1" prefix="$prefix" \
    bashcompletiondir="$prefix/share/bash-completion/completions"
}

# installed COMMAND...: in an empty folder and environment.
installed ()
{
  (cd "$tmp" && env -i "$@")
}

# older_objects: the modules whose source is newer than the object.
older_objects ()
{
  local file object
  (cd "$prefix/share/guile/site/3.0" && find . -name '*.scm') |
    while read -r file; do
      object=$prefix/lib/guile/3.0/site-ccache/${file%.scm}.go
      [ -e "$object" ] || echo "$file: no object"
      [ ! "$prefix/share/guile/site/3.0/$file" -nt "$object" ] ||
        echo "$file: newer than its object"
    done
}

ok "make install" make_here install
is "every module has an object as new as it" "$(older_objects)" ""
is "no installed file names the build tree" \
  "$(grep -rlF "$top_builddir/" "$prefix" || true)" ""

like "strata --version" "$(installed "$prefix/bin/strata" --version)" \
  '^strata .*[0-9]+\.[0-9]+'
like "strata pack --help" "$(installed "$prefix/bin/strata" pack --help)" \
  '--max-layers=N'
is "nothing is said on standard error" \
  "$(installed "$prefix/bin/strata" pack --help 2>&1 >/dev/null)" ""
ok "the modules need a load path only" installed "$guile" --no-auto-compile \
  -L "$prefix/share/guile/site/3.0" -c '(use-modules (strata pack))'
ok "the man page is there" test -s "$prefix/share/man/man1/strata.1"
ok "the manual is there" test -s "$prefix/share/info/strata.info"
ok "the completion is there" bash -n \
  "$prefix/share/bash-completion/completions/strata"

ok "make uninstall" make_here uninstall
is "nothing stays behind" \
  "$(find "$prefix" ! -type d ! -path '*/share/info/dir')" ""

plan
