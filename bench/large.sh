# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Stores that are large in one way, for bash.  Each function makes a store below
# ROOT, with the reference graph in the file ROOT/graph, and sets $top_item to
# the path of the item that the closure begins with.

# made_up_path NAME: prints the path of an item.
made_up_path ()
{
  printf '/gnu/store/%032d-%s\n' 1 "$1"
}

# make_graph ROOT COUNT: items with ten references each, as far as there are
# items before: to the one before it and to nine at random.  Their hashes are
# random digits, and each has a name, so a source, of its own.  Each item is a
# file.
make_graph ()
{
  mkdir -p "$1/gnu/store"
  awk -v count="$2" -v top="$1/top" '
    function random() { return state = (state * 69069 + 12345) % 4294967296 }
    function digits(count,    text) {
      while (length(text) < count) text = text int(random() / 65536) % 10
      return text
    }
    BEGIN {
      for (i = 1; i <= count; i++) {
        path[i] = "/gnu/store/" digits(32) "-item" i "-1"
        references = i - 1 < 10 ? i - 1 : 10
        split("", chosen)
        printf "%s\n\n%d\n", path[i], references
        for (n = 0; n < references; n++) {
          do j = n == 0 || i <= 11 ? i - 1 - n : \
                 1 + int(random() / 4294967296 * (i - 1))
          while (j in chosen)
          chosen[j]
          print path[j]
        }
      }
      print path[count] >top }' >"$1/graph"
  top_item=$(cat "$1/top")
  (cd "$1/gnu/store" &&
    awk '/-item/ && !seen[$0]++ { sub(".*/", ""); print }' ../../graph |
      xargs -d '\n' touch)
}

# make_many_files ROOT THOUSANDS: one item with so many folders of 1,000 small
# files.  They are links to few files, as in a store that is deduplicated.
make_many_files ()
{
  local item i
  top_item=$(made_up_path many-files)
  item=$1$top_item
  mkdir -p "$item/000"
  seq 10000 | split -a 3 -d -l 10 - "$item/000/file-"
  for ((i = 1; i < $2; i++)); do
    cp -al "$item/000" "$item/$(printf %03d "$i")"
  done
  printf '%s\n\n0\n' "$top_item" >"$1/graph"
}

# make_sparse_file ROOT SIZE: one item with a file of SIZE that holds zeros.
make_sparse_file ()
{
  top_item=$(made_up_path sparse-file)
  mkdir -p "$1$top_item"
  truncate -s "$2" "$1$top_item/zeros"
  printf '%s\n\n0\n' "$top_item" >"$1/graph"
}
