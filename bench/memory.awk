# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of peak memory, for results.awk.

NF == 6 && $1 ~ /^bench(-part)?\// {
  split($1, part, "/")
  if (!seen[part[1] part[2]]++) {
    item[++rows] = part[1]
    tool[rows] = part[2]
  }
}

function peak(name) {
  return name in memory ? sprintf("%.0f MiB", memory[name]) : "-"
}

END {
  print "Compression\t1 thread\t2 threads\t4 threads"
  for (i = 1; i <= rows; i++) {
    line = case_name(tool[i])
    for (jobs = 1; jobs <= 4; jobs *= 2)
      line = line "\t" peak(item[i] "/" tool[i] "/" jobs)
    print line
  }
}
