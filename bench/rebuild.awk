# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of images that are made once more, for results.awk.

function row(title, name) {
  if (!(name in wall)) return
  print title "\t" digits(cpu[name]) "\t" digits(wall[name]) "\t" \
        sprintf("%.0f", memory[name]) "\t" \
        ((name "/reads") in fact ? \
         sprintf("%.1f", fact[name "/reads"] / 1e6) : "?") "\t" \
        ratio(cpu[name], cpu["real/gzip/strata"])
}

END {
  print "Once more\tCPU s\twall s\tMiB\tMB read\tCPU / first gzip"
  for (j = 1; j <= 2; j++) {
    title = "nothing changed, " case_name(compression[j])
    row(title ", archive", "real/same-" compression[j] "-docker/strata")
    row(title ", OCI directory", "real/same-" compression[j] "-oci/strata")
  }
  row("one item of 1 % changed, gzip, archive",
      "real/changed-gzip-docker/strata")
}
