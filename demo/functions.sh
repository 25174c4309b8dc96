# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Functions that turn packages of a Debian machine into items of a store, for
# bash.  Each package becomes one item, NAME-VERSION; its ELF files find their
# loader and libraries in other items by absolute paths, so that they run from
# the store alone.  Nobody declares the references: `strata store add` finds
# these paths in the files.
#
# REQUIRES: $store_root, the root of the store; $work, a folder for temporary
# files; `strata` in PATH.

# Package -> path of its item, for those that are in the store already.
declare -A item_of=()

# Library, by the name programs ask for -> its package.
declare -A package_with=()

# fail MESSAGE [HINT]
fail ()
{
  echo "${0##*/}: error: $1" >&2
  [ -z "${2-}" ] || echo "hint: $2" >&2
  exit 1
}

# is_elf FILE: is it a program or shared library?
is_elf ()
{
  [ "$(head -c 4 -- "$1" | tr -d '\0')" = $'\x7fELF' ]
}

# package_of FILE: sets $package.  On a machine with a merged /usr, dpkg may
# know a file by its older name.
package_of ()
{
  local file found
  for file in "$1" "${1#/usr}" "/usr$1"; do
    if found=$(dpkg-query -S "$file" 2>/dev/null); then
      package=${found%%:*}
      return
    fi
  done
  fail "no Debian package owns '$1'"
}

# item_name PACKAGE: prints PACKAGE-VERSION with the upstream version.
item_name ()
{
  local version
  version=$(dpkg-query -W -f '${Version}\n' "$1" | head -n 1)
  version=${version#*:}
  version=${version%-*}
  echo "$1-${version//[^A-Za-z0-9+._?=-]/.}"
}

# add_to_store NAME FILE: puts FILE, a file or folder, in the store and prints
# the path of the item.
add_to_store ()
{
  strata store add --store-root="$store_root" "$1" "$2"
}

# add_item PACKAGE FOLDER: puts FOLDER in the store as the item of PACKAGE.
add_item ()
{
  item_of[$1]=$(add_to_store "$(item_name "$1")" "$2")
  echo "${item_of[$1]}"
}

# need_programs NAME...: ends where one is missing.
need_programs ()
{
  local name
  for name; do
    command -v "$name" >/dev/null ||
      fail "program '$name' is missing" \
           "in the build tree: ./quickstart, or ./pre-inst-env demo/${0##*/}"
  done
}

# need_packages NAME...: ends where one is not installed.
need_packages ()
{
  local name
  for name; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" \
      = installed ] ||
      fail "package '$name' is missing" "apt-get install $name"
  done
}

# use_store ROOT: sets $store_root, which is made, and $work.
use_store ()
{
  mkdir -p "$1"
  store_root=$(cd "$1" && pwd)
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
}

# copy_link LINK FOLDER: copies a symlink that points to a neighbour.  One from
# another folder to a file of the same name has nothing to say in one folder.
copy_link ()
{
  local target
  target=$(basename "$(readlink "$1")")
  [ "$target" = "${1##*/}" ] || ln -s "$target" "$2/${1##*/}"
}

# find_package NAME USER: sets $package to the package of the file that the
# ELF file USER gets when it asks for the library NAME.
find_package ()
{
  local library
  package=${package_with[$1]-}
  [ -z "$package" ] || return 0
  # The loader is known by its path alone: "PATH (ADDRESS)".
  library=$(ldd "$2" |
    awk -v name="$1" '$1 == name && $2 == "=>" { print $3; exit }
                      $1 ~ ("/" name "$") { print $1; exit }')
  [ -n "$library" ] || fail "'$2' needs '$1', which is not there"
  package_of "$(realpath "$library")"
  package_with[$1]=$package
}

# add_libraries_of FILE OWNER: puts the libraries that the ELF file FILE of the
# package OWNER asks for in the store, and what these need before them.  Sets
# $run_path to the folders that hold them.
add_libraries_of ()
{
  local name package folder folders=
  for name in $(patchelf --print-needed "$1"); do
    find_package "$name" "$1"
    if [ "$package" = "$2" ]; then
      folder=\$ORIGIN
    else
      [ -n "${item_of[$package]-}" ] || add_library_package "$package"
      folder=${item_of[$package]}/lib
    fi
    case :$folders: in
      *":$folder:"*) ;;
      *) folders=${folders:+$folders:}$folder ;;
    esac
  done
  run_path=$folders
}

# library_files PACKAGE: prints its shared libraries, the loader among them.
library_files ()
{
  dpkg-query -L "$1" |
    grep -E '^(/usr)?/lib(32|64)?/([^/]*/)?[^/]*\.so(\.[^/]*)?$' |
    while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

# add_library_package PACKAGE
add_library_package ()
{
  local file copy run_path
  local folder=$work/$1
  mkdir -p "$folder/lib"
  for file in $(library_files "$1"); do
    copy=$folder/lib/${file##*/}
    if [ -L "$file" ]; then
      copy_link "$file" "$folder/lib"
    else
      cp "$file" "$copy"
      # The C library and its loader find each other, and do not bear change.
      [ "$1" = libc6 ] || set_run_path "$file" "$copy" "$1"
    fi
  done
  [ "$1" != libc6 ] || copy_locale "$folder"
  add_item "$1" "$folder"
}

# copy_locale FOLDER: adds to the C library what Guile cannot start without.
# Who runs it sets GCONV_PATH and LOCPATH.
copy_locale ()
{
  local gconv
  gconv=$(dpkg-query -L libc6 | grep '/gconv$')
  mkdir -p "$1/lib/gconv" "$1/lib/locale"
  cp "$gconv/ISO8859-1.so" "$1/lib/gconv"
  grep '^\(module\|alias\).*ISO-\?8859-1//' "$gconv/gconv-modules" \
    >"$1/lib/gconv/gconv-modules"
  cp -r /usr/lib/locale/C.utf8 "$1/lib/locale"
}

# set_run_path FILE COPY OWNER: COPY of the library FILE gets a RUNPATH of its
# own: that of its user is not inherited.
set_run_path ()
{
  add_libraries_of "$1" "$3"
  [ -z "$run_path" ] || patchelf --set-rpath "$run_path" "$2"
}

# add_program FILE COPY OWNER: COPY of the program FILE gets a loader and a
# RUNPATH from the store.
add_program ()
{
  local loader package run_path
  cp "$1" "$2"
  add_libraries_of "$1" "$3"
  # A program asks for the C library, so that the loader's item is there.
  loader=$(patchelf --print-interpreter "$1")
  loader=${loader##*/}
  find_package "$loader" "$1"
  patchelf --set-interpreter "${item_of[$package]}/lib/$loader" \
    --set-rpath "$run_path" "$2"
}

# add_program_package PACKAGE [LINK=TARGET]...: its programs, and links beside
# them.
add_program_package ()
{
  local file copy link
  local folder=$work/$1
  mkdir -p "$folder/bin"
  for file in $(dpkg-query -L "$1" | grep -E '^(/usr)?/s?bin/[^/]*$'); do
    copy=$folder/bin/${file##*/}
    if [ -L "$file" ]; then
      copy_link "$file" "$folder/bin"
    elif [ -f "$file" ] && is_elf "$file"; then
      add_program "$file" "$copy" "$1"
    fi
  done
  for link in "${@:2}"; do
    ln -s "${link#*=}" "$folder/bin/${link%%=*}"
  done
  add_item "$1" "$folder"
}

# copy_guile FOLDER: Guile and its modules, as sources and compiled.  Who runs
# it sets GUILE_LOAD_PATH and GUILE_LOAD_COMPILED_PATH.
copy_guile ()
{
  local program libraries
  program=$(realpath "$(command -v guile-3.0 || command -v guile)")
  libraries=$(dirname "$(dirname "$program")")
  mkdir -p "$1/bin" "$1/share/guile" "$1/lib/guile/3.0"
  add_program "$program" "$1/bin/guile" guile-3.0
  cp -r /usr/share/guile/3.0 "$1/share/guile"
  cp -r "$libraries/ccache" "$1/lib/guile/3.0"
}
