#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Make large inputs and measure what they take. usage: run.sh BUILD [TEXTS [FILES]]; what is made stays in $ABNORM_BENCH (default a
# scratch folder that is removed).
set -eu
build=$1
texts=${2:-100000}
files=${3:-6700}
folder=${ABNORM_BENCH:-}
[ -n "$folder" ] || { folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; }
mkdir -p "$folder/universe"
[ -d "$folder/texts" ] || python3 tests/load/make_texts.py "$folder/texts" "$texts"
[ -f "$folder/universe/S0000.csv" ] || "$build/bench/make_quotes" folder "$folder/universe" "$files" 2985
awk -v files="$files" 'BEGIN { print "event_id,symbol,event_date"
    for (i = 0; i < 20000; i++) printf "e%d,S%04d,%04d-%02d-%02d\n", i, i * 7 % files, 2013 + i % 10, 1 + i % 12, 1 + i % 28 }' \
    >"$folder/events.csv"
python3 tests/load/load.py "$build/abnorm" "$folder/texts" "$folder/universe" "$folder/events.csv" "$folder"
