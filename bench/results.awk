# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Reads results: medians, as the function `medians` prints them, and facts.  For
# awk programs that come after this one.

NF == 6 {
  runs[$1] = $2
  cpu[$1] = $3 / 1000   # seconds
  wall[$1] = $4 / 1000  # seconds
  memory[$1] = $5 / 1024 # MiB
  size[$1] = $6         # bytes
}

NF == 2 { fact[$1] = $2 }

# The stores, cases and programs in the order in which they are shown, and their
# names for people.
BEGIN {
  stores = split("real small many huge incompressible", store)
  cases = split("none gzip zstd:3", compression)
  programs = split("strata bound nix guix", program)
  store_name["real"] = "packages, 1 GB"
  store_name["small"] = "small packages"
  store_name["many"] = "many small files"
  store_name["huge"] = "few huge files"
  store_name["incompressible"] = "compressed files"
  who_name["strata"] = "Strata"
  who_name["bound"] = "bound"
  who_name["nix"] = "Nix's streamer"
  who_name["guix"] = "as Guix does"
}

function case_name(compression) {
  return compression == "none" ? "plain" : compression
}

# VALUE with three digits or more.
function digits(value) {
  return sprintf(value < 1 ? "%.3f" : value < 10 ? "%.2f" : \
                 value < 100 ? "%.1f" : "%.0f", value)
}

# PART of WHOLE as "1/15" or "1.3".
function ratio(part, whole) {
  if (whole == 0) return "-"
  if (part == 0) return "0"
  return part < whole / 2 ? "1/" digits(whole / part) : digits(part / whole)
}
