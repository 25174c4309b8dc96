#!/bin/bash
# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# distcheck.sh TARBALL: a release builds, passes its tests, installs, removes
# itself and makes the same release, for a user who is not root and may not
# write to the sources.

. "${top_srcdir:-$(dirname "$0")/..}/tests/support/tap.sh" || exit 1

as_user=()
if [ "$(id -u)" = 0 ]; then
  # Root ignores that the sources are read-only.
  need_program setpriv
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534:65534 "$tmp"
fi

# as_nobody COMMAND...: in the unpacked release.
as_nobody ()
{
  (cd "$tmp" && "${as_user[@]}" env -i PATH="$PATH" HOME=/nonexistent \
     TMPDIR="$tmp" "$@")
}

tarball=$(realpath "$1")
release=$tmp/$(basename "${tarball%.tar.gz}")
cat "$tarball" >"$tmp/release.tar.gz"
chmod a+r "$tmp/release.tar.gz"

ok "the release unpacks" as_nobody tar -xf release.tar.gz
ok "configure" as_nobody sh -c "cd '$release' && ./configure"
ok "make distcheck" as_nobody make -C "$release" -j2 distcheck

plan
