# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# A chart of wall times as SVG, for results.awk: a line for each store and case,
# a mark of its own shape for each program, on a logarithmic scale.

function x(seconds) {
  return left + (log(seconds) / log(10) - least) / (most - least) * width
}

function text(at, y, anchor, style, content) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>\n", at, y,
         anchor, style == "" ? "" : " class=\"" style "\"", content
}

# A mark of WHO around a point: circle, square, triangle or diamond.
function mark(who, at, y,    format) {
  if (who == "strata")
    printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5.5\" fill=\"#1b5e8c\"/>\n",
           at, y
  else {
    format = who == "bound" ? "M-5 -5h10v10h-10z" : \
             who == "nix" ? "M0 -6L6 5H-6Z" : "M0 -7L6 0L0 7L-6 0Z"
    printf "<path d=\"%s\" transform=\"translate(%.1f %.1f)\"" \
           " fill=\"%s\" stroke=\"#222\" stroke-width=\"1.5\"/>\n", format, at,
           y, who == "bound" ? "#fff" : who == "nix" ? "#f2c14e" : "#c8553d"
  }
}

# A line of the chart; NAMES are the runs of the programs, in their order.
function line(title, base,    k, name) {
  y += step
  printf "<path d=\"M%d %.1fh%d\" class=\"line\"/>\n", left, y, width
  text(left - 10, y + 4, "end", "", title)
  for (k = programs; k >= 1; k--) {
    name = base program[k]
    if (name in wall && wall[name] > 0) mark(program[k], x(wall[name]), y)
  }
  name = base "strata"
  text(left + width + 10, y + 4, "start", "number", digits(wall[name]) " s")
}

function heading(content) {
  y += step * 1.2
  text(left - 10, y + 4, "end", "heading", content)
}

END {
  left = 210; width = 430; step = 19; top = 62
  least = -2; most = 3
  lines = stores * (cases + 1.2) + 6.2
  bottom = top + lines * step + 12
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\"" \
         " width=\"%d\" height=\"%d\" role=\"img\">\n" \
         "<title>Wall time of making an image</title>\n" \
         "<style>text { font: 13px sans-serif; fill: #222 }" \
         " .heading { font-weight: bold } .number { fill: #1b5e8c }" \
         " .line { stroke: #ddd } .grid { stroke: #bbb;" \
         " stroke-dasharray: 3 3 }</style>\n" \
         "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
         720, bottom + 44, 720, bottom + 44
  at = left
  for (k = 1; k <= programs; k++) {
    mark(program[k], at, 20)
    text(at + 12, 24, "start", "", who_name[program[k]])
    at += 38 + 7 * length(who_name[program[k]])
  }
  for (power = least; power <= most; power++) {
    at = x(10 ^ power)
    printf "<path d=\"M%.1f %dV%.1f\" class=\"grid\"/>\n", at, top - 8, bottom
    text(at, bottom + 18, "middle", "", 10 ^ power " s")
  }
  text(left + width / 2, bottom + 38, "middle", "",
       "wall time, logarithmic scale")
  text(left + width + 10, top - 8, "start", "number", "Strata")
  y = top - step
  for (i = 1; i <= stores; i++) {
    heading(store_name[store[i]])
    for (j = 1; j <= cases; j++)
      line(case_name(compression[j]), store[i] "/" compression[j] "/")
  }
  heading("packages once more")
  for (j = 1; j <= 2; j++) {
    base = "real/same-" compression[j]
    line("same, " case_name(compression[j]), base "-docker/")
    line("same, " case_name(compression[j]) ", OCI directory", base "-oci/")
  }
  line("1 % changed, gzip", "real/changed-gzip-docker/")
  print "</svg>"
}
