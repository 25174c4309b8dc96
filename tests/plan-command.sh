# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# strata plan: the plan that strata pack makes, why, in text, JSON, pictures and
# pages; pages are looked at in a real browser.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/browser.sh"
need_program strata jq
use_demo_store
store=--store-root=$demo_store

# packed_layers OPTION...: the layers of `strata pack -n`, those of items, as
# lines of a number and a name, sorted.
packed_layers ()
{
  strata pack -n -v 0 "$store" "$@" | awk '
    $1 ~ /^[0-9]+$/ && NF == 4 { layer = $1; print layer, $4; next }
    NF == 1 && layer { print layer, $1 }' |
    grep /gnu/store/ | sort
}

# planned_layers OPTION...: the same of `strata plan`.
planned_layers ()
{
  strata plan --format=json "$store" "$@" |
    jq -r '.layers[] | .number as $n | .items[] | "\($n) \(.path)"' | sort
}

for options in "hello" "bash hello" "--max-layers=4 bash coreutils" \
               "--max-layers=1 hello" "--strategy=popularity bash" \
               "--strategy=size --max-layers=5 coreutils" \
               "--strategy=expected --max-layers=6 bash coreutils hello"; do
  # shellcheck disable=SC2086  # a list of words
  is "the plan that strata pack makes: $options" \
    "$(planned_layers $options)" "$(packed_layers $options)"
done
like "there are such plans" "$(planned_layers hello)" "^1 /gnu/store/"

# --- Items are not read.

cp -a "$demo_store" "$tmp/store"
chmod -R u+w "$tmp/store"
strata plan "$store" bash hello >"$tmp/whole"
for item in "$tmp"/store/gnu/store/*-libc6-*; do
  rm -rf "$item"
  mkdir "$item"
done
strata plan --store-root="$tmp/store" bash hello >"$tmp/hollow"
same "items are not read" "$tmp/whole" "$tmp/hollow"

# --- Text.

run_strata plan "$store" --max-layers=5 bash coreutils hello
is "text: status" "$status" 0
is "text: no messages" "$err" ""
is "text: 80 columns" "$(awk 'length > 79' "$tmp/.out")" ""
like "text: heads" "$out" "^ *layer +size +rebuilt +grafted +why +items$"
like "text: a layer" "$out" "^ +1 .* [KM]iB .* (alone|together|joined) "
like "text: words are explained" "$out" "^alone: it is one item$"
like "text: totals" "$out" "^4 layers of [0-9]+ items, .*; strategy "
like "text: averages" "$out" "^the average update of one item re-sends"

# --- JSON.

run_strata plan "$store" --max-layers=5 --format=json bash coreutils hello
is "JSON: status" "$status" 0
is "JSON: no messages" "$err" ""
echo "$out" >"$tmp/plan.json"
# holds NAME FILTER: the filter is true of the report.
holds ()
{
  is "JSON: $1" "$(jq "$2" "$tmp/plan.json")" true
}
holds "version" '.version == 1'
holds "number of layers" '.max_layers == 5 and (.layers | length) == 4'
holds "sizes add up" '([.layers[].size] | add) == .size'
holds "sizes of items add up" \
  'all(.layers[]; ([.items[].size] | add) == .size)'
holds "averages add up" \
  '([.layers[].sent.rebuilt] | add) == .sent.rebuilt and
   ([.layers[].sent.grafted] | add) == .sent.grafted'
holds "no plan is better than the bound" \
  '.least.rebuilt <= .sent.rebuilt and .least.grafted <= .sent.grafted'
holds "what was not asked for is null" \
  '[.update, .explanation, .fleet, .curve] | all(. == null)'

# --- What one change does.

run_strata plan "$store" --max-layers=5 --explain=bash bash coreutils hello
like "explained: where it is" "$out" "^'.*-bash-[0-9.]+' is in layer [1-4]$"
like "explained: bound" "$out" "change: at least .* must be sent"
strata plan "$store" --max-layers=5 --format=json --explain=libc6 \
  bash coreutils hello >"$tmp/plan.json"
holds "explained: all that depends on it" \
  '(.explanation.rebuilt.items | length) > 5'
holds "explained: a graft changes no more than all" \
  '.explanation | .grafted.layer_size <= .rebuilt.layer_size and
   .grafted.item_size <= .rebuilt.item_size'
holds "explained: layers hold at least the items" \
  '.explanation.rebuilt | .item_size <= .layer_size'
holds "explained: layers are numbers of layers" \
  '. as $plan | .explanation.rebuilt.layers |
   all(. as $n | any($plan.layers[]; .number == $n))'
holds "explained: bytes are those of the layers" \
  '.explanation.rebuilt as $change | $change.layer_size ==
   ([.layers[] | select(.number as $n | $change.layers | index($n)) | .size] |
    add)'
# Once the profile that is made for the image was no item.
profile=$(jq -r '.layers[].items[].path | select(endswith("-profile"))' \
  "$tmp/plan.json")
for item in "$profile" profile; do
  run_strata plan "$store" --max-layers=5 --explain="$item" bash coreutils hello
  like "explained: ${item##*/}" "$status:$out" "^0:'$profile' is in layer [1-4]$"
done
fails "explained: an item that is not in the image" \
  "is not an item of the image" \
  plan "$store" --explain=coreutils hello

# --- The previous image, siblings, and other numbers of layers.

few=(--strategy=expected --max-layers=5)
strata plan "$store" "${few[@]}" --plan-file="$tmp/old.json" bash hello \
  >/dev/null
run_strata plan "$store" "${few[@]}" --previous="$tmp/old.json" bash coreutils
like "previous: what is kept" "$out" "^of the previous image [1-9]"
like "previous: why" "$out" " kept  libc6-"
strata plan "$store" "${few[@]}" --format=json --previous="$tmp/old.json" \
  bash coreutils >"$tmp/plan.json"
holds "previous: layers are kept" \
  '.update.kept_layers == ([.layers[] | select(.reason == "kept")] | length) and
   .update.kept_layers > 0'
holds "previous: the others are sent" \
  '.update.sent_size ==
   ([.layers[] | select(.reason != "kept") | .size] | add)'
is "previous: the plan that strata pack makes" \
  "$(planned_layers "${few[@]}" --previous="$tmp/old.json" bash coreutils)" \
  "$(packed_layers "${few[@]}" --previous="$tmp/old.json" bash coreutils)"

printf '%s\n' 'one bash hello' '# two has more' 'two coreutils bash' \
  >"$tmp/fleet"
run_strata plan "$store" "${few[@]}" --fleet="$tmp/fleet" bash hello
like "fleet: heads" "$out" "^ *layers +size +shared +of size +image$"
like "fleet: an image" "$out" "  two$"
like "fleet: sums" "$out" "^stored: .*\(at least .*"
is "fleet: 80 columns" "$(awk 'length > 79' "$tmp/.out")" ""
table=$(sed -n '/ image$/,$p' "$tmp/.out")
run_strata plan "$store" "${few[@]}" --fleet="$tmp/fleet"
is "fleet alone: its table" "$status:$out" "0:$table"
run_strata plan "$store" "${few[@]}" --fleet=/dev/null
like "fleet alone: without images" "$status:$err" "^1:.*no images"
strata plan "$store" "${few[@]}" --format=json --fleet="$tmp/fleet" \
  bash hello >"$tmp/plan.json"
holds "fleet: images" '[.fleet.images[].name] == ["one", "two"]'
holds "fleet: layers are shared" 'all(.fleet.images[]; .shared_layers > 0)'
holds "fleet: sums" \
  '.fleet | .unique_size <= .stored_size and .stored_size < .sum_size and
   .sum_size == ([.images[].size] | add)'
# As another image computes it.
strata plan "$store" "${few[@]}" --format=json --fleet="$tmp/fleet" \
  coreutils bash | jq .fleet >"$tmp/other.json"
jq .fleet "$tmp/plan.json" >"$tmp/one.json"
same "fleet: each image computes the same" "$tmp/one.json" "$tmp/other.json"
strata plan "$store" "${few[@]}" --format=json --sibling=coreutils hello \
  >"$tmp/plan.json"
holds "sibling: the image comes first" \
  '[.fleet.images[].name] == ["hello", "coreutils"]'

strata plan "$store" "${few[@]}" --format=json --sibling=coreutils \
  --sibling=coreutils hello | jq .fleet >"$tmp/twice.json"
jq .fleet "$tmp/plan.json" >"$tmp/once.json"
same "sibling: twice is as once" "$tmp/once.json" "$tmp/twice.json"

# With few layers, none is kept in reserve: what is in common is shared.
printf '%s\n' 'a coreutils' 'b bash' 'c hello' >"$tmp/three"
strata plan "$store" --format=json --max-layers=3 --fleet="$tmp/three" \
  >"$tmp/plan.json"
holds "fleet of few layers: all are used" \
  'all(.fleet.images[]; .layers == 2 and .shared_layers > 0)'

# The curve begins with one layer above those of the base image.
strata pack "$store" -v 0 --max-layers=2 -o "$tmp/base.tar" hello >/dev/null
strata plan "$store" --format=json --curve --base="$tmp/base.tar" bash \
  >"$tmp/plan.json"
holds "curve: above a base image" '.curve[0].max_layers == 3'

run_strata plan "$store" "${few[@]}" --curve --svg="$tmp/curve.svg" \
  --html="$tmp/curve.html" --sibling=coreutils bash hello
is "curve: status" "$status" 0
like "curve: heads" "$out" "^ *layers +rebuilt +grafted +stored$"
is "curve: 1 to 125" \
  "$(awk '$1 ~ /^[0-9]+$/ && NF == 7 { print $1 }' "$tmp/.out")" "$(seq 125)"
strata plan "$store" "${few[@]}" --format=json --curve bash hello \
  >"$tmp/plan.json"
holds "curve: as the plan of 5 layers" \
  '.sent == (.curve[] | select(.max_layers == 5) | {rebuilt, grafted})'
holds "curve: never below the bound" \
  '.least as $least | all(.curve[]; .rebuilt >= $least.rebuilt and
                                    .grafted >= $least.grafted)'
holds "curve: all layers are better than one" \
  '.curve[0].rebuilt > .curve[-1].rebuilt'
holds "curve: nothing is stored without siblings" \
  'all(.curve[]; .stored == null)'

# Once the curve was left out.
run_strata plan "$store" "${few[@]}" --curve --explain=bash bash hello
like "curve: with an explanation" "$out" "^'.*-bash-[0-9.]+' is in layer [1-4]$"
like "curve: after the explanation" "$out" "^ *layers +rebuilt +grafted$"

# The curve begins with the first number of layers that the rules allow.
printf 'layer %s %s*\n' libc libc6 shell bash >"$tmp/rules"
strata plan "$store" --format=json --curve --strategy=manual \
  --rules="$tmp/rules" bash hello >"$tmp/plan.json"
holds "rules: why" '[.layers[] | select(.reason == "named")] | length == 2'
holds "curve: with rules" \
  '.curve[0].max_layers == 4 and .curve[-1].max_layers == 125'

# A fleet is read once, so that it may be a pipe.
is "fleet: a pipe" \
  "$(strata plan "$store" "${few[@]}" --fleet=<(cat "$tmp/fleet"))" \
  "$(strata plan "$store" "${few[@]}" --fleet="$tmp/fleet")"

# An image that is in its own fleet is counted once, as it is planned.
strata plan "$store" "${few[@]}" --max-layers=3 --plan-file="$tmp/few.json" \
  bash hello >/dev/null
strata plan "$store" "${few[@]}" --format=json --curve --fleet="$tmp/fleet" \
  --previous="$tmp/few.json" bash hello >"$tmp/plan.json"
holds "fleet: the previous image counts" \
  '.fleet.images[0].layers == (.layers | length)'
holds "fleet: stored as the curve says" \
  '.fleet.stored_size == (.curve[] | select(.max_layers == 5) | .stored)'
holds "fleet: no more than all images" '.fleet | .stored_size <= .sum_size'

# --- Pictures and pages.

# well_formed FILE: what is in FILE is XML.
well_formed ()
{
  guile --no-auto-compile -c '
    (use-modules (sxml simple))
    (call-with-input-file (cadr (command-line))
      (lambda (port)
        (set-port-encoding! port "UTF-8")
        (let ((line (read-char port)))
          (unread-char line port)
          (xml->sxml port))))' "$1"
}
need_program guile
run_strata plan "$store" --svg="$tmp/plan.svg" --html="$tmp/plan.html" \
  --max-layers=6 bash coreutils hello
is "picture and page: status" "$status" 0
ok "the picture is XML" well_formed "$tmp/plan.svg"
ok "the curve is XML" well_formed "$tmp/curve.svg"
# A parser of XML does not read the line that makes it HTML.
sed 1d "$tmp/plan.html" >"$tmp/page.xml"
ok "the page is XML" well_formed "$tmp/page.xml"
sed 1d "$tmp/curve.html" >"$tmp/page.xml"
ok "the page with a curve is XML" well_formed "$tmp/page.xml"
not_ok "the page loads nothing" \
  grep -qE '(src|href)=|url\((https?:|//)|@import' "$tmp/plan.html"
like "the picture has a title" "$(cat "$tmp/plan.svg")" \
  "<title id=\"layers-title\">"
like "the picture has a description" "$(cat "$tmp/plan.svg")" "<desc id="
strata plan "$store" --html="$tmp/again.html" --max-layers=6 \
  bash coreutils hello >/dev/null
same "the same page again" "$tmp/plan.html" "$tmp/again.html"

strata plan "$store" --html=- --max-layers=6 bash coreutils hello \
  >"$tmp/stdout.html"
same "a page on standard output is there alone" "$tmp/plan.html" \
  "$tmp/stdout.html"
for option in --explain=bash --plan-file=p --previous=p --svg=p --html=p; do
  fails "fleet alone: ${option%=*}" "option '${option%=*}' needs an ITEM" \
    plan "$store" --fleet="$tmp/fleet" "$option"
done

fails "unknown format" "unknown format 'xml'" \
  plan "$store" --format=xml hello
fails "missing item" "missing item" plan "$store"
fails "no such item" "nothing" plan "$store" nothing-like-this
fails "no such folder" "cannot" \
  plan "$store" --svg="$tmp/none/plan.svg" hello
fails "one file for both" "both picture and page" \
  plan "$store" --svg="$tmp/both" --html="$tmp/both" hello
not_ok "nothing is left of it" test -e "$tmp/both"
mkdir "$tmp/folder"
fails "a folder in the way" "cannot" \
  plan "$store" --html="$tmp/folder" hello
is "no temporaries" "$(find "$tmp" -maxdepth 1 -name '.*strata*' -o \
                         -path "$tmp/folder/*")" ""

# --- In a browser.

if command -v chromium >/dev/null; then
  page=file://$tmp/plan.html
  dom "$page" >"$tmp/dom"
  all=$(shown_rows <"$tmp/dom" | sort)
  is "browser: a row for each item" "$all" \
    "$(planned_layers --max-layers=6 bash coreutils hello |
       sed -E 's/.*[0-9a-z]{32}-//' | sort)"
  like "browser: the search is there" "$(grep -o '<form[^>]*>' "$tmp/dom")" \
    'id="search"'
  not_ok "browser: and can be seen" grep -q '<form[^>]* hidden' "$tmp/dom"
  ok "browser: tables can be sorted" grep -q '<button type="button">' "$tmp/dom"
  dom "$page#search=hello" >"$tmp/dom"
  is "browser: a search" "$(shown_rows <"$tmp/dom")" \
    "$(grep '^hello' <<<"$all")"
  like "browser: what was found" \
    "$(grep -o '<output[^/]*/output>' "$tmp/dom")" ">1 of [0-9]+ items<"
  is "browser: the tile is marked" "$(grep -o 's-tile s-hit' "$tmp/dom")" \
    "s-tile s-hit"
  # (It prints no page where it may not run scripts.)
  sed 's/<script>/\n&/' "$tmp/plan.html" | sed '/^<script>/,/<\/script>/d' \
    >"$tmp/static.html"
  dom "file://$tmp/static.html#search=hello" >"$tmp/dom"
  is "browser without scripts: all rows" \
    "$(shown_rows <"$tmp/dom" | sort)" "$all"
  ok "browser without scripts: no search" \
    grep -q '<form[^>]* hidden' "$tmp/dom"
  browse --screenshot="$tmp/page.png" "$page" >/dev/null
  ok "browser: a screenshot" test -s "$tmp/page.png"
elif [ "${CI-}" = true ]; then
  result no "a browser to look at pages"
else
  skip "pages in a browser" "chromium is missing"
fi

# A pipe is written to, and stays.
mkfifo "$tmp/pipe"
strata plan "$store" --svg="$tmp/pipe" hello >/dev/null &
like "a picture goes into a pipe" "$(timeout 60 cat "$tmp/pipe")" "</svg>"
wait
ok "the pipe stays" test -p "$tmp/pipe"

plan
