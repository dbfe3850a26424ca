#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Loading quotes: 20 million rows in 6,700 files, and one long file beside data.table's fread where R
# is installed. usage: quotes.sh [FILES]; figures go to stdout. Made files stay in $ABNORM_BENCH (default
# a scratch folder that is removed).
set -eu
BUILD=${BUILD:-build}
files=${1:-6700}
folder=${ABNORM_BENCH:-}
[ -n "$folder" ] || { folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; }
make=$BUILD/bench/make_quotes load=$BUILD/bench/load_quotes
mkdir -p "$folder/universe"
[ -f "$folder/universe/S0000.csv" ] || "$make" folder "$folder/universe" "$files" 2985
[ -f "$folder/long.csv" ] || "$make" long "$folder/long.csv" 500 2500
bytes=$(cat "$folder"/universe/*.csv | wc -c) # which also warms the cache
echo "universe: $files files, $bytes bytes, on 2 threads"
"$load" "$folder/universe" 3 2 | tee "$folder/universe.txt"
awk -v bytes="$bytes" '{ sub(/.*=/, "", $2); sub(/.*=/, "", $4); sub(/.*=/, "", $5)
    printf "universe: %.2f GB/s, peak memory %.3f of the columns\n", bytes / 1e9 / $2, $5 / $4 }' "$folder/universe.txt"
echo "long: $(wc -c <"$folder/long.csv") bytes, on 2 threads"
"$load" "$folder/long.csv" 20 2
if Rscript -e 'library(data.table)' >/dev/null 2>&1; then
    Rscript - "$folder/long.csv" <<'R'
library(data.table)
setDTthreads(2)
path <- commandArgs(TRUE)[1]
taken <- replicate(20, system.time(fread(path))[["elapsed"]])
cat(sprintf("fread: best=%.4fs median=%.4fs\n", min(taken), median(taken)))
R
else
    echo "fread: R's data.table is not installed (r-cran-data.table)"
fi
