# Strata: layered container images from a functional package store.
# Copyright (C) 2026 The Strata authors
# SPDX-License-Identifier: GPL-3.0-or-later

# strata diff: what two images or plans have in common, counted once more from
# their manifests.

. "${top_srcdir:-.}/tests/support/tap.sh" || exit 1
. "$top_srcdir/tests/support/browser.sh"
need_program strata jq guile
use_demo_store
store=--store-root=$demo_store

# pack OUTPUT OPTION... ITEM...
pack ()
{
  strata pack -v 0 "$store" -f oci --image-tag=test --max-layers=6 \
    --plan-file="$tmp/$1.json" -o "$tmp/$1" "${@:2}" >/dev/null
}
pack a bash hello
pack b bash coreutils
a=$tmp/a b=$tmp/b

# blobs LAYOUT: digest and size of each layer.
blobs ()
{
  local manifest
  manifest=$(jq -r '.manifests[0].digest' "$1/index.json")
  jq -r '.layers[] | "\(.digest) \(.size)"' "$1/blobs/sha256/${manifest#*:}"
}
blobs "$a" | sort >"$tmp/a.blobs"
blobs "$b" | sort >"$tmp/b.blobs"
sum ()
{
  awk '{ sum += $2 } END { print sum + 0 }'
}

strata diff --format=json "$a" "$b" >"$tmp/diff.json"
# is_json NAME FILTER EXPECTED
is_json ()
{
  is "$1" "$(jq "$2" "$tmp/diff.json")" "$3"
}
is_json "bytes to pull" .pulled_blob_size \
  "$(comm -13 "$tmp/a.blobs" "$tmp/b.blobs" | sum)"
is_json "bytes in common" .common_blob_size \
  "$(comm -12 "$tmp/a.blobs" "$tmp/b.blobs" | sum)"
is_json "layers in common" '[.after.layers[] | select(.in_both)] | length' \
  "$(comm -12 "$tmp/a.blobs" "$tmp/b.blobs" | grep -c .)"
is_json "there are some" '.common_size > 0 and .pulled_size > 0' true
is_json "the bound" '.least_size > 0 and .least_size <= .pulled_size' true
is_json "sizes add up" \
  '([.after.layers[].size] | add) == .common_size + .pulled_size' true
is_json "the bound is that of new items" \
  '([.before.layers[].items[].path] as $old | [.after.layers[].items[] |
    select(.path as $p | $old | index($p) | not) | .size] | add) ==
   .least_size' \
  true
is_json "items: added" \
  '[.changes[] | select(.before == null) | .after | test("coreutils")] | any' \
  true
is_json "items: removed" \
  '[.changes[] | select(.after == null) | .before | test("hello")] | any' true
is_json "items: built anew" \
  '[.changes[] | select(.before != null and .after != null) | .after |
    test("-profile$")] == [true]' true
is_json "kinds" '[.before.kind, .after.kind] == ["image", "image"]' true

run_strata diff "$a" "$b"
is "text: status" "$status" 0
is "text: 80 columns" "$(awk 'length > 79' "$tmp/.out")" ""
like "text: heads" "$out" "^ *layer +size +shipped +state +items$"
like "text: a layer in both" "$out" " in both  libc6-"
like "text: a layer to pull" "$out" " pulled  .*coreutils-"
like "text: added" "$out" "^added: coreutils-"
like "text: removed" "$out" "^removed: hello-"
like "text: built anew" "$out" "^rebuilt: profile$"
like "text: bound" "$out" "^to pull: .*\(at least .*\)$"

# --- Archives and plans say the same; a plan says nothing of blobs.

strata pack -v 0 "$store" --image-tag=test --max-layers=6 -o "$tmp/b.tar" \
  bash coreutils >/dev/null
is "an archive" "$(strata diff "$a" "$b.tar")" "$(strata diff "$a" "$b")"
strata diff --format=json "$a.json" "$b.json" >"$tmp/diff.json"
is_json "plans: kinds" '[.before.kind, .after.kind] == ["plan", "plan"]' true
is_json "plans: no blobs" \
  '[.pulled_blob_size, .common_blob_size, .after.layers[].diff_id] |
   all(. == null)' true
is_json "plans: the same changes" .changes \
  "$(strata diff --format=json "$a" "$b" | jq .changes)"
is "plan and image" \
  "$(strata diff --format=json "$a.json" "$b" | jq .least_size)" \
  "$(strata diff --format=json "$a" "$b" | jq .least_size)"
strata plan "$store" --max-layers=6 --plan-file="$tmp/plan.json" \
  bash coreutils >/dev/null
same "strata plan saves the plan that strata pack saves" "$b.json" \
  "$tmp/plan.json"

# --- A damaged plan in an image is no reason to say nothing.

strata pack -v 0 "$store" -f oci --image-tag=test --max-layers=6 \
  -o "$tmp/damaged" bash coreutils >/dev/null
digest=$(jq -r '.manifests[0].digest' "$tmp/damaged/index.json")
blob=$tmp/damaged/blobs/sha256
config=$(jq -r .config.digest "$blob/${digest#*:}")
# put FILE: makes it a blob, and prints its digest.
put ()
{
  local new
  new=$(sha256sum "$1" | cut -c 1-64)
  mv "$1" "$blob/$new"
  echo "sha256:$new"
}
jq -c '.config.Labels["org.gnu.strata.plan"] = 5' "$blob/${config#*:}" \
  >"$tmp/config"
size=$(stat -c %s "$tmp/config")
new=$(put "$tmp/config")
jq -c --arg digest "$new" --argjson size "$size" \
  '.config.digest = $digest | .config.size = $size' "$blob/${digest#*:}" \
  >"$tmp/manifest"
size=$(stat -c %s "$tmp/manifest")
new=$(put "$tmp/manifest")
jq -c --arg digest "$new" --argjson size "$size" \
  '.manifests[0].digest = $digest | .manifests[0].size = $size' \
  "$tmp/damaged/index.json" >"$tmp/index"
mv "$tmp/index" "$tmp/damaged/index.json"
run_strata diff --format=json "$b" "$tmp/damaged"
like "a damaged plan: a warning names the image" "$err" \
  "warning: the plan in the image '$tmp/damaged' is not used: "
is "a damaged plan: nothing is to pull" \
  "$status:$(jq .pulled_blob_size "$tmp/.out")" 0:0
run_strata plan "$store" --previous="$tmp/damaged" bash coreutils
like "a damaged plan: its layers serve" "$status:$out" " kept  libc6-"

# --- Equal layers are pulled once.

mkdir "$tmp/equal"
tar -cf "$tmp/equal/layer.tar" -C "$top_srcdir" README
digest=sha256:$(sha256sum "$tmp/equal/layer.tar" | cut -c 1-64)
printf '{"rootfs":{"type":"layers","diff_ids":["%s","%s"]}}' "$digest" \
  "$digest" >"$tmp/equal/config.json"
printf '[{"Config":"config.json","RepoTags":["a:b"],
          "Layers":["layer.tar","layer.tar"]}]' >"$tmp/equal/manifest.json"
tar -cf "$tmp/equal.tar" -C "$tmp/equal" .
strata diff --format=json "$a.json" "$tmp/equal.tar" >"$tmp/diff.json"
is_json "what equal layers hold is new once" '.least_size <= .pulled_size' true
is "equal layers are pulled once" \
  "$(strata diff --format=json "$b" "$tmp/equal.tar" | jq .pulled_blob_size)" \
  "$(stat -c %s "$tmp/equal/layer.tar")"

# --- What is compressed otherwise is pulled.

strata pack -v 0 "$store" -f oci --image-tag=test --max-layers=6 -C zstd \
  -o "$tmp/zstd" bash coreutils >/dev/null
run_strata diff "$b" "$tmp/zstd"
like "compressed otherwise: state" "$out" " recompressed  libc6-"
like "compressed otherwise: bytes" "$out" \
  "^as shipped: .* to pull, 0.0 KiB in common$"
strata diff --format=json "$b" "$tmp/zstd" >"$tmp/diff.json"
is_json "compressed otherwise: layers" \
  'all(.after.layers[]; .in_both and (.same_blob | not))' true

# --- Nothing is pulled where nothing changed.

for image in "$b" "$b.tar" "$b.json"; do
  strata diff --format=json "$b" "$image" >"$tmp/diff.json"
  is_json "the same image: ${image##*/}" \
    '[.pulled_size, .least_size, (.changes | length)]' \
    "$(jq . <<<'[0, 0, 0]')"
done

# --- Pictures and pages.

strata diff --svg="$tmp/diff.svg" --html="$tmp/diff.html" "$a" "$b" >/dev/null
sed 1d "$tmp/diff.html" >"$tmp/page.xml"
for file in diff.svg page.xml; do
  ok "$file is XML" guile --no-auto-compile -c '
    (use-modules (sxml simple))
    (call-with-input-file (cadr (command-line)) xml->sxml
                          #:encoding "UTF-8")' "$tmp/$file"
done
for text in "in both, with its layer" "in both, but pulled" "new: pulled"; do
  ok "the legend: $text" grep -q "$text" "$tmp/diff.svg"
done
if command -v chromium >/dev/null; then
  dom "file://$tmp/diff.html#search=coreutils" >"$tmp/dom"
  like "browser: a search" "$(shown_rows <"$tmp/dom")" "^coreutils-"
  is "browser: nothing else" "$(shown_rows <"$tmp/dom" | grep -c .)" 1
elif [ "${CI-}" = true ]; then
  result no "a browser to look at pages"
else
  skip "pages in a browser" "chromium is missing"
fi

# --- Bad input.

fails "no image" "two images are needed" diff
fails "one image" "two images are needed" diff "$a"
fails "three images" "extra operand" diff "$a" "$b" "$b"
fails "an image that is not there" "none" diff "$a" "$tmp/none"
fails "unknown format" "unknown format" diff --format=svg "$a" "$b"
echo 'not an image' >"$tmp/text"
fails "a text" "text" diff "$a" "$tmp/text"
echo '{"version":1,"layers":[' >"$tmp/broken.json"
fails "a damaged plan" "broken.json" \
  diff --svg="$tmp/broken.svg" "$tmp/broken.json" "$b"
not_ok "no picture of it" test -e "$tmp/broken.svg"
head -c 100000 "$b.tar" >"$tmp/short.tar"
fails "a damaged image" "short.tar" diff --html="$tmp/short.html" "$a" \
  "$tmp/short.tar"
not_ok "no page of it" test -e "$tmp/short.html"

plan
