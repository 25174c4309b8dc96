# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of images of very large items, for results.awk.

function row(title, item,    j, name) {
  for (j = 1; j <= cases; j++) {
    name = item "/" compression[j] "/strata"
    if (name in wall)
      print title ", " case_name(compression[j]) "\t" digits(cpu[name]) "\t" \
            digits(wall[name]) "\t" sprintf("%.0f", memory[name])
  }
}

END {
  print "Item\tCPU s\twall s\tMiB"
  row("1,000,000 files", "many-files")
  row("20 GiB in one file", "sparse-file")
}
