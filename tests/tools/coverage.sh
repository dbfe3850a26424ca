#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sum what gcov counted below BUILD over the library's files. usage: coverage.sh BUILD
build=$1
top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for data in "$build"/base/*.gcda "$build"/market/*.gcda "$build"/news/*.gcda "$build"/stats/*.gcda "$build"/correlate/*.gcda \
    "$build"/report/*.gcda; do
    (cd "$work" && gcov -b -c -n -s "$top" "$top/$data" 2>/dev/null)
done | awk '
    /^File / { file = $2; gsub(/\x27/, "", file); sub(/.*src\//, "src/", file); lib = file ~ /^src\/.*\.[ch]$/ && !(file in lines) }
    lib && /^Lines executed/ { split($0, a, /[:% ]+/); lines[file] = $NF; hit[file] = a[3] * $NF / 100 }
    lib && /^Branches executed/ { next }
    lib && /^Taken at least once/ { split($0, a, /[:% ]+/); branches[file] = $NF; taken[file] = a[5] * $NF / 100 }
    END {
        for (f in lines) { n += lines[f]; h += hit[f]; b += branches[f]; t += taken[f]
            printf "%6.1f %% of %5d lines, %6.1f %% of %5d branches  %s\n", 100 * hit[f] / lines[f], lines[f],
                   branches[f] ? 100 * taken[f] / branches[f] : 100, branches[f], f }
        printf "%6.2f %% of %5d lines, %6.2f %% of %5d branches  in all\n", 100 * h / n, n, 100 * t / b, b
    }' | sort -n | sed -n '1,25p; $p; / in all$/p' | awk '!seen[$0]++'
