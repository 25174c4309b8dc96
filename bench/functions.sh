# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What the benchmarks share, for bash: where things are, and results.
#
# A benchmark runs in the build tree, under pre-inst-env, and adds lines to the
# file $results:  NAME RUNS CPU WALL MEMORY SIZE  for one run (RUNS is 1), in
# milliseconds, KiB and bytes; a NAME is STORE/CASE/WHO.  A fact that is no run
# is a line  NAME VALUE  in the file $facts.

. "$(dirname "${BASH_SOURCE[0]}")/../demo/functions.sh"

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
measure=$PWD/bench/measure

# How often a case is measured, and how often one that takes 20 or 60 seconds.
rounds=${BENCH_ROUNDS:-5}
rounds_if_slow=3
rounds_if_very_slow=1

# in_build_tree: ends where the build is not there.
in_build_tree ()
{
  command -v strata >/dev/null && [ -x "$measure" ] ||
    fail "not in a build tree, or nothing is built there" "make bench"
}

# use_folder FOLDER: sets $stores, which is kept, and $work, which is not; both
# are below FOLDER, and should be in memory.
use_folder ()
{
  mkdir -p "$1"
  stores=$1/stores
  mkdir -p "$stores"
  work=$(mktemp -d "$1/work.XXXXXX")
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  [ "$(stat -f -c %T "$1")" = tmpfs ] ||
    echo "warning: '$1' is not in memory (tmpfs): its disk is measured too" >&2
  # Nothing depends on what is in the user's cache.
  export XDG_CACHE_HOME=$work/cache-home TMPDIR=$work
}

# use_results FOLDER NAME: sets $results and $facts, new files of that name.
use_results ()
{
  mkdir -p "$1"
  results=$(cd "$1" && pwd)/$2.runs
  facts=${results%.runs}.facts
  : >"$results"
  : >"$facts"
}

# size_of PATH: the bytes of a file, or of all files in a folder.
size_of ()
{
  find "$1" -type f -printf '%s\n' |
    awk '{ sum += $1 } END { printf "%.0f\n", sum }'
}

# once NAME OUTPUT COMMAND...: runs COMMAND, which writes the file or folder
# OUTPUT, and tells $results.
once ()
{
  local name=$1 output=$2 size
  shift 2
  "$measure" "$@" 3>"$work/measured" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail "'$name' failed: $*"
  }
  size=$(size_of "$output")
  echo "$name 1 $(cat "$work/measured") $size" >>"$results"
}

# fact NAME VALUE
fact ()
{
  echo "$1 $2" >>"$facts"
}

# is_due NAME ROUND: is NAME to be run in this round, the first of which is 1?
# What is slow is run less often.
is_due ()
{
  local first
  first=$(awk -v name="$1" '$1 == name { print $4; exit }' "$results")
  if [ "${first:-0}" -ge 60000 ]; then
    [ "$2" -le "$rounds_if_very_slow" ]
  elif [ "${first:-0}" -ge 20000 ]; then
    [ "$2" -le "$rounds_if_slow" ]
  fi
}

# medians FILE: its runs as one line for each name, in the order of their first
# runs.  RUNS is their number, MEMORY the largest.
medians ()
{
  awk '
    function median(column,    i, j, value, sorted) {
      for (i = 1; i <= count[name]; i++) {
        value = runs[name, i, column] + 0
        for (j = i; j > 1 && sorted[j - 1] > value; j--)
          sorted[j] = sorted[j - 1]
        sorted[j] = value
      }
      return sorted[int((count[name] + 1) / 2)]
    }
    function largest(column,    i, result) {
      for (i = 1; i <= count[name]; i++)
        if (runs[name, i, column] + 0 > result)
          result = runs[name, i, column] + 0
      return result
    }
    { if (!count[$1]++) order[++names] = $1
      for (column = 3; column <= 6; column++)
        runs[$1, count[$1], column] = $column }
    END { for (n = 1; n <= names; n++) {
            name = order[n]
            print name, count[name], median(3), median(4), largest(5),
                  median(6) } }' "$1"
}
