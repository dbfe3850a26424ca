#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A study of made-up events, beside numpy and R's estudy2 where they are installed: runs take turns, the
# best of each counts, and the table shows ratios to ours. Then the engine alone, instructions by stage,
# and with "large" a million events on 5,000 listings of 10,000 days. usage: study.sh [large]
# $PYTHON (default python3), $TURNS (default 5), $ABNORM_BENCH (a folder that keeps what is made).
set -eu
BUILD=${BUILD:-build}
python=${PYTHON:-python3}
turns=${TURNS:-5}
here=$(dirname "$0")
folder=${ABNORM_BENCH:-}
[ -n "$folder" ] || { folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; }
bin=$BUILD/bench

make_data() { # folder, events, listings, days
    [ -f "$1/events.csv" ] || { mkdir -p "$1" && "$bin/make_study" "$1" "$2" "$3" "$4" 1; }
}
study() { # data, further options
    data=$1
    shift
    echo "$BUILD/abnorm study --events $data/events.csv --quotes $data/prices.csv --market $data/market.csv --estimation=-260:-11 --event-window=-10:10 -q -o $data/out $*"
}
turn() { # what, command: one line of figures
    name=$1
    shift
    printf '%s ' "$name" >>"$folder/turns"
    # shellcheck disable=SC2068
    "$bin/clock" $@ >>"$folder/turns" 2>/dev/null || { echo failed >>"$folder/turns"; return 0; }
}

data=$folder/small
make_data "$data" 10000 500 2500
: >"$folder/turns"
numpy=no
"$python" -c 'import numpy, pandas, scipy' 2>/dev/null && numpy=yes || echo "numpy: not installed (python3-numpy python3-pandas python3-scipy)"
t=0
while [ "$t" -lt "$turns" ]; do
    turn abnorm "$(study "$data" --replicates 0)"
    turn one_thread "$(study "$data" --replicates 0 --threads 1)"
    turn resampled "$(study "$data" --replicates 999)"
    [ $numpy = no ] || [ "$t" -ge 3 ] || turn numpy "$python" "$here/study_numpy.py" "$data"
    t=$((t + 1))
done
if Rscript -e 'library(estudy2); library(zoo)' >/dev/null 2>&1; then
    turn estudy2_of_20_events Rscript "$here/study_estudy2.R" "$data" 20
else
    echo "estudy2: not installed (R's package of that name)"
fi
echo "10,000 events on 500 listings of 2,500 days, market model, windows of 250 and 21 days:"
awk '$2 == "failed" { print $1 ": failed"; next }
    !($1 in wall) { order[++n] = $1; wall[$1] = $2; cpu[$1] = $3 }
    { if ($2 < wall[$1]) wall[$1] = $2; if ($3 < cpu[$1]) cpu[$1] = $3; if ($4 > most[$1]) most[$1] = $4 }
    END { printf "%-22s %9s %9s %9s %9s\n", "", "seconds", "of cpu", "MB", "ratio"
        for (i = 1; i <= n; i++) { k = order[i]
            printf "%-22s %9.3f %9.3f %9.0f %9.2f\n", k, wall[k], cpu[k], most[k], wall[k] / wall["abnorm"] } }' "$folder/turns"

"$bin/study_engine" 10000 500 2500 2

if command -v valgrind >/dev/null 2>&1; then
    few=$folder/few
    make_data "$few" 400 40 1000
    # shellcheck disable=SC2046
    valgrind --tool=callgrind --callgrind-out-file="$folder/calls" $(study "$few" --replicates 0 --threads 1) >/dev/null 2>&1
    echo "instructions by stage, 400 events on 40 listings of 1,000 days:"
    callgrind_annotate --inclusive=yes --threshold=100 --auto=no "$folder/calls" 2>/dev/null | awk '
        BEGIN { k = split("parse:abn_quotes_load place:abn_study_place fit:abn_panel_fit tests:abn_tests_run print:abn_csv_block hash:abn_sha256_file write:abn_output_write", p, " ") }
        /PROGRAM TOTALS/ { v = $1; gsub(",", "", v); all = v }
        { for (i = 1; i <= k; i++) { split(p[i], q, ":"); if (index($0, ":" q[2] " ") && !(i in seen)) { v = $1; gsub(",", "", v); seen[i] = v } } }
        END { for (i = 1; i <= k; i++) { split(p[i], q, ":"); printf "%-8s %12.0f %5.1f %%\n", q[1], seen[i], 100 * seen[i] / all }
            printf "%-8s %12.0f\n", "all", all }'
else
    echo "instructions: valgrind is not installed"
fi

[ "${1:-}" = large ] || exit 0
large=$folder/large
make_data "$large" 1000000 5000 10000
if [ ! -d "$large/part" ]; then
    mkdir "$large/part"
    head -n 10001 "$large/events.csv" >"$large/part/events.csv"
    ln -s ../prices.csv ../market.csv "$large/part/"
fi
: >"$folder/turns"
turn events_10000 "$(study "$large/part" --replicates 0)"
turn events_1000000 "$(study "$large" --replicates 0)"
echo "5,000 listings of 10,000 days:"
awk '{ printf "%-22s %9.2f s, %9.2f of cpu, %6.0f MB\n", $1, $2, $3, $4 }' "$folder/turns"
"$bin/study_engine" 1000000 5000 10000 2
