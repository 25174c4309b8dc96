#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The manual: its example runs and does what the command does, it describes
# every procedure that scripts may call, and Texinfo has nothing to say.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
need_program strata guile
use_demo_store
manual=$top_srcdir/doc

cd "$tmp"
ln -s "$(realpath "$demo_store")" demo-store

ok "the manual shows the example" \
  grep -q '^@verbatiminclude example-pack.scm$' "$manual/scheme.texi"
ok "the example runs" \
  guile --no-auto-compile "$manual/example-pack.scm"
example=$(guile --no-auto-compile "$manual/example-pack.scm" 2>"$tmp/errors")
is "the example says nothing on standard error" "$(cat "$tmp/errors")" ""
like "it shows the plan" "$example" '^libc6-[^:]*: [0-9]+ bytes$'

run_strata inspect demo.tar
is "its image is good" "$status" 0
like "the image has the name asked for" "$out" '^tag: .*demo:1$'
like "the image has the digest shown" "$out" \
  "^manifest: $(tail -n 1 <<<"$example")\$"
is "the image has a layer for each line" \
  "$(grep -cE '^ +[0-9]+ ' <<<"$out")" "$(grep -c ' bytes$' <<<"$example")"

run_strata pack --store-root=demo-store --image-tag=demo:1 -S /bin=bin \
  --entry-point=bin/hello --max-layers=5 -o command.tar bash hello
same "strata pack makes the same image" demo.tar command.tar

# What the modules export, and what the manual describes.
exports=$(guile --no-auto-compile -c '
  (use-modules (srfi srfi-1) (strata))
  (for-each (lambda (name) (display name) (newline))
            (append-map (lambda (name)
                          (module-map (lambda (symbol variable) symbol)
                                      (resolve-interface (cons (quote strata)
                                                               name))))
                        (quote ((store) (plan) (difference) (pack) (image)
                                (image-update) (cache) (docker) (errors) (system image)))))' | sort)
described=$(sed -nE -e 's/^@deffnx? +\{Scheme Procedure\} ([^ ]+).*/\1/p' \
                -e 's/^@defvrx? +\{Scheme Variable\} ([^ ]+).*/\1/p' \
                -e 's/^@deftp +\{Condition Type\} ([^ ]+).*/\1/p' \
                "$manual/scheme.texi" | sort)
is "the manual describes what the modules export" "$described" "$exports"

# The options of `pack` in Scheme.
keywords=$(guile --no-auto-compile -c '
  (use-modules (ice-9 session) (strata request))
  (for-each (lambda (procedure)
              (for-each (lambda (keyword) (display (car keyword)) (newline))
                        (assq-ref (procedure-arguments procedure)
                                  (quote keyword))))
            (list make-request contents->request))' |
  sort -u)
described=$(sed -n '/^@node Packing in Scheme/,/^@node Images/p' \
                "$manual/scheme.texi" |
  sed -nE 's/^@itemx? (#:[^ ]+).*/\1/p' | sort)
is "the manual describes the options of pack" "$described" "$keywords"

if command -v makeinfo >/dev/null; then
  for format in info html; do
    makeinfo --"$format" --no-split -I "$top_builddir/doc" -I "$manual" \
      -o "$tmp/strata.$format" "$manual/strata.texi" 2>"$tmp/errors" || true
    is "makeinfo --$format is content" "$(cat "$tmp/errors")" ""
  done
else
  skip "makeinfo is content" "program 'makeinfo' is missing"
fi

plan
