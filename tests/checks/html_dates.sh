#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Publication days of labelled web pages, where they are at hand: at least nine in ten right, none in the future.
abnorm=${BUILD:-build}/abnorm
shared=$(sh tests/tools/shared.sh)
if [ -z "$shared" ] || [ ! -f "$shared/html/pages.tar.xz" ] || ! command -v xz >/dev/null; then
    echo "1..0 # SKIP no labelled pages here"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -xJf "$shared/html/pages.tar.xz" -C "$work"
"$abnorm" extract -q -o "$work/out" "$work/pages" >"$work/log" 2>&1
code=$?
sed 's/.*"doc": "\([^"]*\)", "published": "\([^"]*\)".*/\1 \2/' "$shared/html/gold.jsonl" >"$work/gold"
# Titles may hold commas: the day is the first field that looks like one, and its basis follows.
awk -v today="$(date -u +%F)" 'NR == FNR { gold[$1] = $2; n++; next }
    { doc = $0; sub(/,.*/, "", doc); got = ""; basis = ""
      if (match($0, /,[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9],[a-z]+,/)) {
          got = substr($0, RSTART + 1, 10); basis = substr($0, RSTART + 12, RLENGTH - 13) }
      right += doc in gold && got == gold[doc]; future += got > today
      stated += got != "" && (basis == "metadata" || basis == "text"); dated += got != "" }
    END { print n + 0, right + 0, future + 0, dated - stated }' "$work/gold" "$work/out/documents.csv" >"$work/score"
read -r n right future other <"$work/score"
echo "1..4"
check() { [ "$1" -ne 0 ] && echo "ok $2" || { echo "not ok $2"; cat "$work/log" "$work/score" | sed 's/^/# /'; }; }
check $((code == 0)) "1 - every page is read"
check $((right * 10 >= n * 9 && n > 0)) "2 - the day of $right of $n pages is right"
check $((future == 0)) "3 - no page is from the future"
check $((other == 0)) "4 - each day says whether metadata or the text states it"
