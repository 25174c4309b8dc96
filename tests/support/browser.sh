# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# A real browser, for tests that read support/tap.sh first.

# browse FLAG... URL: runs chromium without a window on a page.
browse ()
{
  local profile
  profile=$(mktemp -d "$tmp/browser.XXXXXX")
  HOME=$profile timeout -k 10 120 chromium --headless=new --no-sandbox \
    --disable-gpu --no-first-run --disable-background-networking \
    --user-data-dir="$profile" --window-size=1100,900 "$@" 2>"$tmp/browser.log"
}

# dom FLAG... URL: prints the page as it is once its scripts ran.
dom ()
{
  browse --dump-dom "$@"
}

# shown_rows: of the page on standard input, the names of the items in rows that
# are to be seen, one a line.
shown_rows ()
{
  sed 's|</tr>|&\n|g' | grep -E '<tr data-row="[0-9]+">' |
    sed -E 's/.*<td>[0-9a-z]{32}-([^<]*)<.*/\1/'
}
