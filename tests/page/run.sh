#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Make the report of a study that has a hostile text among its documents, and look at it in a browser.
# usage: run.sh BUILD [SCREENSHOT-FOLDER]; sets up Chromium, Node and two packages of npm where they are missing.
set -eu
build=$1
shots=${2:-}
here=$(dirname "$0")
work=$build/page
missing=
for program in chromium node npm; do
    command -v $program >/dev/null || missing="$missing $([ $program = node ] && echo nodejs || echo $program)"
done
if [ -n "$missing" ]; then
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    $as_root apt-get update -qq && $as_root apt-get install -y -qq --no-install-recommends $missing >&2
fi
mkdir -p "$work"
[ -d "$work/node_modules/axe-core" ] ||
    (cd "$work" && npm install --no-fund --no-audit --no-save --silent axe-core playwright-core >&2)

rm -rf "$work/study" && mkdir -p "$work/study/texts"
cp seeds/texts/* "$work/study/texts/"
# What an attacker would write: markup in the title, in the text, and in the claim's own quote.
hostile="<script>window.hostile=1</script>"
shown="&lt;script&gt;window.hostile=1&lt;/script&gt;"
printf '<html><head><title>%s Alibaba &lt;img src=x onerror=window.hostile=2&gt;</title></head><body><article><h1>%s Alibaba</h1><p>Alibaba shares in Hong Kong closed up 8.48%% on Wednesday, %s said. "&gt;&lt;svg onload=window.hostile=3&gt;</p></article></body></html>\n' \
    "$shown" "$shown" "$shown" >"$work/study/texts/hostile.html"
sed "s|\"\.\./data|\"$PWD/data|g" seeds/study.json >"$work/study/study.json"
"$build/abnorm" run -q "$work/study/study.json" -o "$work/out" >/dev/null
"$build/abnorm" report -q "$work/out"
HOSTILE=$hostile NODE_PATH=$PWD/$work/node_modules node "$here/check.js" "$work/out/report.html" $shots
