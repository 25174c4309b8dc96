#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Every text of the sources is translated, to every language.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program msgfmt msgcmp xgettext

po=$top_srcdir/po
options=$(sed -n '/^XGETTEXT_OPTIONS *=/,/[^\\]$/p' "$po/Makevars" |
  sed 's/^XGETTEXT_OPTIONS *=//; s/\\$//' | tr '\n' ' ')

# collect FILE: the texts of the sources, as the build collects them.
collect ()
{
  # shellcheck disable=SC2086  # a list of words
  xgettext $options -D "$top_srcdir" -f "$po/POTFILES.in" -o "$1"
}

ok "the texts are collected" collect "$tmp/strata.pot"
for language in $(grep -v '^#' "$po/LINGUAS"); do
  file=$po/$language.po
  like "$language: all translated, none fuzzy" \
    "$(msgfmt --check --statistics -o /dev/null "$file" 2>&1)" \
    '^[0-9]+ translated messages?\.$'
  ok "$language: has every text of the sources" msgcmp "$file" "$tmp/strata.pot"
done

# The check sees a text that is not translated.
{ cat "$tmp/strata.pot"
  printf '\nmsgid "%s"\nmsgstr ""\n' "a text nobody translated"
} >"$tmp/more.pot"
not_ok "seen: a new text" msgcmp "$po/de.po" "$tmp/more.pot"

plan
