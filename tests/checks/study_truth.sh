#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The command study against published samples, every column with a counterpart.
shared=$(sh tests/tools/shared.sh)
[ -n "$shared" ] || { echo "1..0 # SKIP no reference material"; exit 0; }
truth=$shared/truth
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0

# truth file, model, tolerance, columns left out: names of columns that differ, or how many were compared
compare() {
    awk -F, -v model="$2" -v limit="$3" -v without="$4" '
    BEGIN {
        m = split("csect_t:cross_sectional_t:value csect_t_p:cross_sectional_t:p AAR:cross_sectional_t:estimate " \
            "CAAR:cross_sectional_t:estimate cda_t_ddof1:cda_t:value cda_t_p:cda_t:p bw80_indep_t:brown_warner_1980_t:value " \
            "patell_z:patell_z:value patell_z_p:patell_z:p adj_patell_z:adjusted_patell_z:value bmp_t:bmp_t:value " \
            "bmp_t_p:bmp_t:p adj_bmp_t:kolari_pynnonen_t:value adj_bmp_t_p:kolari_pynnonen_t:p sign_z:sign_z:value " \
            "gsign_z_meanp:generalised_sign_z:value rank_z:rank_z:value rank_z_cz:corrado_zivney_z:value " \
            "skew_t:skewness_t:value wilcoxon_W:wilcoxon_z:estimate wilcoxon_z:wilcoxon_z:value grank_t:grank_t:value " \
            "grank_z:grank_z:value ABHAR:bhar_t:estimate abhar_t:bhar_t:value " \
            "sign_stat:sign_z:value gsign_stat:generalised_sign_z:value rank_stat:rank_z:value mrank_stat:modified_rank_t:value " \
            "wlcx_stat:wilcoxon_z:value bw_1980_stat:brown_warner_1980_t:value bw_1985_stat:cda_t:value " \
            "t_test_stat:cross_sectional_t:value pt_stat:patell_z:value bh_stat:bmp_t:value", pair, " ")
        for (i = 1; i <= m; i++) { split(pair[i], p, ":"); name[p[1]] = p[2]; field[p[1]] = p[3] }
    }
    FNR == 1 { file++; for (i = 1; i <= NF; i++) head[file, i] = $i; next }
    file == 1 {
        if ($1 != "all" || $2 != model) next
        for (i = 6; i <= 10; i++) got[$3 "," $4 "," $5 "," head[1, i]] = $i
        next
    }
    {
        a = head[2, 1] == "date" ? FNR - 2 : $1; b = head[2, 1] == "a" ? $2 : a
        if (head[2, 1] == "a" && a == b) next # a day: the other table has it
        for (i = 1; i <= NF; i++) {
            c = head[2, i]
            if (!(c in name) || $i == "" || index(without, c)) continue
            v = got[a "," b "," name[c] "," field[c]]
            gap = v - $i; if (gap < 0) gap = -gap
            size = $i < 0 ? -$i : $i; if (size < 1e-4) size = 1
            if (v == "" || gap > limit * size) print c " " a ":" b " " v " not " $i
            compared++
        }
    }
    END { print "compared " compared + 0 > "/dev/stderr" }' "$work/out/tests.csv" "$1" 2>"$work/count"
}
check() { # what, truth file, model, tolerance, columns left out
    n=$((n + 1))
    bad=$(compare "$2" "$3" "$4" "${5:-none}")
    count=$(sed -n 's/^compared //p' "$work/count")
    if [ -z "$bad" ] && [ "${count:-0}" -gt 0 ]; then echo "ok $n - $1: $count numbers"; else
        echo "not ok $n - $1 ($count compared)"
        printf '%s\n' "$bad" | sed 's/^/# /' | head -n 20
    fi
}
study() { "${ABNORM:-build/abnorm}" study --kp-align event --digits 17 --replicates 0 -q -o "$work/out" "$@"; }

s=$truth/sp500_example
for kind in simple log; do
    [ $kind = log ] && log=--log || log=
    study --events "$s/events.csv" --quotes "$s/firm_prices.csv" --market "$s/market_prices.csv" \
        --estimation=-130:-11 --event-window=-2:2 --windows=-2:2,-1:1,0:1 --model market,mean,market_adjusted $log
    # There, buy-and-hold returns compound log returns as if they were simple.
    [ $kind = log ] && out="ABHAR abhar_t" || out=none
    for pair in mm:market mean:mean madj:market_adjusted; do
        for table in aar caar; do
            check "index additions, $kind, ${pair#*:}, $table" "$s/A_${kind}_${pair%:*}_$table.csv" "${pair#*:}" 1e-9 "$out"
        done
    done
done
s=$truth/gafam_10k
study --events "$s/events.csv" --quotes "$s/returns.csv" --returns --factors "$s/ff3_decimal.csv" --estimation=-235:-36 \
    --event-window=-5:10 --windows=-5:10,-1:1,0:1,-5:5 --model market,mean,ff3
for pair in mm:market mean:mean ff3:ff3; do
    for table in aar caar; do check "reports, ${pair#*:}, $table" "$s/${pair%:*}_$table.csv" "${pair#*:}" 1e-9; done
done
s=$truth/estudy2
echo event_id,symbol,event_date >"$work/events.csv"
for f in AMZN ZM UBER NFLX SHOP FB UPWK; do echo "$f,$f,2020-03-16"; done >>"$work/events.csv"
seven() {
    study --events "$work/events.csv" --quotes "$s/input/prices.csv" --market "$s/input/prices_indx.csv" \
        --estimation=-240:-1 --event-window=0:4 --windows=0:4 --log --model market,mean,market_adjusted "$@"
}
seven
for pair in sim:market mean_adj:mean mrkt_adj:market_adjusted; do
    check "seven firms, ${pair#*:}" "$s/parametric_${pair%:*}.csv" "${pair#*:}" 1e-10 "pt_stat bh_stat"
done
seven --as estudy2
for pair in sim:market mean_adj:mean mrkt_adj:market_adjusted; do
    for table in parametric nonparametric; do
        check "seven firms by estudy2's conventions, ${pair#*:}, $table" "$s/${table}_${pair%:*}.csv" "${pair#*:}" 1e-10
    done
done
echo "1..$n"
