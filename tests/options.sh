#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The options of each command: the parser, --help, the man page, the completion
# and the manual know the same ones.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata guile

# All that follows print one option a line, sorted.
sorted ()
{
  sed 's/[=[].*//' | sort -u
}

# help_options ARGUMENT...: those at the beginning of lines of its --help.
help_options ()
{
  strata "$@" --help |
    sed -nE -e 's/^  (-[a-zA-Z]), (--[a-z-]+).*/\1\n\2/p' \
            -e 's/^      (--[a-z-]+).*/\1/p' |
    sorted
}

# man_options HEADING: those of the paragraphs in a section of the man page.
man_options ()
{
  awk -v heading=".SH $1" '
    /^\.SH/ { inside = $0 == heading }
    tagged && inside { print }
    { tagged = $0 == ".TP" }' "$top_srcdir/doc/strata.1" |
    sed 's/\\-/-/g; s/\\f.//g' |
    grep -oE -e '(^|[ "])--?[a-zA-Z][a-z-]*' |
    tr -d ' "' | sorted
}

# manual_options WORD...: those that the tables describe in the node of the
# manual that is called after the command.
manual_options ()
{
  awk -v node="@node Invoking $*" '
    /^@node/ { inside = $0 == node || index($0, node ",") == 1 }
    inside && /^@itemx? / { print }' "$top_srcdir/doc/strata.texi" |
    grep -oE -e '(^|[ {])--?[a-zA-Z][a-z-]*' |
    tr -d ' {' | sorted
}

# completion_options COMMAND [ACTION]
completion_options ()
(
  set +u
  # shellcheck source=/dev/null
  . "$top_srcdir/etc/completion/bash/strata"
  _strata_options "$@" | tr ' ' '\n' | sorted
)

# parser_options MODULE VARIABLE...
parser_options ()
{
  local module=$1
  shift
  guile --no-auto-compile -c '
    (use-modules (srfi srfi-1) (srfi srfi-37))
    (define module
      (resolve-module (list (quote strata) (quote scripts)
                            (string->symbol (cadr (command-line))))))
    (for-each (lambda (name)
                (display (if (char? name) (string #\- name)
                             (string-append "--" name)))
                (newline))
              (append-map option-names
                          (append-map (lambda (variable)
                                        (module-ref module
                                                    (string->symbol variable)))
                                      (cddr (command-line)))))' \
    "$module" "$@" | sorted
}

# same_options HEADING [COMMAND]: help, man page and manual are alike; sets
# $help.
same_options ()
{
  local heading=$1
  shift
  help=$(help_options "$@")
  like "strata $*: --help lists options" "$help" '^--help$'
  is "strata $*: man page" "$(man_options "$heading")" "$help"
  is "strata $*: manual" "$(manual_options strata "$@")" "$help"
}

same_options "GENERAL OPTIONS"
is "strata: completion" "$(completion_options)" "$help"

same_options "OPTIONS OF STRATA PACK" pack
is "strata pack: completion" "$(completion_options pack)" "$help"
is "strata pack: parser" "$(parser_options pack %options)" "$help"

same_options "OPTIONS OF STRATA SYSTEM" system
is "strata system: completion" "$(completion_options system)" "$help"
is "strata system: parser" "$(parser_options system %options)" "$help"

same_options "OPTIONS OF STRATA PLAN" plan
is "strata plan: completion" "$(completion_options plan)" "$help"
is "strata plan: parser" "$(parser_options plan %options)" "$help"

same_options "OPTIONS OF STRATA DIFF" diff
is "strata diff: completion" "$(completion_options diff)" "$help"
is "strata diff: parser" "$(parser_options diff %options)" "$help"

same_options "OPTIONS OF STRATA INSPECT" inspect
is "strata inspect: completion" "$(completion_options inspect)" "$help"
is "strata inspect: parser" "$(parser_options inspect %options)" "$help"

same_options "OPTIONS OF STRATA STREAM" stream
is "strata stream: completion" "$(completion_options stream)" "$help"
is "strata stream: parser" "$(parser_options stream %options)" "$help"

same_options "OPTIONS OF STRATA STORE" store
is "strata store: completion" \
  "$(for action in query add verify; do
       completion_options store "$action"
     done | sort -u)" "$help"
is "strata store: parser" \
  "$(parser_options store %query-options %common-options %verify-options)" \
  "$help"
is "strata store query: completion is as the parser" \
  "$(completion_options store query)" "$(parser_options store %query-options)"
is "strata store add: completion is as the parser" \
  "$(completion_options store add)" "$(parser_options store %common-options)"
is "strata store verify: completion is as the parser" \
  "$(completion_options store verify)" \
  "$(parser_options store %verify-options)"

same_options "OPTIONS OF STRATA CACHE" cache
is "strata cache: completion" \
  "$(for action in info verify prune; do
       completion_options cache "$action"
     done | sort -u)" "$help"
is "strata cache: parser" \
  "$(parser_options cache %common-options %prune-options)" "$help"
is "strata cache info: completion is as the parser" \
  "$(completion_options cache info)" "$(parser_options cache %common-options)"
is "strata cache prune: completion is as the parser" \
  "$(completion_options cache prune)" "$(parser_options cache %prune-options)"

plan
