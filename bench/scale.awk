# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of closures from small to large, for results.awk: CPU time of each
# stage without Guile, and of the whole command.

END {
  print "Items, from\treading s\tclosing s\tplanning s\tlooking s\tMiB" \
        "\t`strata pack -n` s\tMiB"
  count[1] = 1000; count[2] = 10000; count[3] = 100000
  split("file database", source)
  for (s = 1; s <= 2; s++)
    for (i = 1; i <= 3; i++) {
      name = count[i] "/" source[s]
      if (!((name "/plan") in wall)) continue
      print count[i] ", " source[s] "\t" digits(cpu[name "/read"]) "\t" \
            digits(cpu[name "/close"]) "\t" digits(cpu[name "/plan"]) "\t" \
            digits(cpu[name "/look"]) "\t" \
            sprintf("%.0f", memory[name "/plan"]) "\t" \
            digits(cpu[name "/strata"]) "\t" \
            sprintf("%.0f", memory[name "/strata"])
    }
}
