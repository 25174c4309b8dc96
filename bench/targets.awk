# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# The table of what is to be reached, for results.awk.

# A row: PART / WHOLE is to be at most MOST, which is shown as SHOWN.
function at_most(what, part, whole, most, shown) {
  if (part == "" || whole == "" || whole == 0)
    print what "\t-\t" shown "\tnot measured"
  else
    print what "\t" ratio(part, whole) "\t" shown "\t" \
          (part <= most * whole ? "reached" : "missed")
}

# A row: VALUE bytes are to be at most MOST.
function bytes_at_most(what, value, most) {
  if (value == "" || most == "")
    print what "\t-\t-\tnot measured"
  else
    print what "\t" sprintf("%.1f MB", value / 1e6) "\t" \
          sprintf("%.1f MB", most / 1e6) "\t" \
          (value + 0 <= most + 0 ? "reached" : "missed")
}

# A row: the peaks of memory with COMPRESSION; the one nearest to its limit.
function memory_row(compression,    n, jobs, list, name, most, part, worst) {
  n = split("1 2 4", list)
  for (jobs = 1; jobs <= n; jobs++) {
    name = "bench/" compression "/" list[jobs]
    if (!(name in memory)) return
    most = 64 + 24 * list[jobs] + 200 * fact["entries"] / 1048576
    part = memory[name] / most
    if (part > worst) { worst = part; shown = memory[name]; limit = most }
  }
  print "memory, " case_name(compression) "\t" sprintf("%.0f MiB", shown) \
        "\t" sprintf("%.0f MiB", limit) "\t" \
        (worst <= 1 ? "reached" : "missed")
}

END {
  print "What\tmeasured\tat most\ttarget"
  plain = "real/none/"; gzip = "real/gzip/"; zstd = "real/zstd:3/strata"
  at_most("plain: wall time / bound",
          wall[plain "strata"], wall[plain "bound"], 1.3, "1.3")
  at_most("plain: CPU time / Nix's streamer",
          cpu[plain "strata"], cpu[plain "nix"], 1 / 8, "1/8")
  at_most("gzip: wall time / as Guix does",
          wall[gzip "strata"], wall[gzip "guix"], 1 / 15, "1/15")
  bytes_at_most("gzip: size, as Guix does",
                size[gzip "strata"], size[gzip "guix"])
  at_most("zstd:3: wall time / gzip",
          wall[zstd], wall[gzip "strata"], 1 / 2, "1/2")
  bytes_at_most("zstd:3: size, gzip",
                size[zstd], size[gzip "strata"])
  for (j = 1; j <= 2; j++) {
    name = "real/same-" compression[j] "-"
    title = case_name(compression[j]) " again: "
    at_most(title "CPU time / first gzip image",
            cpu[name "docker/strata"], cpu[gzip "strata"], 1 / 10, "1/10")
    bytes_at_most(title "items read, OCI directory",
                  fact[name "oci/strata/reads"], 0)
  }
  name = "real/changed-gzip-docker/strata/"
  at_most("1 % changed: compressed / image",
          fact[name "compressed"], fact[name "image"], 0.03, "3/100")
  bytes_at_most("1 % changed: items read, changed layers",
                fact[name "reads"], fact[name "layers"])
  memory_row("none")
  memory_row("gzip")
  for (level = 1; level <= 3; level++) memory_row("zstd:" level)
}
