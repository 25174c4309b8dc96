# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What Strata is measured beside, for bash, to be read after functions.sh.  Each
# peer is a function PEER_COMMAND that sets $command for a store and an output.
#
#   bound   $STRATA_PEERS/bound.cc: each byte read, hashed and written once
#   guix    as-guix: the programs that Guix runs
#   nix     $STRATA_PEERS/stream_layered_image.py: Nix's streamer

STRATA_PEERS=${STRATA_PEERS:-$bench/../../shared/peers}

# find_peers: sets $peers to those that can run here, and tells which cannot.
find_peers ()
{
  peers=guix
  if [ -f "$STRATA_PEERS/bound.cc" ]; then
    # A word with options, as configure leaves it.
    # shellcheck disable=SC2086
    ${CXX:-c++} -O2 -std=c++20 "$STRATA_PEERS/bound.cc" \
      -o "$work/bound" -lcrypto -lpthread
    peers+=" bound"
  else
    echo "left out: the bound ('$STRATA_PEERS/bound.cc' is missing)"
  fi
  if [ ! -f "$STRATA_PEERS/stream_layered_image.py" ]; then
    echo "left out: Nix's streamer" \
         "('$STRATA_PEERS/stream_layered_image.py' is missing)"
  elif ! command -v python3 >/dev/null; then
    echo "left out: Nix's streamer (program 'python3' is missing)"
  else
    peers+=" nix"
  fi
}

# has_peer NAME
has_peer ()
{
  [[ " $peers " = *" $1 "* ]]
}

# prepare_peers STORE: writes what the peers read, $work/STORE.*: the groups of
# Strata's plan, the items, and the configuration of the streamer.  Items are
# named from the root of the store, as they are in images.
prepare_peers ()
{
  local root=$stores/$1
  guile --no-auto-compile "$bench/layers.scm" "$root" bench |
    sed -e 's|^/||' -e 's| /| |g' >"$work/$1.groups"
  tr ' ' '\n' <"$work/$1.groups" >"$work/$1.items"
  [ -d "$work/root-layer" ] || make_root_layer
  cat >"$work/$1.json" <<END
{"created": "1970-01-01T00:00:01+00:00", "repo_tag": "bench:latest",
 "from_image": null, "customisation_layer": "$work/root-layer",
 "store_dir": "gnu/store", "architecture": "amd64", "os": "linux",
 "config": {}, "store_layers": [$(json_lists <"$work/$1.groups")]}
END
}

# json_lists: lines of words as lists of strings.
json_lists ()
{
  sed -e 's/ /", "/g' -e 's/.*/["&"]/' -e '$ ! s/$/,/'
}

# make_root_layer: the layer outside the store, as the streamer takes it.
make_root_layer ()
{
  local folder=$work/root-layer
  mkdir -p "$folder/tmp"
  tar -cf "$folder/layer.tar" -C "$folder" tmp
  sha256sum <"$folder/layer.tar" | cut -d ' ' -f 1 >"$folder/checksum"
}

# bound_command STORE OUTPUT
bound_command ()
{
  command=(env -C "$stores/$1" "$work/bound" "$2" "$work/$1.items" "$(nproc)")
}

# guix_command STORE OUTPUT [COMPRESSOR...]
guix_command ()
{
  : >"$2"
  command=("$bench/as-guix" "$stores/$1" "$work/$1.groups" "${@:2}")
}

# nix_command STORE OUTPUT
nix_command ()
{
  command=(env -C "$stores/$1" sh -c 'exec python3 "$1" "$2" >"$3"' sh
           "$STRATA_PEERS/stream_layered_image.py" "$work/$1.json" "$2")
}
