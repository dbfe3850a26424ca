#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzz each built target for SEC seconds from its seeds and what earlier runs found worth keeping.
# usage: run.sh BUILD SEC [NAME...]   one line a target; exit 1 when something was found
build=$1 sec=$2
shift 2
top=$(dirname "$0")
sh "$top/seeds.sh" "$build/seeds"
mkdir -p "$build/found"
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 UBSAN_OPTIONS=print_stacktrace=1
[ $# -gt 0 ] || set -- $(ls "$top" | sed -n 's/^fuzz_\(.*\)\.c$/\1/p')
bad=0
printf '%-12s %12s %8s %9s %8s\n' target executions a_second coverage corpus
for name; do
    mkdir -p "$build/corpus/$name" "$build/seeds/$name"
    dict=
    [ -f "$top/dict/$name" ] && dict=-dict=$top/dict/$name
    log=$build/$name.log
    "$build/fuzz_$name" $dict -max_total_time="$sec" -max_len="${MAX_LEN:-8192}" -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$build/found/$name-" "$build/corpus/$name" "$build/seeds/$name" \
        >"$log" 2>&1
    code=$?
    awk -v name="$name" '/stat::number_of_executed_units/ { runs = $2 } /stat::average_exec_per_sec/ { rate = $2 }
        / cov: / { for (i = 1; i < NF; i++) { if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corp = $(i + 1) } }
        END { printf "%-12s %12d %8d %9d %8s\n", name, runs, rate, cov, corp }' "$log"
    if [ $code -ne 0 ]; then
        bad=1
        echo "$name: found something, see $log"
        grep -E -m 3 '^SUMMARY|does not hold|ERROR:' "$log"
    fi
done
exit $bad
