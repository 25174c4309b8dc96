# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of images made for the first time and once more, for results.awk.

function row(title, name, who, base) {
  if (!(name in wall)) return
  print title "\t" who_name[who] "\t" digits(cpu[name]) "\t" \
        digits(wall[name]) "\t" sprintf("%.0f", memory[name]) "\t" \
        sprintf("%.1f", size[name] / 1e6) "\t" \
        (name == base ? "" : ratio(wall[base], wall[name])) "\t" runs[name]
}

END {
  print "Store, case\tby\tCPU s\twall s\tMiB\tMB\tStrata / it\truns"
  for (i = 1; i <= stores; i++)
    for (j = 1; j <= cases; j++)
      for (k = 1; k <= programs; k++) {
        base = store[i] "/" compression[j] "/"
        row(k == 1 ? store_name[store[i]] ", " case_name(compression[j]) : "",
            base program[k], program[k], base "strata")
      }
}
