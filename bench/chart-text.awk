# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The chart of chart.awk as text, for readers of Info: each program is a letter.

function place(seconds,    result) {
  result = int((log(seconds) / log(10) + 2) * 8 + 1.5)
  return result < 1 ? 1 : result
}

function line(title, base,    k, name, marks, at) {
  marks = ".       .       .       .       .       ."
  for (k = programs; k >= 1; k--) {
    name = base program[k]
    if (!(name in wall) || wall[name] <= 0) continue
    at = place(wall[name])
    marks = substr(marks, 1, at - 1) letter[k] substr(marks, at + 1)
  }
  printf "  %-24s %s\n", title, marks
}

END {
  split("S b n g", letter)
  print "Wall time, logarithmic.  S Strata, b bound, n Nix's streamer," \
        " g as Guix does"
  printf "%26s %s\n", "", "0.01 s  0.1     1       10      100     1000"
  for (i = 1; i <= stores; i++) {
    print store_name[store[i]]
    for (j = 1; j <= cases; j++)
      line(case_name(compression[j]), store[i] "/" compression[j] "/")
  }
  print "packages once more"
  for (j = 1; j <= 2; j++) {
    base = "real/same-" compression[j]
    line("same, " case_name(compression[j]), base "-docker/")
    line("same, " case_name(compression[j]) ", OCI", base "-oci/")
  }
  line("1 % changed, gzip", "real/changed-gzip-docker/")
}
