# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Packages of this machine, Guile and Strata as items of the store of a real
# daemon, to be read after `start_nix_daemon`.  Their paths are in ${item_of},
# under the names of the packages, guile and strata.

. "$top_srcdir/demo/functions.sh"

work=$tmp/work
placed=()

# new_path NAME: prints a path for an item.  The hash is that of the name: the
# database alone says what is valid.
new_path ()
{
  echo "$1" >"$tmp/.name"
  echo "$NIX_STORE_DIR/$(nix-hash --type sha256 --flat --base32 --truncate \
                           "$tmp/.name")-$1"
}

# add_item PACKAGE FOLDER: in place of that of the demo store, which would make
# a database of its own.
add_item ()
{
  item_of[$1]=$(new_path "$(item_name "$1")")
  cp -r "$2" "${item_of[$1]}"
  placed+=("${item_of[$1]}")
}

# add_guile: the program behind a script that says where its files are, as in a
# Guile that was built for the store.
add_guile ()
{
  local item folder=$work/guile
  item=$(new_path guile-3.0)
  copy_guile "$folder"
  mv "$folder/bin/guile" "$folder/bin/guile.real"
  cat >"$folder/bin/guile" <<END
#!${item_of[bash]}/bin/bash
more=\${GUILE_LOAD_PATH:+\$GUILE_LOAD_PATH:}
more_compiled=\${GUILE_LOAD_COMPILED_PATH:+\$GUILE_LOAD_COMPILED_PATH:}
export GUILE_LOAD_PATH=\$more$item/share/guile/3.0
export GUILE_LOAD_COMPILED_PATH=\$more_compiled$item/lib/guile/3.0/ccache
export GCONV_PATH=${item_of[libc6]}/lib/gconv
export LOCPATH=${item_of[libc6]}/lib/locale
exec $item/bin/guile.real "\$@"
END
  chmod +x "$folder/bin/guile"
  cp -r "$folder" "$item"
  item_of[guile]=$item
  placed+=("$item")
}

# add_strata: what `make install` makes, with libraries and Guile of the store.
add_strata ()
{
  local item library
  item=$(new_path strata-0.1.0)
  "${MAKE:-make}" -C "$top_builddir" install prefix="$item" \
    bashcompletiondir="$item/share/bash-completion/completions" \
    >"$tmp/install.log" 2>&1 || { say "$tmp/install.log"; exit 1; }
  library=$(realpath "$item/lib/guile/3.0/extensions/libstrata.so")
  cp "$library" "$work/libstrata.so"
  set_run_path "$work/libstrata.so" "$library" strata
  sed -i -e "1s|.*|#!${item_of[bash]}/bin/bash|" \
    -e "s|^exec *\"[^\"]*\"|exec \"${item_of[guile]}/bin/guile\"|" \
    "$item/bin/strata"
  item_of[strata]=$item
  placed+=("$item")
}

# references_of PATH: prints the items that are named in the files of one.
references_of ()
{
  grep -raohE "$NIX_STORE_DIR/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+._?=-]+" "$1" |
    sort -u
}

# register_items: makes all that was placed known to Nix.
register_items ()
{
  local path references
  for path in "${placed[@]}"; do
    references=$(references_of "$path" || true)
    printf '%s\n\n%s\n' "$path" "$(grep -c . <<<"$references" || true)"
    [ -z "$references" ] || echo "$references"
  done | env -u NIX_REMOTE nix-store --option build-users-group '' \
    --register-validity
}

# fill_nix_store
fill_nix_store ()
{
  mkdir -p "$work"
  add_program_package bash sh=bash
  add_program_package hello
  add_guile
  add_strata
  register_items
}
